"""`lease`: rows that may go now, formed into envelopes in three steps; and the envelopes whose answer was lost.

Rows are chosen, packed and sealed. Packing costs most and needs nothing of the ledger, so it is done between two
transactions: the way in goes on writing meanwhile, and what it changed is left out when the envelopes are sealed.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

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


class Choosing:
    """Chooses rows for envelopes, inside an open transaction that need not write."""

    def __init__(
        self,
        store: Store,
        bodies: Bodies,
        node_code: str,
        limits: LeaseLimits,
        records_max: Mapping[str, int],
    ) -> None:
        """`records_max` are the smaller limits learnt from the platform, by table."""
        self._store = store
        self._bodies = bodies
        self._node_code = node_code
        self._limits = limits
        self._records_max = records_max

    def drafts(self) -> list[Draft]:
        """At most `envelopes_max`, in the order in which they should go."""
        store = self._store
        store.run("end_delays", (store.now_ms,))
        fronts = [(_rank(place), seq, place) for place, seq in store.rows("fronts")]
        heapq.heapify(fronts)
        drafts: list[Draft] = []
        while fronts and len(drafts) < self._limits.envelopes_max:
            rank, first_seq, place = heapq.heappop(fronts)
            taken, next_seq = self._form(place, first_seq)
            if taken:
                drafts.append(self._draft(store.next_message + len(drafts), place % TIER_STEP, taken))
            if next_seq is not None:
                heapq.heappush(fronts, (rank, next_seq, place))
        return drafts

    def _form(self, place: int, first_seq: int) -> tuple[list[tuple[int, str]], int | None]:
        """Sequences and keys for the next envelope of a place, and where to go on in it."""
        table = self._store.stream(place % TIER_STEP).table
        rows_max = self._limits.records_max_by_table.get(table, self._limits.records_max)
        rows_max = max(1, min(rows_max, self._records_max.get(table, rows_max)))
        # One answer, not one per row: each step of a statement gives the interpreter's lock away and waits for it again.
        found = sorted(orjson.loads(self._store.rows("next_rows", (place, first_seq, rows_max))[0][0]))
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
        return taken, next_seq

    def _draft(self, message_no: int, stream_id: int, taken: list[tuple[int, str]]) -> Draft:
        store, stream = self._store, self._store.stream(stream_id)
        message_id = f"{stream.org_code}{self._node_code}{store.epoch:010d}{message_no:012d}"
        assert len(message_id) <= MESSAGE_ID_MAX, f"message id of {len(message_id)} characters"
        sequences = tuple(seq for seq, _ in taken)
        return Draft(
            message_no, message_id, stream_id, stream, sequences, tuple(key for _, key in taken), store.now_ms,
            self._bodies.many(sequences),
        )  # fmt: skip

    def _park_too_large(self, seq: int, size: int) -> None:
        """A row larger than any envelope can never go: a person looks."""
        store = self._store
        store.run("park_ready", (seq,))
        text = f"一行有 {size} 字节，超过单个报文的上限 {self._limits.bytes_max} 字节"
        store.run(
            "add_step", (seq, store.now_ms, State.PARKED, None, "too_large", "", text), day=store.day_of(seq)
        )


class Packing:
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
        stream = draft.stream
        return self._pack(
            message_id=draft.message_id, table=stream.table, campus=stream.campus, org_code=stream.org_code,
            created_at=from_ms(draft.created_ms), bodies=draft.bodies,
        )  # fmt: skip


class Sealing:
    """Writes packed drafts down as envelopes under way, inside an open transaction."""

    def __init__(self, store: Store, limits: LeaseLimits) -> None:
        self._store = store
        self._limits = limits
        self._events: list[Event] = []

    def seal(self, drafts: Sequence[Draft], bodies: Sequence[tuple[bytes, str]]) -> list[Envelope]:
        """A draft whose rows did not all stay ready while it was packed is dropped; what is left of it stays ready."""
        envelopes = []
        for draft, (body, encoding) in zip(drafts, bodies, strict=True):
            listed = orjson.dumps(draft.sequences).decode()
            if self._store.rows("still_ready", (listed,))[0][0] == len(draft.sequences):
                envelopes.append(self._sealed(draft, listed, body, encoding))
        write_events(self._store, self._events)
        return envelopes

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
            from_ms(draft.created_ms),
            1,
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
