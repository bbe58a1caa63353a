"""The contract of the ledger's read side: where is this record, what happened to it, what stands still and why.

Any process may read while another writes; nothing here changes the ledger. Keys, bodies and images are patients'
data: whoever shows them masks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

from medferry.outbox.answers import Answers
from medferry.outbox.outbox import CountsRows
from medferry.outbox.reviews import AcceptedRows, RecordKey, Review, ReviewGroup
from medferry.outbox.run_state import RunState
from medferry.records import Severity, State


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of one record.

    source_time  DT15 text, the version's place in the order; "" when its place was not known
    state_at     when it came to a final state; None while it may still change
    message_ids  envelopes that carried it, oldest first
    not_before   when it may go again; None: at once, or it does not wait for a time
    edition      of the standard that the row follows
    """

    seq: int
    table: str
    campus: str
    org_code: str
    key: str
    source_time: str
    digest: bytes
    sound: bool
    state: State
    state_at: datetime | None
    put_at: datetime
    batch_id: str
    route: str
    patient_key: str | None
    visit_key: str | None
    attempts: int
    not_before: datetime | None
    message_ids: tuple[str, ...]
    edition: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """What happened to one version beyond being put, leased and accepted: refused, tried again, withdrawn …

    state       the state it came to
    message_id  of the envelope concerned, if any
    """

    seq: int
    at: datetime
    state: State
    message_id: str | None
    code: str
    field: str | None
    text: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of a version; `check` is "platform" for what the platform said."""

    seq: int
    check: str
    code: str
    field: str | None
    severity: Severity
    rule_id: str | None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A journal line; `event` is its JSON."""

    at: datetime
    name: str
    batch_id: str | None
    message_id: str | None
    text: str
    event: str


@dataclass(frozen=True, slots=True)
class StillGroup:
    """Rows that do not move, by what holds them; a row with two findings is in two groups.

    state    HELD, REFUSED, PARKED or WAITING_PARENT
    check    name of the check, "platform" for a refusal, "parent" for a waiting row, "" where nothing is said
    code     the finding's code; of a waiting row the state of its parent, or "absent"
    rule_id  of the standard's rule that finds it wrong, "" for none
    """

    table: str
    campus: str
    state: State
    check: str
    code: str
    field: str | None
    rows: int
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A record that a search found."""

    table: str
    campus: str
    org_code: str
    key: str


@dataclass(frozen=True, slots=True)
class HeldOfRoute:
    """How many rows of a table are held that a route read."""

    route: str
    table: str
    campus: str
    rows: int


@dataclass(frozen=True, slots=True)
class RouteRow:
    """The newest batch that one loop of a route kept."""

    route: str
    loop: str
    read_at: datetime
    rows_read: int


NEWEST_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "campus": pl.String,
    "org_code": pl.String,
    "key": pl.String,
    "source_time": pl.String,  # DT15 text, "" when unknown
    "put_at": pl.Datetime("ms", "Asia/Shanghai"),
    "began_at": pl.Datetime(
        "ms", "Asia/Shanghai"
    ),  # when the route that brought it was read for the first time
    "state": pl.String,  # State
    "state_at": pl.Datetime("ms", "Asia/Shanghai"),  # null while the state may still change
    "accepted": pl.Boolean,  # this version or an older one of the record was accepted
    "body": pl.String,  # the canonical row
}
NEWEST_FINDINGS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "row": pl.UInt32,  # position in NewestRows.rows
    "check": pl.String,
    "code": pl.String,
    "field": pl.String,  # "" for none
    "severity": pl.String,  # Severity
    "rule_id": pl.String,  # "" for none
}


@dataclass(frozen=True, slots=True)
class NewestRows:
    """Newest versions of records of one table: NEWEST_SCHEMA, and their findings: NEWEST_FINDINGS_SCHEMA."""

    table: str
    rows: pl.DataFrame
    findings: pl.DataFrame


class FindsRecords(Protocol):
    """Where a record is."""

    def find_keys(
        self,
        *,
        table: str | None = None,
        key: str | None = None,
        patient: str | None = None,
        visit: str | None = None,
        limit: int = 200,
    ) -> list[FoundKey]:
        """Records with this key, or of this patient or visit (exactly one of the three), newest days first."""
        ...

    def versions_of(self, table: str, org_code: str, key: str) -> list[VersionRow]:
        """All versions of a record that are kept, in the order they came."""
        ...


class ReadsVersions(Protocol):
    """What a version holds and what is said of it."""

    def findings_of(self, sequences: Sequence[int]) -> list[FindingRow]: ...

    def body_of(self, seq: int) -> str | None:
        """The canonical row."""
        ...


class ListsStanding(Protocol):
    """Which versions stand in a state."""

    def sequences_in(self, table: str, state: State, limit: int = 1000) -> list[int]:
        """Versions of a table in one state that is not final, oldest first: for requeue and void."""
        ...


class ReadsStandstill(Protocol):
    """What stands still and why."""

    def held_summary(self) -> list[StillGroup]:
        """What stands still and why, most rows first."""
        ...


class ReadsAnswers(Protocol):
    """What the platform's answers say of our findings."""

    def answers(self, days: int) -> Answers:
        """Over the versions put on the newest so many days."""
        ...


