"""The read side on SQLite: see medferry.outbox.reader."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import polars as pl

from medferry.canonical import key_hash
from medferry.outbox.outbox import TableCount
from medferry.outbox.reader import (
    FindingRow,
    FoundKey,
    JournalRow,
    NewestRows,
    RouteRow,
    StepRow,
    StillGroup,
    VersionRow,
)
from medferry.outbox.reviews import AcceptedRows, RecordKey, Review, ReviewGroup
from medferry.outbox.run_state import RunState
from medferry.outbox.sqlite import reviewed, visits
from medferry.outbox.sqlite.accepted import accepted_rows
from medferry.outbox.sqlite.connection import ReadConnection, Row, from_ms, shorts
from medferry.outbox.sqlite.counts import counts
from medferry.outbox.sqlite.newest import newest_rows
from medferry.outbox.sqlite.parents import Parents
from medferry.outbox.sqlite.payload import Bodies, unpacked
from medferry.outbox.sqlite.run_state import run_state
from medferry.records import Severity, State

VERSIONS_MAX = 1_000  # of one key, newest ones: a trail longer than this is not read by anybody
CACHE_BYTES_MAX = 4 * 1024 * 1024

_Made = TypeVar("_Made")


class SqliteLedgerReader:
    """Opens the ledger of a running or a stopped `medferry run`; cannot change it.

    raises  OutboxError: no ledger there, of another version, or unreadable
    """

    def __init__(self, path: Path) -> None:
        self._reading = ReadConnection(path)
        self._bodies = Bodies(self._payload_row, CACHE_BYTES_MAX)
        self._parents = Parents(self._reading)

    def counts(self) -> list[TableCount]:
        return counts(self._reading)

    def versions_of(self, table: str, org_code: str, key: str) -> list[VersionRow]:
        with self._reading.snapshot("查询版本"):
            head = self._head(key_hash(table, org_code, key))
            seq: int | None = head[0][0] if head else None
            found: list[VersionRow] = []
            while seq is not None and len(found) < VERSIONS_MAX:
                row = self._version_row(seq)
                if row is None:  # its day has been dropped
                    break
                found.append(self._version(row))
                seq = row[6]
            return found[::-1]

    def version_at(self, seq: int) -> VersionRow | None:
        with self._reading.snapshot("查询版本"):
            row = self._version_row(seq)
            return None if row is None else self._version(row)

    def accepted_seq(self, table: str, org_code: str, key: str) -> int | None:
        head = self._head(key_hash(table, org_code, key))
        return head[0][1] if head else None

    def find_keys(
        self,
        *,
        table: str | None = None,
        key: str | None = None,
        patient: str | None = None,
        visit: str | None = None,
        limit: int = 200,
    ) -> list[FoundKey]:
        assert sum(one is not None for one in (key, patient, visit)) == 1, "one thing to search by"
        if key is not None:
            found = self._with_key(key, table)
        elif patient is not None:
            found = self._in_days("keys_by_patient", patient, table, limit)
        else:
            assert visit is not None
            found = self._in_days("keys_by_visit", visit, table, limit)
        return found[:limit]

    def _with_key(self, key: str, table: str | None) -> list[FoundKey]:
        """Every table and organisation is asked for its record of this key: one look each, by hash."""
        streams = sorted({row[1:4] for row in self._reading.rows("streams") if table in {None, row[1]}})
        hashes = {
            key_hash(name, org_code, key): (name, campus, org_code) for name, campus, org_code in streams
        }
        there = {
            row[0] for row in self._reading.among("heads_among", shorts(list(hashes))) if row[2] is not None
        }
        found = []
        for one in (hashes[hashed] for hashed in hashes if hashed in there):
            versions = self.versions_of(one[0], one[2], key)
            campus = versions[-1].campus if versions else one[1]
            found.append(FoundKey(one[0], campus, one[2], key))
        return found

    def _in_days(self, query: str, value: str, table: str | None, limit: int) -> list[FoundKey]:
        found: dict[FoundKey, None] = {}
        for day, _ in reversed(self._reading.days()):
            for stream_id, key in self._reading.rows(query, (value, limit), day=day):
                stream = self._reading.stream(stream_id)
                if table in {None, stream.table}:
                    found[FoundKey(stream.table, stream.campus, stream.org_code, key)] = None
            if len(found) >= limit:
                break
        return list(found)

    def findings_of(self, sequences: Sequence[int]) -> list[FindingRow]:
        return self._of_each(
            "findings_of_seq",
            sequences,
            lambda row: FindingRow(row[0], row[1], row[2], row[3] or None, Severity(row[4]), row[5] or None),
        )

    def steps_of(self, sequences: Sequence[int]) -> list[StepRow]:
        def step(row: Row) -> StepRow:
            message_id = None if row[3] is None else self._message_id(row[3])
            return StepRow(row[0], from_ms(row[1]), State(row[2]), message_id, row[4], row[5] or None, row[6])

        return self._of_each("steps_of_seq", sequences, step)

    def _of_each(self, query: str, sequences: Sequence[int], made: Callable[[Row], _Made]) -> list[_Made]:
        found: list[_Made] = []
        for seq in sequences:
            day = self._day_of(seq)
            if day is not None:
                found += [made(row) for row in self._reading.rows(query, (seq,), day=day)]
        return found

    def journal_of(self, batch_ids: Sequence[str] = (), message_ids: Sequence[str] = ()) -> list[JournalRow]:
        found: list[JournalRow] = []
        for day, _ in self._reading.days():
            rows: list[Row] = []
            for batch_id in batch_ids:
                rows += self._reading.rows("journal_by_batch", (batch_id,), day=day)
            for message_id in message_ids:
                rows += self._reading.rows("journal_by_message", (message_id,), day=day)
            found += [JournalRow(from_ms(row[1]), *row[2:]) for row in sorted(rows, key=lambda row: row[0])]
        return found

    def latest(self, names: Sequence[str], limit: int = 1) -> list[JournalRow]:
        found: list[JournalRow] = []
        for day, _ in reversed(self._reading.days()):
            rows = [
                row for name in names for row in self._reading.rows("journal_by_name", (name, limit), day=day)
            ]
            found += [JournalRow(from_ms(row[1]), *row[2:]) for row in sorted(rows, reverse=True)]
            if len(found) >= limit:
                break
        return found[:limit]

    def routes(self) -> list[RouteRow]:
        found: dict[tuple[str, str], RouteRow] = {}
        for day, _ in reversed(self._reading.days()):
            for route, loop, read_at, rows in self._reading.rows("last_batches", day=day):
                found.setdefault((route, loop), RouteRow(route, loop, from_ms(read_at), rows))
        return [found[place] for place in sorted(found)]

    def run_state(self) -> RunState:
        return run_state(self._reading)

    def held_summary(self) -> list[StillGroup]:
        with self._reading.snapshot("统计扣留"):
            found = self._reading.rows("unexplained")
            for day, first, end in self._spans():
                found += self._reading.rows("held_reasons", {"first_seq": first, "end_seq": end}, day=day)
            waiting = self._reading.rows("waiting_reasons")
        found += [
            (stream_id, State.WAITING_PARENT, "parent", reason, "", "", rows)
            for stream_id, reason, rows in waiting
        ]
        totals: dict[tuple[str, ...], int] = {}
        for stream_id, state, check, code, name, rule_id, rows in found:
            stream = self._reading.stream(stream_id)
            group = (stream.table, stream.campus, state, check, code, name, rule_id)
            totals[group] = totals.get(group, 0) + rows
        groups = [
            StillGroup(table, campus, State(state), check, code, name or None, rows, rule_id)
            for (table, campus, state, check, code, name, rule_id), rows in totals.items()
        ]
        return sorted(
            groups,
            key=lambda one: (-one.rows, one.table, one.campus, one.state, one.check, one.code, one.rule_id),
        )

    def sequences_in(self, table: str, state: State, limit: int = 1000) -> list[int]:
        return [row[0] for row in self._reading.rows("sequences_in_state", (state, table, limit))]

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        with self._reading.snapshot("查询父记录"):
            return self._parents.of(table, key_hashes, columns)

    def body_of(self, seq: int) -> str | None:
        return None if self._version_row(seq) is None else self._bodies.of(seq)

    def image_of(self, seq: int) -> str | None:
        day = self._day_of(seq)
        found = self._reading.rows("image_at", (seq,), day=day) if day else []
        return unpacked(*found[0]).decode() if found else None

    def newest(
        self, *, tables: Sequence[str] | None = None, since: str = "", rows_max: int = 20_000
    ) -> Iterator[NewestRows]:
        return newest_rows(self._reading, self._bodies, tables, since, rows_max)

    def accepted(self, columns: Mapping[str, Sequence[str]]) -> Iterator[AcceptedRows]:
        return accepted_rows(self._reading, columns)

    def visits_of_settled(self, since: datetime, until: datetime) -> list[RecordKey]:
        return visits.visits_of_settled(self._reading, since, until)

    def accepted_of_visits(
        self, of: Sequence[RecordKey], columns: Mapping[str, Sequence[str]]
    ) -> list[AcceptedRows]:
        return visits.accepted_of_visits(self._reading, self._bodies, of, columns)

    def accepted_among(
        self, table: str, keys: Sequence[RecordKey], columns: Sequence[str]
    ) -> list[AcceptedRows]:
        return visits.accepted_among(self._reading, self._bodies, table, keys, columns)

    def last_review(self) -> Review | None:
        return reviewed.last_review(self._reading)

    def review_groups(self) -> list[ReviewGroup]:
        return reviewed.review_groups(self._reading)

    def review_of(self, table: str, org_code: str, key: str) -> list[ReviewGroup]:
        return reviewed.review_of(self._reading, table, org_code, key)

    def review_findings(self, table: str) -> pl.DataFrame:
        return reviewed.review_findings(self._reading, table)

    def close(self) -> None:
        self._reading.close()

    def _head(self, hashed: bytes) -> list[Row]:
        return self._reading.rows("head_of_key", (*shorts([hashed]), hashed))

    def _version_row(self, seq: int) -> Row | None:
        day = self._day_of(seq)
        found = self._reading.rows("version_at", (seq,), day=day) if day else []
        return found[0] if found else None

    def _version(self, row: Row) -> VersionRow:
        seq, stream_id, key, time, digest, sound, _, patient, visit, batch_id, route, put_at = row[:12]
        state, state_at, attempts, not_before = row[12:]
        stream = self._reading.stream(stream_id)
        return VersionRow(
            seq, stream.table, stream.campus, stream.org_code, key, _dt15(time), digest, bool(sound), State(state),
            from_ms(state_at) if state_at is not None else None, from_ms(put_at), batch_id, route, patient, visit,
            attempts, from_ms(not_before) if not_before else None, self._message_ids(seq, stream_id, state_at),
            stream.edition,
        )  # fmt: skip

    def _message_ids(self, seq: int, stream_id: int, until_ms: int | None) -> tuple[str, ...]:
        """Envelopes that carried a version, looked for in the days from its put to its settling."""
        put_day = self._day_of(seq)
        assert put_day is not None
        last_day = "99999999" if until_ms is None else max(put_day, f"{from_ms(until_ms):%Y%m%d}")
        wanted = {"stream_id": stream_id, "seq": seq}
        days = (day for day, _ in self._reading.days() if put_day <= day <= last_day)
        return tuple(row[0] for day in days for row in self._reading.rows("messages_of_seq", wanted, day=day))

    def _message_id(self, message_no: int) -> str | None:
        for day, _ in reversed(self._reading.days()):
            found = self._reading.rows("message_at", (message_no,), day=day)
            if found:
                return str(found[0][0])
        return None

    def _payload_row(self, seq: int) -> Row | None:
        day = self._day_of(seq)
        found = self._reading.rows("payload_at", (seq,), day=day) if day else []
        return found[0] if found else None

    def _day_of(self, seq: int) -> str | None:
        days = self._reading.days()
        at = bisect_right([first for _, first in days], seq) - 1
        return days[at][0] if at >= 0 else None

    def _spans(self) -> Iterable[tuple[str, int, int]]:
        days = self._reading.days()
        ends = [*(first for _, first in days[1:]), 2**62][: len(days)]
        return [(day, first, end) for (day, first), end in zip(days, ends, strict=True)]


def _dt15(time: int) -> str:
    digits = f"{time:014d}"
    return f"{digits[:8]}T{digits[8:]}" if time else ""
