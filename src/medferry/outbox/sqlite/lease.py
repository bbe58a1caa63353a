"""`lease`: rows that may go now, formed into envelopes in three steps; and the envelopes whose answer was lost.

Rows are chosen, packed and sealed. Only sealing takes a turn at the ledger: choosing reads what is committed, packing
needs nothing of it. The way in goes on writing meanwhile, and what it changed is left out when the envelopes are sealed.
"""

from __future__ import annotations

import heapq
import sys
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import compress, pairwise

import orjson

from medferry.canonical import byte_digests
from medferry.events import EnvelopeLeased
from medferry.outbox.outbox import Leased, LeaseLimits
from medferry.outbox.sqlite.connection import ReadConnection, Stream, from_ms
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.payload import Bodies, PayloadDamaged
from medferry.outbox.sqlite.put import TIER_STEP
from medferry.outbox.sqlite.rows import EnvelopeFound, Meta
from medferry.outbox.sqlite.store import Store
from medferry.records import Envelope, Pack, PackOfEditions, State

MESSAGE_ID_MAX = 64
PACKERS_MAX = 2  # bodies made at once


@dataclass(frozen=True, slots=True)
class Draft:
    """An envelope without its body; its number is taken only when it is sealed."""

    message_no: int
    message_id: str
    stream_id: int
    stream: Stream
    sequences: tuple[int, ...]
    keys: tuple[str, ...]
    created_ms: int
    bodies: list[bytes]


