"""`lease`: rows that may go now, formed into envelopes; and the envelopes whose answer was lost."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from medferry.events import EnvelopeLeased, Event
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.payload import Bodies
from medferry.outbox.sqlite.putting import TIER_STEP
from medferry.outbox.sqlite.reading import Row, Stream, from_ms
from medferry.outbox.sqlite.store import Store
from medferry.records import Envelope, Pack, State

MESSAGE_ID_MAX = 64
PACKERS_MAX = 2  # bodies made at once


@dataclass(frozen=True, slots=True)
class _Draft:
    """An envelope without its body."""

    message_no: int
    message_id: str
    stream_id: int
    stream: Stream
    sequences: tuple[int, ...]
    keys: tuple[str, ...]
    created_at: datetime
    bodies: list[bytes]


class Leasing:
    """Forms envelopes inside an open transaction."""

    def __init__(self, store: Store, bodies: Bodies, node_code: str, limits: LeaseLimits, pack: Pack) -> None:
        self._store = store
        self._bodies = bodies
        self._node_code = node_code
        self._limits = limits
        self._pack = pack
        self._records_max: Mapping[str, int] = {}
        self._events: list[Event] = []

    def lease(self, records_max: Mapping[str, int]) -> list[Envelope]:
        """`records_max` are the smaller limits learnt from the platform, by table."""
        store = self._store
        self._records_max = records_max
        store.run("end_delays", (store.now_ms,))
        fronts = [(_rank(place), seq, place) for place, seq in store.rows("fronts")]
        heapq.heapify(fronts)
        drafts: list[_Draft] = []
        while fronts and len(drafts) < self._limits.envelopes_max:
            rank, first_seq, place = heapq.heappop(fronts)
            draft, next_seq = self._form(place, first_seq)
            if draft is not None:
                drafts.append(draft)
            if next_seq is not None:
                heapq.heappush(fronts, (rank, next_seq, place))
        envelopes = [
            self._seal(draft, body, encoding)
            for draft, (body, encoding) in zip(drafts, self._packed(drafts), strict=True)
        ]
        write_events(store, self._events)
        return envelopes

    def _packed(self, drafts: Sequence[_Draft]) -> list[tuple[bytes, str]]:
        """Bodies, made side by side: digest and compression leave the interpreter's lock alone."""
        if len(drafts) < 2:
            return [self._pack_one(draft) for draft in drafts]
        with ThreadPoolExecutor(
            max_workers=min(PACKERS_MAX, len(drafts)), thread_name_prefix="pack"
        ) as packers:
            return list(packers.map(self._pack_one, drafts))

    def _pack_one(self, draft: _Draft) -> tuple[bytes, str]:
        stream = draft.stream
        return self._pack(
            message_id=draft.message_id, table=stream.table, campus=stream.campus, org_code=stream.org_code,
            created_at=draft.created_at, bodies=draft.bodies,
        )  # fmt: skip

    def _form(self, place: int, first_seq: int) -> tuple[_Draft | None, int | None]:
        """The next envelope of a place, and where to go on in it."""
        stream_id = place % TIER_STEP
        table = self._store.stream(stream_id).table
        rows_max = self._limits.records_max_by_table.get(table, self._limits.records_max)
        rows_max = max(1, min(rows_max, self._records_max.get(table, rows_max)))
        found = self._store.rows("next_rows", (place, first_seq, rows_max))
        taken: list[tuple[int, str]] = []
        bytes_left = self._limits.bytes_max
        next_seq: int | None = None
        for seq, key, size in found:
            if size > self._limits.bytes_max:
                self._park_too_large(seq, size)
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
        return (self._draft(stream_id, taken) if taken else None), next_seq

    def _draft(self, stream_id: int, taken: list[tuple[int, str]]) -> _Draft:
        store, stream = self._store, self._store.stream(stream_id)
        message_no = store.next_message
        store.next_message += 1
        message_id = f"{stream.org_code}{self._node_code}{store.epoch:010d}{message_no:012d}"
        assert len(message_id) <= MESSAGE_ID_MAX, f"message id of {len(message_id)} characters"
        sequences = tuple(seq for seq, _ in taken)
        return _Draft(
            message_no, message_id, stream_id, stream, sequences, tuple(key for _, key in taken),
            from_ms(store.now_ms), [self._bodies.bytes_of(seq) for seq in sequences],
        )  # fmt: skip

    def _seal(self, draft: _Draft, body: bytes, encoding: str) -> Envelope:
        store, stream, sequences = self._store, draft.stream, draft.sequences
        message_no, message_id, stream_id = draft.message_no, draft.message_id, draft.stream_id
        listed = orjson.dumps(sequences).decode()
        lease_until = store.now_ms + round(self._limits.lease_time / timedelta(milliseconds=1))
        changed = store.run("lease_rows", (message_no, listed))
        assert changed == len(sequences), "rows chosen for an envelope vanished"
        store.run(
            "add_envelope",
            (
                message_no, message_id, stream_id, self._limits.attempts_max, store.now_ms, lease_until,
                store.now_ms, listed, orjson.dumps(draft.keys).decode(), encoding, body,
            ),
        )  # fmt: skip
        store.run(
            "add_message",
            (message_no, message_id, stream_id, store.now_ms, sequences[0], sequences[-1], listed),
            day=store.day,
        )
        self._events.append(
            EnvelopeLeased(message_id, stream.table, stream.campus, len(sequences), len(body), 1)
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
            draft.created_at,
            1,
        )

    def _park_too_large(self, seq: int, size: int) -> None:
        """A row larger than any envelope can never go: a person looks."""
        store = self._store
        store.run("park_ready", (seq,))
        text = f"一行有 {size} 字节，超过单个报文的上限 {self._limits.bytes_max} 字节"
        store.run(
            "add_step", (seq, store.now_ms, State.PARKED, None, "too_large", "", text), day=store.day_of(seq)
        )


def _rank(place: int) -> int:
    """Lane and tier."""
    return place // TIER_STEP


def envelope_of(stream: Stream, row: Row) -> Envelope:
    """An envelope as it lies in the ledger (statement `envelope`)."""
    _, message_id, _, _, attempt, created_at, _, sequences, keys, encoding, body = row
    return Envelope(
        message_id, stream.table, stream.campus, stream.org_code, tuple(orjson.loads(sequences)),
        tuple(orjson.loads(keys)), body, encoding, from_ms(created_at), attempt,
    )  # fmt: skip