class ReadsReviewed(Protocol):
    """The last review, in numbers."""

    def last_review(self) -> Review | None:
        """The newest review that ended."""
        ...

    def review_groups(self) -> list[ReviewGroup]:
        """What the newest review found, most records first."""
        ...


class ReadsRunState(Protocol):
    """What a run must remember."""

    def run_state(self) -> RunState:
        """What is broken, since when and why; how far ended visits have been seen."""
        ...


class ParentsReader(Protocol):
    """What a trial asks of it: parents at hand."""

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        """As WayInLedger.parents, of what is committed."""
        ...


class TrailReader(FindsRecords, ReadsVersions, Protocol):
    """What the trail of one record asks of it."""

    def accepted_seq(self, table: str, org_code: str, key: str) -> int | None:
        """The newest version that the platform accepted."""
        ...

    def steps_of(self, sequences: Sequence[int]) -> list[StepRow]: ...

    def journal_of(self, batch_ids: Sequence[str] = (), message_ids: Sequence[str] = ()) -> list[JournalRow]:
        """Lines of these batches and envelopes, oldest first."""
        ...

    def review_of(self, table: str, org_code: str, key: str) -> list[ReviewGroup]:
        """What the newest review found in one record."""
        ...


class StatusReader(FindsRecords, CountsRows, ReadsStandstill, ReadsReviewed, ReadsRunState, Protocol):
    """What the page of how everything stands asks of it."""

    def contested(self, limit: int, *, days: int) -> list[VersionRow]:
        """Versions of the last days with any, newest first, whose key another row of a source gave, too."""
        ...

    def routes(self) -> list[RouteRow]:
        """When each route's loops last kept a batch, in the newest day that has one."""
        ...

    def held_by_route(self) -> list[HeldOfRoute]:
        """Rows held, by the route that read them, which may be one that the project no longer has."""
        ...


class ResendReader(FindsRecords, ListsStanding, Protocol):
    """What resending asks of it."""


class DeskReader(ListsStanding, ReadsVersions, ReadsStandstill, Protocol):
    """What the codes desk asks of it: rows held for a code, and the source rows to work once more."""

    def version_at(self, seq: int) -> VersionRow | None: ...

    def image_of(self, seq: int) -> str | None:
        """The source row of a held version, as JSON."""
        ...

    def warned(self, check: str, limit: int) -> list[int]:
        """Newest versions that travel, or have arrived, though the check warned of them: sequences, newest first."""
        ...


class ScoreReader(Protocol):
    """What the score asks of it."""

    def newest(
        self, *, tables: Sequence[str] | None = None, since: str = "", rows_max: int = 20_000
    ) -> Iterator[NewestRows]:
        """Every record's newest version by (source time, arrival) that nobody withdrew, at most `rows_max` at a time.

        tables  only these, in this order; None: all, by name
        since   yyyymmdd: only what was put on this day or later is looked at
        Rows in order of arrival. Some 400 bytes of each version put since then are in memory at once.
        """
        ...

    def review_findings(self, table: str) -> pl.DataFrame:
        """What the newest review found in a table, record by record: REVIEW_SCHEMA."""
        ...


class ReviewReader(CountsRows, ReadsReviewed, Protocol):
    """What a review asks of it: what the platform accepted."""

    def accepted(self, columns: Mapping[str, Sequence[str]]) -> Iterator[AcceptedRows]:
        """Every record's newest accepted version as it is now, a few thousand rows at a time.

        columns  table -> columns; other tables are left out
        """
        ...

    def visits_of_settled(self, since: datetime, until: datetime) -> list[RecordKey]:
        """Visits of which any row was settled in that time, by the key of the visit."""
        ...

    def accepted_of_visits(
        self, of: Sequence[RecordKey], columns: Mapping[str, Sequence[str]]
    ) -> list[AcceptedRows]:
        """As `accepted`, of the rows that name one of these visits in `visit_id`."""
        ...

    def accepted_among(
        self, table: str, keys: Sequence[RecordKey], columns: Sequence[str]
    ) -> list[AcceptedRows]:
        """As `accepted`, of these records of one table."""
        ...


class LedgerReader(
    TrailReader,
    StatusReader,
    ResendReader,
    DeskReader,
    ScoreReader,
    ReviewReader,
    ParentsReader,
    ReadsAnswers,
    Protocol,
):
    """The whole, of what is committed: a command opens it and hands it to who asks for a part of it."""

    def latest(self, names: Sequence[str], limit: int = 1) -> list[JournalRow]:
        """The newest lines with one of these event names, newest first."""
        ...

    def close(self) -> None: ...