class EnvelopeChoice:
    """Chooses rows for envelopes from one moment of the ledger.

    too_large  (sequence, bytes) of rows that fit into no envelope; `park_too_large` is to follow
    damaged    sequences of rows that are not what was put; `park_damaged` is to follow
    """

    def __init__(
        self,
        reading: ReadConnection,
        bodies: Bodies,
        node_code: str,
        limits: LeaseLimits,
        records_max: Mapping[str, int],
        now_ms: int,
    ) -> None:
        """`records_max` are the smaller limits learnt from the platform, by table."""
        self._reading = reading
        self._bodies = bodies
        self._node_code = node_code
        self._limits = limits
        self._records_max = records_max
        self._now_ms = now_ms
        self.too_large: list[tuple[int, int]] = []
        self.damaged: list[int] = []

    def drafts(self) -> list[Draft]:
        """At most `envelopes_max`, in the order in which they should go."""
        with self._reading.snapshot("装封报文"):
            return self._drafts()

    def _drafts(self) -> list[Draft]:
        (meta,) = self._reading.typed(Meta, "meta")
        fronts = [(_rank(place), seq, place) for place, seq in self._reading.rows("fronts")]
        heapq.heapify(fronts)
        drafts: list[Draft] = []
        while fronts and len(drafts) < self._limits.envelopes_max:
            rank, first_seq, place = heapq.heappop(fronts)
            stream_id = place % TIER_STEP
            if not self._reading.knows_stream(stream_id):
                rows = orjson.loads(
                    self._reading.values("next_rows", (place, first_seq, self._limits.records_max))[0]
                )
                self.damaged += [seq for seq, *_ in rows]
                continue
            taken, next_seq = self._form(place, first_seq)
            taken, bodies = self._as_put(stream_id, taken)
            if taken:
                message_no = meta.next_message + len(drafts)
                drafts.append(self._draft(meta.epoch, message_no, stream_id, taken, bodies))
            if next_seq is not None:
                heapq.heappush(fronts, (rank, next_seq, place))
        return drafts

    def _form(self, place: int, first_seq: int) -> tuple[list[tuple[int, str]], int | None]:
        """Sequences and keys for the next envelope of a place, and where to go on in it."""
        table = self._reading.stream(place % TIER_STEP).table
        rows_max = self._limits.records_max_by_table.get(table, self._limits.records_max)
        rows_max = max(1, min(rows_max, self._records_max.get(table, rows_max)))
        # One answer, not one per row: each step of a statement gives the interpreter's lock away and waits for it again.
        found = sorted(orjson.loads(self._reading.values("next_rows", (place, first_seq, rows_max))[0]))
        taken: list[tuple[int, str]] = []
        bytes_left = self._limits.bytes_max
        next_seq: int | None = None
        for seq, key, size in found:
            if size > self._limits.bytes_max:
                self.too_large.append((seq, size))
                continue
            if size > bytes_left:
                next_seq = seq
                break
            bytes_left -= size
            taken.append((seq, key))
        else:
            if len(found) == rows_max:
                last = found[-1][0]
                next_seq = last + 1
        return taken, next_seq

    def _as_put(
        self, stream_id: int, taken: list[tuple[int, str]]
    ) -> tuple[list[tuple[int, str]], list[bytes]]:
        """Those rows that are what was put, with their bodies: a flipped bit must not deliver another row."""
        sequences = [seq for seq, _ in taken]
        bodies = self._read(sequences)
        digests = byte_digests(bodies)
        by_day = self._by_day(sequences)
        if self._are_all_as_put(stream_id, by_day, digests):
            return taken, bodies
        known: dict[int, str] = {}
        for day, listed in by_day:
            (found,) = self._reading.values("as_put", (listed, stream_id), day=day)
            known |= dict(orjson.loads(found))
        fine = [digest.hex() == known.get(seq) for seq, digest in zip(sequences, digests, strict=True)]
        self.damaged += compress(sequences, [not one for one in fine])
        return list(compress(taken, fine)), list(compress(bodies, fine))

    def _by_day(self, sequences: list[int]) -> list[tuple[str, str]]:
        """Partitions with their share of ascending sequences, as JSON."""
        found = []
        for (day, first), (_, end) in pairwise([*self._reading.days(), ("", sys.maxsize)]):
            of_day = sequences[bisect_left(sequences, first) : bisect_left(sequences, end)]
            if of_day:
                found.append((day, orjson.dumps(of_day).decode()))
        return found

    def _are_all_as_put(
        self, stream_id: int, by_day: list[tuple[str, str]], digests: Sequence[bytes]
    ) -> bool:
        """All at once: what each row is asked costs as much as all else of choosing it."""
        rows, texts = 0, []
        for day, listed in by_day:
            ((found, text),) = self._reading.rows("all_as_put", (listed, stream_id), day=day)
            rows += found
            texts.append(text or "")
        return rows == len(digests) and "".join(texts) == b"".join(digests).hex().upper()

    def _read(self, sequences: Sequence[int]) -> list[bytes]:
        """Bodies; b"" for one that cannot be read, which is no row's."""
        try:
            return self._bodies.many(sequences)
        except PayloadDamaged:
            return [self._readable(seq) for seq in sequences]

    def _readable(self, seq: int) -> bytes:
        try:
            return self._bodies.bytes_of(seq)
        except PayloadDamaged:
            return b""

    def _draft(
        self, epoch: int, message_no: int, stream_id: int, taken: list[tuple[int, str]], bodies: list[bytes]
    ) -> Draft:
        stream = self._reading.stream(stream_id)
        message_id = f"{stream.org_code}{self._node_code}{epoch:010d}{message_no:012d}"
        assert len(message_id) <= MESSAGE_ID_MAX, f"message id of {len(message_id)} characters"
        sequences = tuple(seq for seq, _ in taken)
        return Draft(
            message_no, message_id, stream_id, stream, sequences, tuple(key for _, key in taken), self._now_ms,
            bodies,
        )  # fmt: skip


def end_delays(store: Store, reading: ReadConnection, now_ms: int) -> None:
    """Rows whose time has come join the ready ones; nothing is written while there are none."""
    if reading.rows("delays_over", (now_ms,)):
        with store.transaction("装封报文"):
            store.run("end_delays", (now_ms,))


def park_too_large(store: Store, rows: Sequence[tuple[int, int]], bytes_max: int) -> None:
    """A row larger than any envelope can never go: a person looks."""
    with store.transaction("装封报文"):
        for seq, size in rows:
            if store.run("park_ready", (seq,)):
                text = f"一行有 {size} 字节，超过单个报文的上限 {bytes_max} 字节"
                step = (seq, store.now_ms, State.PARKED, None, "too_large", "", text)
                store.run("add_step", step, day=store.day_of(seq))


