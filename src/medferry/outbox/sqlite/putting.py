"""`put`: a family of rows over the only border that matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from medferry.clock import ZONE
from medferry.events import BatchStored, Event
from medferry.outbox.outbox import PutResult
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.payload import chunks, packed
from medferry.outbox.sqlite.placing import Arrival, Head, OpenVersion, first_head, head_after, place
from medferry.outbox.sqlite.reading import Reason, Stream, Value, mark_ids, shorts, to_ms
from medferry.outbox.sqlite.store import Store
from medferry.records import Family, KeyedRows, State

LIVE_FOR = timedelta(days=1)  # a row read ahead of its cursor that is older than this is back-fill
LANE_STEP = 1_000_000_000
TIER_STEP = 1_000_000  # streams per tier


@dataclass(slots=True)
class _Kept:
    """A row that became a version."""

    position: int
    seq: int
    state: State
    source_time: int
    prev_seq: int | None
    size: int = 0  # bytes of the canonical row
    parents: Sequence[int] = ()


@dataclass(slots=True)
class _Work:
    """What one round of rows changes."""

    kept: list[_Kept] = field(default_factory=list)
    heads: dict[bytes, Head] = field(default_factory=dict)  # of keys that got a version
    head_ids: dict[bytes, int] = field(default_factory=dict)
    overtaken: list[OpenVersion] = field(default_factory=list)
    seen_again: dict[int, int] = field(default_factory=dict)  # position -> open held version it repeats
    unchanged: int = 0


class Putting:
    """One family on its way into the ledger, inside an open transaction.

    blobs  per table the chunks of all its rows as from sequence 0, compressed before the transaction began: used when
           every row is kept, as nearly always
    """

    def __init__(
        self,
        store: Store,
        tiers: Mapping[str, int],
        family: Family,
        blobs: Sequence[Sequence[tuple[int, int, bytes]]],
    ) -> None:
        self._blobs = blobs
        self._store = store
        self._tiers = tiers
        self._family = family
        self._batch_no = store.next_batch
        self._first_seq = store.next_seq
        wall = family.read_at.astimezone(ZONE).replace(tzinfo=None)
        self._live_from = int((wall - LIVE_FOR).strftime("%Y%m%d%H%M%S"))
        self._tallies: Counter[tuple[int, str]] = Counter()
        self.written: list[
            tuple[int, list[bytes]]
        ] = []  # first sequence and rows, as the payload's chunks begin

    def put(self, events: Sequence[Event]) -> dict[str, PutResult]:
        store, family = self._store, self._family
        route_id = store.route_id(family.route)
        results: dict[str, PutResult] = {}
        for rows, blobs in zip(family.tables, self._blobs, strict=True):
            result = self._put_rows(rows, blobs)
            results[rows.table] = _sum(results.get(rows.table, PutResult()), result)
        store.many("add_tally", [(stream, state, count) for (stream, state), count in self._tallies.items()])
        marks = family.marks
        ids = mark_ids(family.route, marks.key_hashes)
        store.many("set_mark", sorted(dict(zip(ids, shorts(marks.digests), strict=True)).items()))
        if family.cursor is not None:
            place_text = orjson.dumps([family.cursor.changed_at, *family.cursor.key]).decode()
            store.run("set_cursor", (route_id, family.loop, place_text))
        store.run(
            "add_batch",
            (
                self._batch_no, family.batch_id, route_id, family.loop, to_ms(family.read_at), store.now_ms,
                family.rows_read, family.rows_unchanged,
            ),
            day=store.day,
        )  # fmt: skip
        store.next_batch += 1
        total = PutResult()
        for result in results.values():
            total = _sum(total, result)
        stored = BatchStored(
            family.route,
            family.batch_id,
            total.new,
            total.unchanged,
            total.held,
            total.superseded,
            total.waiting,
        )
        write_events(store, [*events, stored])
        return results

    def _put_rows(self, rows: KeyedRows, blobs: Sequence[tuple[int, int, bytes]]) -> PutResult:
        stream_id = self._store.stream_id(Stream(rows.table, rows.campus, rows.org_code, rows.edition))
        result = PutResult()
        findings = _findings_by_row(rows)
        for positions in _rounds(rows.key_hashes):
            work = self._judge(rows, positions)
            self._write_heads(work)
            self._gate(rows, work)
            self._overtake(work.overtaken)
            self._write_versions(rows, stream_id, work, blobs)
            self._write_queue(rows, stream_id, work)
            self._write_findings(work, findings)
            held = sum(one.state is State.HELD for one in work.kept)
            stale = sum(one.state is State.SUPERSEDED for one in work.kept)
            if stale:
                self._tallies[stream_id, State.SUPERSEDED] += stale
            waiting = sum(one.state is State.WAITING_PARENT for one in work.kept)
            result = _sum(
                result,
                PutResult(len(work.kept), work.unchanged, held, stale + len(work.overtaken), waiting),
            )
        return result

    def _judge(self, rows: KeyedRows, positions: Sequence[int]) -> _Work:
        """Decides for rows of different keys, from two reads of the ledger."""
        store, work = self._store, _Work()
        found = store.among("heads_among", shorts([rows.key_hashes[position] for position in positions]))
        work.head_ids = {row[0]: row[1] for row in found}
        heads = {row[0]: Head(*row[2:]) for row in found if row[2] is not None}
        open_versions: dict[int, list[OpenVersion]] = {}
        for head_id, *version in store.among("open_among", [row[1] for row in found]):
            version[1] = State(version[1])
            open_versions.setdefault(head_id, []).append(OpenVersion(*version))
        seq = store.next_seq
        for position in positions:
            key_hash, sound = rows.key_hashes[position], rows.sound[position]
            time, digest = _order_time(rows.source_times[position]), rows.digests[position]
            head = heads.get(key_hash)
            if head is None:
                state, prev = (State.READY if sound else State.HELD), None
                work.heads[key_hash] = first_head(seq, time, digest, sound)
            else:
                arrival = Arrival(time, digest, sound)
                placement = place(
                    arrival, head, open_versions.get(work.head_ids[key_hash], ()), self._first_seq
                )
                work.overtaken += placement.overtakes
                if placement.state is None:
                    work.unchanged += 1
                    if placement.overtakes:
                        work.heads[key_hash] = head._replace(newest_digest=arrival.digest, newest_sound=1)
                    if placement.same_as is not None:
                        work.seen_again[position] = placement.same_as
                    continue
                state, time, prev = placement.state, placement.source_time, head.last_seq
                work.heads[key_hash] = head_after(head, seq, arrival, time)
            work.kept.append(_Kept(position, seq, state, time, prev))
            seq += 1
        store.next_seq = seq
        return work

    def _write_heads(self, work: _Work) -> None:
        """New keys in the order of their hashes: the index on hashes is then written page by page."""
        known = [(*head, work.head_ids[key]) for key, head in work.heads.items() if key in work.head_ids]
        self._store.many("set_head", known)
        fresh = list(work.heads.keys() - work.head_ids.keys())
        work.head_ids |= self._add_heads("add_head", fresh, work.heads)

    def _add_heads(self, name: str, keys: Sequence[bytes], heads: Mapping[bytes, Head]) -> dict[bytes, int]:
        """Gives new keys their numbers."""
        first_id = self._store.next_head
        self._store.next_head += len(keys)
        in_order = sorted(zip(shorts(keys), keys, strict=True))
        self._store.many(
            name, [(first_id + n, short, key, *heads.get(key, ())) for n, (short, key) in enumerate(in_order)]
        )
        return {key: first_id + n for n, (_, key) in enumerate(in_order)}

    def _gate(self, rows: KeyedRows, work: _Work) -> None:
        """A row waits for every parent that the platform does not hold."""
        wanted = {
            parent for one in work.kept if one.state is State.READY for parent in rows.parents[one.position]
        }
        if not wanted:
            return
        found = self._store.among("parents_among", shorts(list(wanted)))
        there = {head_id for _, head_id, at_platform in found if at_platform}
        ids: dict[bytes, int] = {row[0]: row[1] for row in found}
        ids |= self._add_heads("add_parent", list(wanted - ids.keys()), {})
        waits: list[tuple[int, int]] = []
        for one in work.kept:
            if one.state is State.READY:
                own = rows.key_hashes[one.position]
                one.parents = [ids[parent] for parent in rows.parents[one.position] if parent != own]
                missing = [(parent, one.seq) for parent in one.parents if parent not in there]
                if missing:
                    one.state = State.WAITING_PARENT
                    waits += missing
        self._store.many("add_wait", sorted(waits))

    def _overtake(self, overtaken: Sequence[OpenVersion]) -> None:
        store = self._store
        by_day: dict[str, list[tuple[int, str, int, None]]] = {}
        for version in overtaken:
            by_day.setdefault(store.day_of(version.seq), []).append(
                (version.seq, State.SUPERSEDED, store.now_ms, None)
            )
            self._tallies[version.stream_id, State.SUPERSEDED] += 1
        for day, settled in by_day.items():
            store.many("add_settled", settled, day=day)
        store.many("drop_waits", [(v.seq,) for v in overtaken if v.state is State.WAITING_PARENT])
        store.many("drop_queue", [(v.seq,) for v in overtaken])

    def _write_versions(
        self, rows: KeyedRows, stream_id: int, work: _Work, blobs: Sequence[tuple[int, int, bytes]]
    ) -> None:
        if not work.kept:
            return
        store, batch_no = self._store, self._batch_no
        store.many(
            "add_version",
            [
                (
                    one.seq, stream_id, rows.keys[one.position], one.source_time, rows.digests[one.position],
                    int(rows.sound[one.position]), batch_no, one.prev_seq,
                    rows.patient_keys[one.position], rows.visit_keys[one.position],
                )
                for one in work.kept
            ],
            day=store.day,
        )  # fmt: skip
        bodies = [rows.bodies[one.position] for one in work.kept]
        for one, body in zip(work.kept, bodies, strict=True):
            one.size = len(body)
        first = work.kept[0].seq
        if len(bodies) == len(rows):
            payload = [(first + offset, count, blob) for offset, count, blob in blobs]
        else:
            payload = list(chunks(first, bodies))
        store.many("add_payload", payload, day=store.day)
        self.written.append((work.kept[0].seq, bodies))
        images = [
            (one.seq, packed(rows.images[one.position].encode()))
            for one in work.kept
            if one.position in rows.images
        ]
        if images:
            store.many("add_image", images, day=store.day)
        stale = [
            (one.seq, one.state, store.now_ms, None) for one in work.kept if one.state is State.SUPERSEDED
        ]
        if stale:
            store.many("add_settled", stale, day=store.day)

    def _write_queue(self, rows: KeyedRows, stream_id: int, work: _Work) -> None:
        tier_place = self._tiers[rows.table] * TIER_STEP + stream_id
        is_live = self._family.loop == "head"
        queue: list[tuple[Value, ...]] = []
        for one in work.kept:
            if one.state is State.SUPERSEDED:
                continue
            position = one.position
            lane = 0 if is_live and one.source_time >= self._live_from else LANE_STEP
            queue.append(
                (
                    one.seq, stream_id, lane + tier_place, one.state.value, work.head_ids[rows.key_hashes[position]],
                    rows.keys[position], one.source_time, rows.digests[position], one.size, self._store.now_ms,
                    orjson.dumps(one.parents).decode() if one.parents else "[]",
                )
            )  # fmt: skip
        self._store.many("add_queue", queue)  # `.value`: sqlite3 adapts every text that is not exactly a str

    def _write_findings(self, work: _Work, findings: Mapping[int, list[Reason]]) -> None:
        if not findings:
            return
        store = self._store
        for position, seq in work.seen_again.items():
            # Rules may have changed since: what is said of a held row is what holds it now.
            day = store.day_of(seq)
            store.run("drop_findings", (seq,), day=day)
            store.many(
                "add_finding", [(seq, store.reason_id(r)) for r in findings.get(position, ())], day=day
            )
        fresh = [
            (one.seq, store.reason_id(reason))
            for one in work.kept
            for reason in findings.get(one.position, ())
        ]
        store.many("add_finding", fresh, day=store.day)


def _order_time(text: str) -> int:
    """A source time as a number; what is no DT15 has no place of its own in the order."""
    digits = text[:8] + text[9:]
    return int(digits) if len(text) == 15 and text[8] == "T" and digits.isascii() and digits.isdigit() else 0


def _rounds(hashes: Sequence[bytes]) -> Iterator[Sequence[int]]:
    """Positions in rounds of different keys: a key that comes twice is judged twice, in order."""
    if len(set(hashes)) == len(hashes):
        if hashes:
            yield range(len(hashes))
        return
    seen: Counter[bytes] = Counter()
    rounds: list[list[int]] = []
    for position, key_hash in enumerate(hashes):
        turn = seen[key_hash]
        seen[key_hash] += 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(position)
    yield from rounds


def _findings_by_row(rows: KeyedRows) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = {}
    if rows.findings.height:
        columns = rows.findings.select("row", "check", "code", "field", "severity", "rule_id")
        for row, *said in columns.iter_rows():
            found.setdefault(row, []).append(Reason(*("" if text is None else text for text in said)))
    return found


def _sum(one: PutResult, other: PutResult) -> PutResult:
    return PutResult(
        one.new + other.new,
        one.unchanged + other.unchanged,
        one.held + other.held,
        one.superseded + other.superseded,
        one.waiting + other.waiting,
    )
