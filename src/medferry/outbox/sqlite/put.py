"""`put`: a family of rows over the only border that matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import compress

import orjson

from medferry.clock import ZONE
from medferry.events import BatchStored, Event
from medferry.outbox.outbox import Kept, PutResult
from medferry.outbox.sqlite.arrivals import Work, judged, rounds
from medferry.outbox.sqlite.connection import Reason, Stream, Value, mark_ids, shorts, source_row_ids, to_ms
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.payload import chunks, packed
from medferry.outbox.sqlite.placement import OpenVersion
from medferry.outbox.sqlite.rivals import before_by_others, contested
from medferry.outbox.sqlite.store import Store
from medferry.records import Family, KeyedRows, State

LIVE_FOR = timedelta(days=1)  # a row read ahead of its cursor that is older than this is back-fill
LANE_STEP = 1_000_000_000
TIER_STEP = 1_000_000  # streams per tier


class FamilyPut:
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
            tuple[int, Sequence[bytes]]
        ] = []  # first sequence and rows, as the payload's chunks begin

    def put(self, events: Sequence[Event]) -> Kept:
        store, family = self._store, self._family
        route_id = store.route_id(family.route)
        results: dict[str, PutResult] = {}
        for rows, blobs in zip(family.tables, self._blobs, strict=True):
            result = self._put_rows(rows, blobs)
            results[rows.table] = results.get(rows.table, PutResult()) + result
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
        total = sum(results.values(), PutResult())
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
        return Kept(results, stored)

    def _put_rows(self, rows: KeyedRows, blobs: Sequence[tuple[int, int, bytes]]) -> PutResult:
        stream_id = self._store.stream_id(Stream(rows.table, rows.campus, rows.org_code, rows.edition))
        result = PutResult()
        findings = _findings_by_row(rows)
        for positions in rounds(rows.key_hashes):
            work = judged(self._store, rows, positions, self._first_seq)
            self._store.next_seq += len(work)
            source_rows = self._source_rows(rows, work)
            rivals = before_by_others(self._store, work, source_rows)
            self._write_versions(rows, stream_id, work, blobs, source_rows)
            self._write_heads(rows, work)
            self._gate(rows, work)
            self._overtake(work.overtaken)
            self._write_queue(rows, stream_id, work)
            self._write_findings(work, findings | contested(rows, work, rivals, findings))
            counted = Counter(work.states)
            stale = counted[State.SUPERSEDED]
            if stale:
                self._tallies[stream_id, State.SUPERSEDED] += stale
            result += PutResult(
                len(work),
                work.unchanged,
                counted[State.HELD],
                stale + len(work.overtaken),
                counted[State.WAITING_PARENT],
                dict(Counter(rivals.values())),
            )
        return result

    def _source_rows(self, rows: KeyedRows, work: Work) -> Sequence[int | None]:
        if not rows.source_rows:
            return [None] * len(work)
        return source_row_ids(self._family.route, work.of(rows.source_rows))

    def _write_heads(self, rows: KeyedRows, work: Work) -> None:
        """New keys in the order of their hashes: the index on hashes is then written page by page."""
        hashes = work.of(rows.key_hashes)
        if work.newcomers:
            work.head_ids = self._add_newcomers(hashes, work)
            return
        if work.known_heads:
            self._store.many("set_head", work.known_heads)
        work.ids |= self._numbered("add_head", sorted(work.new_heads))
        work.head_ids = [work.ids[key_hash] for key_hash in hashes]

    def _add_newcomers(self, hashes: Sequence[bytes], work: Work) -> Sequence[int]:
        """Heads whose columns stand in the versions just written; returns their numbers in the rows' order."""
        store, short_hashes = self._store, work.newcomers
        order = sorted(range(len(hashes)), key=short_hashes.__getitem__)
        numbers = range(store.next_head, store.next_head + len(hashes))
        store.next_head += len(hashes)
        columns = (
            numbers,
            [short_hashes[place] for place in order],
            [hashes[place] for place in order],
            [work.first_seq + place for place in order],
        )
        store.columns("add_heads_of_versions", columns, day=store.day)
        head_ids = [0] * len(hashes)
        for number, place in zip(numbers, order, strict=True):
            head_ids[place] = number
        return head_ids

    def _numbered(
        self, name: str, heads: Sequence[tuple[int, bytes, *tuple[Value, ...]]]
    ) -> dict[bytes, int]:
        """Gives new keys their numbers and writes them."""
        first_id = self._store.next_head
        self._store.next_head += len(heads)
        if heads:
            self._store.many(name, [(number, *head) for number, head in enumerate(heads, start=first_id)])
        return {head[1]: number for number, head in enumerate(heads, start=first_id)}

    def _gate(self, rows: KeyedRows, work: Work) -> None:
        """A row waits for every parent that the platform does not hold."""
        work.parents = ["[]"] * len(work)
        named = work.of(rows.parents)
        ready = [place for place, state in enumerate(work.states) if state == State.READY and named[place]]
        wanted = {parent for place in ready for parent in named[place]}
        if not wanted:
            return
        found = self._store.heads("parents_among", wanted)
        there = {head_id for _, head_id, at_platform in found if at_platform}
        ids: dict[bytes, int] = {key_hash: head_id for key_hash, head_id, _ in found}
        strangers = list(wanted - ids.keys())
        ids |= self._numbered("add_parent", sorted(zip(shorts(strangers), strangers, strict=True)))
        waits: list[tuple[int, int]] = []
        hashes = work.of(rows.key_hashes)
        for place in ready:
            parents = [ids[parent] for parent in named[place] if parent != hashes[place]]
            work.parents[place] = orjson.dumps(parents).decode()
            missing = [(parent, work.first_seq + place) for parent in parents if parent not in there]
            if missing:
                work.states[place] = State.WAITING_PARENT.value
                waits += missing
        self._store.many("add_wait", sorted(waits))

    def _overtake(self, overtaken: Sequence[OpenVersion]) -> None:
        if not overtaken:
            return
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
        self,
        rows: KeyedRows,
        stream_id: int,
        work: Work,
        blobs: Sequence[tuple[int, int, bytes]],
        source_rows: Sequence[int | None],
    ) -> None:
        if not len(work):
            return
        store, height = self._store, len(work)
        store.columns(
            "add_version",
            (
                work.sequences, [stream_id] * height, work.of(rows.keys), work.times, work.of(rows.digests),
                list(map(int, work.of(rows.sound))), [self._batch_no] * height, work.previous, work.of(rows.patient_keys),
                work.of(rows.visit_keys), source_rows,
            ),
            day=store.day,
        )  # fmt: skip
        bodies = work.of(rows.bodies)
        if len(bodies) == len(rows):
            payload = [(work.first_seq + offset, count, blob) for offset, count, blob in blobs]
        else:
            payload = list(chunks(work.first_seq, bodies))
        store.many("add_payload", payload, day=store.day)
        self.written.append((work.first_seq, bodies))
        if rows.images:
            kept = zip(work.sequences, work.positions, strict=True)
            images = [
                (seq, packed(rows.images[position].encode()))
                for seq, position in kept
                if position in rows.images
            ]
            store.many("add_image", images, day=store.day)
        stale = [
            (seq, state, store.now_ms, None)
            for seq, state in zip(work.sequences, work.states, strict=True)
            if state == State.SUPERSEDED
        ]
        if stale:
            store.many("add_settled", stale, day=store.day)

    def _write_queue(self, rows: KeyedRows, stream_id: int, work: Work) -> None:
        back_fill = LANE_STEP + self._tiers[rows.table] * TIER_STEP + stream_id
        if self._family.loop == "head":
            live_from = self._live_from
            places = [back_fill - LANE_STEP if time >= live_from else back_fill for time in work.times]
        else:
            places = [back_fill] * len(work)
        store, height = self._store, len(work)
        columns: tuple[Sequence[Value], ...] = (
            work.sequences, places, work.states, work.head_ids, [len(body) for body in work.of(rows.bodies)],
            [store.now_ms] * height, work.parents,
        )  # fmt: skip
        if State.SUPERSEDED in work.states:
            stays = [state != State.SUPERSEDED for state in work.states]
            kept = list(compress(zip(*columns, strict=True), stays))
            store.many("add_queue", kept, day=store.day)
        elif height:
            store.columns("add_queue", columns, day=store.day)

    def _write_findings(self, work: Work, findings: Mapping[int, list[Reason]]) -> None:
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
            (seq, store.reason_id(reason))
            for seq, position in zip(work.sequences, work.positions, strict=True)
            for reason in findings.get(position, ())
        ]
        store.many("add_finding", fresh, day=store.day)


def _findings_by_row(rows: KeyedRows) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = {}
    if rows.findings.height:
        columns = rows.findings.select("row", "check", "code", "field", "severity", "rule_id")
        for row, *said in columns.iter_rows():
            found.setdefault(row, []).append(Reason(*("" if text is None else text for text in said)))
    return found
