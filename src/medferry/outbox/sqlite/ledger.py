"""The outbox on SQLite: see medferry.outbox.outbox for the promises, decisions/0003 for every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import orjson
import polars as pl

from medferry.clock import Clock
from medferry.events import EnvelopeFailed, Event, LeasesRescued
from medferry.outbox.outbox import (
    Kept,
    Leased,
    LeaseLimits,
    SettleResult,
    TableCount,
    UnknownEnvelope,
    Why,
)
from medferry.outbox.sqlite.connection import ReadConnection, from_ms, shorts, to_ms
from medferry.outbox.sqlite.counts import counts
from medferry.outbox.sqlite.journal import write_events
from medferry.outbox.sqlite.lease import (
    EnvelopeChoice,
    EnvelopePacker,
    EnvelopeSealer,
    end_delays,
    envelope_of,
    leased_of,
    park_damaged,
    park_too_large,
)
from medferry.outbox.sqlite.parents import Parents
from medferry.outbox.sqlite.payload import Bodies, chunks
from medferry.outbox.sqlite.put import FamilyPut
from medferry.outbox.sqlite.review_writer import ReviewWriter
from medferry.outbox.sqlite.rows import ChainLink, EnvelopeFound, PayloadFound
from medferry.outbox.sqlite.run_state import remember
from medferry.outbox.sqlite.settlement import EnvelopeHead, Settlement
from medferry.outbox.sqlite.store import Store
from medferry.records import Cursor, Family, Loop, Pack, Receipt, State

CHAIN_MAX = 10_000  # versions of one key looked at when a person voids one


class SqliteOutbox:
    """One file, one writing process, any number of threads.

    path           of the ledger; `<path>.lock` beside it keeps a second writer out
    catalog_order  (table, tier): parents' tiers are smaller than their children's
    node           name of this installation; goes, shortened to four digits, into every message id
    raises         OutboxError: held by another process, newer schema, full or broken disk
    """

    def __init__(self, path: Path, clock: Clock, catalog_order: Sequence[tuple[str, int]], node: str) -> None:
        self._store = Store(path, clock, node)
        self._reading = self._store.reading
        self._clock = clock
        self._tiers = dict(catalog_order)
        self._node_code = blake2b(node.encode(), digest_size=2).hexdigest()
        self._leased_from = ReadConnection(path)  # its own: the way in asks the other one for much at a time
        self._bodies = Bodies(self._payload_row)
        self._parents = Parents(self._reading)
        self._review_writer = ReviewWriter(self._store)
        self._one_leases = Lock()  # from choosing rows to sealing them: nobody else takes a message number
        # What the platform called too large; learnt again after a restart, at the price of one envelope.
        self._records_max: dict[str, int] = {}

    def _payload_row(self, seq: int) -> PayloadFound | None:
        day = next((day for day, first in reversed(self._leased_from.days()) if first <= seq), None)
        found = self._leased_from.typed(PayloadFound, "payload_at", (seq,), day=day) if day else []
        return found[0] if found else None

    def put(self, family: Family, events: Sequence[Event] = ()) -> Kept:
        blobs = [list(chunks(0, rows.bodies)) for rows in family.tables]
        with self._store.transaction("写入账本", brief=False):
            one_family = FamilyPut(self._store, self._tiers, family, blobs)
            kept = one_family.put(events)
        for first_seq, rows in one_family.written:  # only what is committed may be remembered
            self._bodies.remember(first_seq, rows)
        return kept

    def cursor(self, route: str, loop: Loop) -> Cursor | None:
        found = self._reading.values("cursor", (route, loop))
        if not found:
            return None
        changed_at, *key = orjson.loads(found[0])
        return Cursor(changed_at, tuple(key))

    def unchanged(self, route: str, key_hashes: Sequence[bytes], digests: Sequence[bytes]) -> list[bool]:
        marks = self._reading.marks(route, key_hashes)
        return [mark == short for mark, short in zip(marks, shorts(digests), strict=True)]

    def knows(self, route: str, key_hashes: Sequence[bytes]) -> list[bool]:
        return [mark is not None for mark in self._reading.marks(route, key_hashes)]

    def slices(self, route: str) -> Mapping[str, tuple[int, int]]:
        return {name: (rows, digest) for name, rows, digest in self._reading.rows("slices", (route,))}

    def keep_slices(self, route: str, slices: Mapping[str, tuple[int, int]]) -> None:
        with self._store.transaction("记下源库各段"):
            route_id = self._store.route_id(route)
            self._store.many("set_slice", [(route_id, name, *found) for name, found in slices.items()])

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        return self._parents.of(table, key_hashes, columns)

    def lease(self, limits: LeaseLimits, pack: Pack) -> list[Leased]:
        with self._one_leases:
            while True:
                now_ms = to_ms(self._clock.now())
                end_delays(self._store, self._leased_from, now_ms)
                choice = EnvelopeChoice(
                    self._leased_from, self._bodies, self._node_code, limits, self._records_max, now_ms
                )
                drafts = choice.drafts()
                if choice.too_large:
                    park_too_large(self._store, choice.too_large, limits.bytes_max)
                if choice.damaged:
                    park_damaged(self._store, choice.damaged)
                if not drafts:
                    return []
                bodies = EnvelopePacker(pack).bodies(drafts)
                with self._store.transaction("装封报文"):
                    leased = EnvelopeSealer(self._store, limits).seal(drafts, bodies)
                if leased:
                    return leased

    def settle(self, receipts: Sequence[Receipt]) -> list[SettleResult]:
        with self._store.transaction("结清报文"):
            return Settlement(self._store).settle(receipts)

    def release(
        self,
        message_id: str,
        not_before: datetime,
        why: Why,
        *,
        records_max: int | None = None,
        counted: bool = True,
    ) -> EnvelopeFailed | None:
        with self._store.transaction("退回报文"):
            settlement = Settlement(self._store)
            head = settlement.head(message_id)
            if head is None:
                return None
            # An envelope made smaller is not the same try again; a single row that is too large is.
            is_a_try = counted and (records_max is None or len(head.sequences) == 1)
            settlement.give_back(head, why, not_before_ms=to_ms(not_before), counted=is_a_try)
            settlement.finish()
            failed = self._note(head, State.READY, why)
        if records_max is not None:
            known = self._records_max.get(head.table, records_max)
            self._records_max[head.table] = max(1, min(records_max, known))
        return failed

    def mark_unknown(self, message_id: str, why: Why) -> EnvelopeFailed | None:
        with self._store.transaction("登记未知报文"):
            settlement = Settlement(self._store)
            head = settlement.head(message_id)
            if head is None:
                return None
            settlement.move(head, State.UNKNOWN)
            return self._note(head, State.UNKNOWN, why)

    def unknown(self, limit: int) -> list[UnknownEnvelope]:
        found = self._reading.typed(EnvelopeFound, "envelopes_to_ask", (to_ms(self._clock.now()), limit))
        return [
            UnknownEnvelope(
                envelope_of(self._reading.stream(one.stream_id), one),
                from_ms(one.since_at),
                from_ms(one.created_at),
                State(one.state),
            )
            for one in found
        ]

    def resume(self, message_id: str, lease_time: timedelta) -> Leased | None:
        store = self._store
        with store.transaction("续发报文"):
            settlement = Settlement(store)
            head = settlement.head(message_id)
            if head is None or head.state is State.LEASED:
                return None
            settlement.move(head, State.UNKNOWN)  # a sent one: the platform had it, and forgot it
            settlement.move(head._replace(state=State.UNKNOWN), State.LEASED)
            lease_until = store.now_ms + round(lease_time / timedelta(milliseconds=1))
            store.run("lease_again", {"lease_until": lease_until, "message_no": head.message_no})
            (found,) = store.typed(EnvelopeFound, "envelope", (message_id,))
            leased = leased_of(envelope_of(store.stream(found.stream_id), found))
            write_events(store, [leased.event])
            return leased

    def asked(self, message_id: str, not_before: datetime) -> None:
        store = self._store
        with store.transaction("登记查询"):
            store.run("set_asked", (store.now_ms, to_ms(not_before), message_id))

    def park(self, message_id: str, why: Why) -> EnvelopeFailed | None:
        with self._store.transaction("搁置报文"):
            settlement = Settlement(self._store)
            head = settlement.head(message_id)
            if head is None:
                return None
            settlement.park(head, why)
            settlement.finish()
            return self._note(head, State.PARKED, why)

    def rescue(self) -> LeasesRescued | None:
        store = self._store
        with store.transaction("接管断头报文"):
            settlement = Settlement(store)
            heads = [settlement.head(message_id) for message_id in store.values("expired", (store.now_ms,))]
            rows = 0
            for head in heads:
                assert head is not None
                settlement.move(head, State.UNKNOWN)
                rows += len(head.sequences)
            if not heads:
                return None
            rescued = LeasesRescued(len(heads), rows)
            write_events(store, [rescued])
            return rescued

    def requeue(self, sequences: Sequence[int], reason: str) -> int:
        store = self._store
        with store.transaction("重新排队"):
            moved = sorted(store.values("requeue", (orjson.dumps(sequences).decode(),)))
            for seq in moved:
                step = (seq, store.now_ms, State.READY, None, "", "", reason)
                store.run("add_step", step, day=store.day_of(seq))
            return len(moved)

    def void(self, sequences: Sequence[int], reason: str) -> int:
        store = self._store
        with store.transaction("撤回版本"):
            settlement = Settlement(store)
            keys = settlement.withdraw(sequences, reason)
            for head_id, last_seq, *accepted in keys:
                newest_time, sound = self._standing(last_seq)
                # The chain goes no further than the days that are kept; what was accepted is known for ever.
                store.run("reset_head", (newest_time, *(sound or accepted), head_id))
            settlement.wake()
            return int(store.values("count_answered")[0])

    def _standing(self, last_seq: int) -> tuple[int, tuple[int, int, bytes] | None]:
        """Of a key's versions not voided: the newest time; time, sequence and digest of the newest sound one."""
        newest_time = 0
        sound: tuple[int, int, bytes] | None = None
        seq: int | None = last_seq
        for _ in range(CHAIN_MAX):
            if seq is None:
                break
            found = self._store.typed(ChainLink, "version_in_chain", (seq,), day=self._store.day_of(seq))
            if not found:
                break
            (link,) = found
            if link.state != State.VOIDED:
                newest_time = max(newest_time, link.source_time)
                if link.sound and (sound is None or (link.source_time, seq) > sound[:2]):
                    sound = (link.source_time, seq, link.digest)
            seq = link.prev_seq
        return newest_time, sound

    def _note(self, head: EnvelopeHead, state: State, why: Why) -> EnvelopeFailed:
        failed = EnvelopeFailed(head.message_id, head.table, why.code, why.next, state, why.message)
        write_events(self._store, [failed])
        return failed

    def counts(self) -> list[TableCount]:
        return counts(self._reading)

    def record(self, events: Sequence[Event]) -> None:
        with self._store.transaction("写入日志"):
            write_events(self._store, events)
            remember(self._store, events)

    def begin_review(self) -> int:
        return self._review_writer.begin()

    def add_review(self, review: int, found: pl.DataFrame) -> None:
        self._review_writer.add(review, found)

    def end_review(self, review: int, rows: int, left_out: int) -> None:
        self._review_writer.end(review, rows, left_out)

    def renew_review(self, judged: pl.DataFrame, rules: pl.DataFrame, found: pl.DataFrame) -> None:
        self._review_writer.renew(judged, rules, found)

    def close(self) -> None:
        self._leased_from.close()
        self._store.close()
