"""The read side on SQLite: see medferry.outbox.reader."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from medferry.canonical import key_hash
from medferry.outbox.answers import Answers
from medferry.outbox.outbox import TableCount
from medferry.outbox.reader import (
    FindingRow,
    FoundKey,
    HeldOfRoute,
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
from medferry.outbox.sqlite.answers import answers
from medferry.outbox.sqlite.connection import ReadConnection, from_ms
from medferry.outbox.sqlite.counts import counts
from medferry.outbox.sqlite.held import held_by_route
from medferry.outbox.sqlite.newest import newest_rows
from medferry.outbox.sqlite.parents import Parents
from medferry.outbox.sqlite.payload import Bodies, unpacked
from medferry.outbox.sqlite.rivals import ONE_VERSION
from medferry.outbox.sqlite.rows import (
    BatchFound,
    FindingFound,
    HeadFound,
    ImageFound,
    KeyFound,
    LineFound,
    MessageFound,
    PayloadFound,
    StepFound,
    StreamFound,
    VersionFound,
)
from medferry.outbox.sqlite.run_state import run_state
from medferry.records import Severity, State

VERSIONS_MAX = 1_000  # of one key, newest ones: a trail longer than this is not read by anybody
CACHE_BYTES_MAX = 4 * 1024 * 1024


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
            seq = head.last_seq if head else None
            found: list[VersionRow] = []
            while seq is not None and len(found) < VERSIONS_MAX:
                one = self._found(seq)
                if one is None:  # its day has been dropped
                    break
                found.append(self._version(one))
                seq = one.prev_seq
            return found[::-1]

    def version_at(self, seq: int) -> VersionRow | None:
        with self._reading.snapshot("查询版本"):
            found = self._found(seq)
            return None if found is None else self._version(found)

    def warned(self, check: str, limit: int) -> list[int]:
        found: list[int] = []
        with self._reading.snapshot("查询提醒"):
            for day, _ in reversed(self._reading.days()):
                for seq in self._reading.values("warned_versions", (check, limit - len(found)), day=day):
                    version = self._found(seq)
                    stream = None if version is None else self._reading.stream(version.stream_id)
                    if version is not None and stream is not None:
                        head = self._head(key_hash(stream.table, stream.org_code, version.key))
                        found += [seq] if head is not None and head.last_seq == seq else []
                if len(found) >= limit:
                    break
        return found

    def contested(self, limit: int, *, days: int) -> list[VersionRow]:
        found: list[VersionRow] = []
        with self._reading.snapshot("查询同主键的源行"):
            if not self._reading.values("contested_reasons", (ONE_VERSION,)):
                return []  # nothing is walked over where it never was so
            for day, _ in self._reading.days()[-days:][::-1]:
                asked = (ONE_VERSION, limit - len(found))
                versions = map(self._found, self._reading.values("contested_versions", asked, day=day))
                found += [self._version(one) for one in versions if one is not None]
                if len(found) >= limit:
                    break
        return found

    def accepted_seq(self, table: str, org_code: str, key: str) -> int | None:
        head = self._head(key_hash(table, org_code, key))
        return head.accepted_seq if head else None

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
        streams = sorted(
            {
                (one.table_name, one.campus, one.org_code)
                for one in self._reading.typed(StreamFound, "streams")
                if table in {None, one.table_name}
            }
        )
        hashes = {
            key_hash(name, org_code, key): (name, campus, org_code) for name, campus, org_code in streams
        }
        heads = map(HeadFound._make, self._reading.heads("heads_among", list(hashes)))
        there = {head.key_hash for head in heads if head.last_seq is not None}
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
        return [
            FindingRow(
                one.seq,
                one.check_name,
                one.code,
                one.field or None,
                Severity(one.severity),
                one.rule_id or None,
            )
            for seq, day in self._days_of(sequences)
            for one in self._reading.typed(FindingFound, "findings_of_seq", (seq,), day=day)
        ]

    def steps_of(self, sequences: Sequence[int]) -> list[StepRow]:
        def step(one: StepFound) -> StepRow:
            message_id = None if one.message_no is None else self._message_id(one.message_no)
            at, state = from_ms(one.at), State(one.state)
            return StepRow(one.seq, at, state, message_id, one.code, one.field or None, one.text)

        return [
            step(one)
            for seq, day in self._days_of(sequences)
            for one in self._reading.typed(StepFound, "steps_of_seq", (seq,), day=day)
        ]

    def _days_of(self, sequences: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Each sequence with its partition; none whose day has been dropped."""
        for seq in sequences:
            day = self._day_of(seq)
            if day is not None:
                yield seq, day

    def journal_of(self, batch_ids: Sequence[str] = (), message_ids: Sequence[str] = ()) -> list[JournalRow]:
        found: list[JournalRow] = []
        for day, _ in self._reading.days():
            lines: list[LineFound] = []
            for batch_id in batch_ids:
                lines += self._reading.typed(LineFound, "journal_by_batch", (batch_id,), day=day)
            for message_id in message_ids:
                lines += self._reading.typed(LineFound, "journal_by_message", (message_id,), day=day)
            found += map(_line, sorted(lines, key=lambda line: line.journal_id))
        return found

    def latest(self, names: Sequence[str], limit: int = 1) -> list[JournalRow]:
        found: list[JournalRow] = []
        for day, _ in reversed(self._reading.days()):
            lines = [
                line
                for name in names
                for line in self._reading.typed(LineFound, "journal_by_name", (name, limit), day=day)
            ]
            found += map(_line, sorted(lines, key=lambda line: -line.journal_id))
            if len(found) >= limit:
                break
        return found[:limit]

    def routes(self) -> list[RouteRow]:
        found: dict[tuple[str, str], RouteRow] = {}
        for day, _ in reversed(self._reading.days()):
            for one in self._reading.typed(BatchFound, "last_batches", day=day):
                row = RouteRow(one.route, one.loop, from_ms(one.read_at), one.rows_read)
                found.setdefault((one.route, one.loop), row)
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

    def held_by_route(self) -> list[HeldOfRoute]:
        return held_by_route(self._reading, self._spans())

    def answers(self, days: int) -> Answers:
        with self._reading.snapshot("统计平台的应答"):
            return answers(self._reading, [day for day, _ in self._reading.days()][-days:])

    def sequences_in(self, table: str, state: State, limit: int = 1000) -> list[int]:
        return self._reading.values("sequences_in_state", (state, table, limit))

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        with self._reading.snapshot("查询父记录"):
            return self._parents.of(table, key_hashes, columns)

    def body_of(self, seq: int) -> str | None:
        return None if self._found(seq) is None else self._bodies.of(seq)

    def image_of(self, seq: int) -> str | None:
        day = self._day_of(seq)
        found = self._reading.typed(ImageFound, "image_at", (seq,), day=day) if day else []
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

    def _head(self, hashed: bytes) -> KeyFound | None:
        return next((KeyFound(*head) for head in self._reading.heads("head_of_key", [hashed])), None)

    def _found(self, seq: int) -> VersionFound | None:
        day = self._day_of(seq)
        found = self._reading.typed(VersionFound, "version_at", (seq,), day=day) if day else []
        return found[0] if found else None

    def _version(self, found: VersionFound) -> VersionRow:
        stream = self._reading.stream(found.stream_id)
        return VersionRow(
            seq=found.seq,
            table=stream.table,
            campus=stream.campus,
            org_code=stream.org_code,
            key=found.key,
            source_time=_dt15(found.source_time),
            digest=found.digest,
            sound=bool(found.sound),
            state=State(found.state),
            state_at=None if found.state_at is None else from_ms(found.state_at),
            put_at=from_ms(found.put_at),
            batch_id=found.batch_id,
            route=found.route,
            patient_key=found.patient_key,
            visit_key=found.visit_key,
            attempts=found.attempts,
            not_before=from_ms(found.not_before) if found.not_before else None,
            message_ids=self._message_ids(found),
            edition=stream.edition,
        )

    def _message_ids(self, found: VersionFound) -> tuple[str, ...]:
        """Envelopes that carried a version, looked for in the days from its put to its settling."""
        put_day = self._day_of(found.seq)
        assert put_day is not None
        last_day = "99999999" if found.state_at is None else max(put_day, f"{from_ms(found.state_at):%Y%m%d}")
        wanted = {"stream_id": found.stream_id, "seq": found.seq}
        return tuple(
            message.message_id
            for day, _ in self._reading.days()
            if put_day <= day <= last_day
            for message in self._reading.typed(MessageFound, "messages_of_seq", wanted, day=day)
        )

    def _message_id(self, message_no: int) -> str | None:
        for day, _ in reversed(self._reading.days()):
            for message_id in self._reading.values("message_at", (message_no,), day=day):
                return str(message_id)
        return None

    def _payload_row(self, seq: int) -> PayloadFound | None:
        day = self._day_of(seq)
        found = self._reading.typed(PayloadFound, "payload_at", (seq,), day=day) if day else []
        return found[0] if found else None

    def _day_of(self, seq: int) -> str | None:
        days = self._reading.days()
        at = bisect_right([first for _, first in days], seq) - 1
        return days[at][0] if at >= 0 else None

    def _spans(self) -> Iterable[tuple[str, int, int]]:
        days = self._reading.days()
        ends = [*(first for _, first in days[1:]), 2**62][: len(days)]
        return [(day, first, end) for (day, first), end in zip(days, ends, strict=True)]


def _line(found: LineFound) -> JournalRow:
    return JournalRow(
        from_ms(found.at), found.name, found.batch_id, found.message_id, found.text, found.event
    )


def _dt15(time: int) -> str:
    digits = f"{time:014d}"
    return f"{digits[:8]}T{digits[8:]}" if time else ""