def park_damaged(store: Store, sequences: Sequence[int]) -> None:
    """Rows that are not what was put: parked and named; their source rows are news when they are read again."""
    text = (
        "账本里存的这一行与入账时的摘要不符（磁盘或文件被改动），没有送出；"
        "来源下次读到它（回扫、或重新补传这段时间）会代替它。请检查磁盘"
    )
    parked: dict[str, list[int]] = {}
    with store.transaction("搁置损坏的行"):
        for seq in sequences:
            if store.run("park_ready", (seq,)):
                day = store.day_of(seq)
                store.run("forget_damaged", {"seq": seq})
                parked.setdefault(day, []).append(seq)
                store.run("add_step", (seq, store.now_ms, State.PARKED, None, "damaged", "", text), day=day)
        for day, found in parked.items():
            store.run("forget_source_rows", {"sequences": orjson.dumps(found).decode()}, day=day)


class EnvelopePacker:
    """Bodies for drafts, made side by side: digest and compression leave the interpreter's lock alone."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def bodies(self, drafts: Sequence[Draft]) -> list[tuple[bytes, str]]:
        """Bytes on the wire and content encoding of each; nothing of the ledger is touched."""
        if len(drafts) < 2:
            return [self._one(draft) for draft in drafts]
        with ThreadPoolExecutor(
            max_workers=min(PACKERS_MAX, len(drafts)), thread_name_prefix="pack"
        ) as packers:
            return list(packers.map(self._one, drafts))

    def _one(self, draft: Draft) -> tuple[bytes, str]:
        stream, pack = draft.stream, self._pack
        if isinstance(pack, PackOfEditions):
            pack = pack.of_edition(stream.edition)
        return pack(
            message_id=draft.message_id, table=stream.table, campus=stream.campus, org_code=stream.org_code,
            created_at=from_ms(draft.created_ms), bodies=draft.bodies,
        )  # fmt: skip


class EnvelopeSealer:
    """Writes packed drafts down as envelopes under way, inside an open transaction."""

    def __init__(self, store: Store, limits: LeaseLimits) -> None:
        self._store = store
        self._limits = limits

    def seal(self, drafts: Sequence[Draft], bodies: Sequence[tuple[bytes, str]]) -> list[Leased]:
        """A draft whose rows did not all stay ready while it was packed is dropped; what is left of it stays ready."""
        leased = []
        for draft, (body, encoding) in zip(drafts, bodies, strict=True):
            listed = orjson.dumps(draft.sequences).decode()
            if self._store.values("still_ready", (listed,))[0] == len(draft.sequences):
                leased.append(leased_of(self._sealed(draft, listed, body, encoding)))
        write_events(self._store, [one.event for one in leased])
        return leased

    def _sealed(self, draft: Draft, listed: str, body: bytes, encoding: str) -> Envelope:
        store, stream, sequences = self._store, draft.stream, draft.sequences
        message_no, message_id, stream_id = draft.message_no, draft.message_id, draft.stream_id
        store.next_message = message_no + 1
        lease_until = store.now_ms + round(self._limits.lease_time / timedelta(milliseconds=1))
        store.run("lease_rows", (message_no, listed))
        store.run(
            "add_envelope",
            (
                message_no, message_id, stream_id, self._limits.attempts_max, draft.created_ms, lease_until,
                store.now_ms, listed, orjson.dumps(draft.keys).decode(), encoding, body,
            ),
        )  # fmt: skip
        store.run(
            "add_message",
            (message_no, message_id, stream_id, draft.created_ms, sequences[0], sequences[-1], listed),
            day=store.day,
        )
        return Envelope(
            message_id,
            stream.table,
            stream.campus,
            stream.org_code,
            sequences,
            draft.keys,
            body,
            encoding,
            from_ms(draft.created_ms),
            1,
        )


def leased_of(envelope: Envelope) -> Leased:
    """The envelope with the event that tells of it."""
    return Leased(
        envelope,
        EnvelopeLeased(
            envelope.message_id, envelope.table, envelope.campus, envelope.record_count, len(envelope.body),
            envelope.attempt,
        ),
    )  # fmt: skip


def _rank(place: int) -> int:
    """Lane and tier."""
    return place // TIER_STEP


def envelope_of(stream: Stream, found: EnvelopeFound) -> Envelope:
    """An envelope as it lies in the ledger."""
    return Envelope(
        found.message_id, stream.table, stream.campus, stream.org_code, tuple(orjson.loads(found.sequences)),
        tuple(orjson.loads(found.keys)), found.body, found.content_encoding, from_ms(found.created_at), found.attempt,
    )  # fmt: skip
