"""The contract of the outbox: the ledger of rows, and the only border that matters.

What a method changes, with its journal lines, is one durable transaction. Before `put` returns nothing is
promised and everything can be read again; after it nothing is lost. One process writes; methods may be
called from several threads.

Order of versions: (source time, ledger sequence). Stale means strictly older. `put` skips only what
equals the key's newest kept version (same digest, same soundness), so A, B, A is three versions. Every
case stands in decisions/0003-the-ledger.md.

Lanes: of one key at most one version is under way (leased, sent, unknown). The newest sound unsent
version is the only one that may go next; older unsent sound ones become superseded when it arrives. A
held version neither goes nor blocks an older sound one. Gates: a row with parents waits until the
platform holds each parent key; `settle` wakes it in the same transaction. After `attempts_max` refusals
of an envelope for no fault of the row, it is parked.

Journal lines of what a method does itself (BatchStored, EnvelopeLeased, EnvelopeSettled, EnvelopeFailed,
LeasesRescued) are written by the outbox, which makes each event once and returns it: callers tell it and count by it,
and make none of their own. Events handed in are those of the stages before it.

Message ids are allotted in the lease transaction: org code + node epoch + sequence; each opening of the
ledger gets a new epoch, so a restored ledger uses no id twice. The body is kept from lease to settle, so
the same message can be sent again byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from medferry.events import (
    BatchStored,
    EnvelopeFailed,
    EnvelopeLeased,
    EnvelopeSettled,
    Event,
    LeasesRescued,
)
from medferry.records import Cursor, Envelope, Family, Loop, Pack, Receipt, State

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class PutResult:
    """What one `put` did, per table: counts of versions."""

    new: int = 0  # kept, held ones included
    unchanged: int = 0  # equal to the newest kept version
    held: int = 0
    superseded: int = 0  # older than what is kept already, or pushed aside by what came now
    waiting: int = 0  # for a parent
    rivals: Mapping[str, int] = field(default_factory=dict)
    """Route -> versions whose key another source row, of that route, had given before, with other content."""

    def __add__(self, other: PutResult) -> PutResult:
        return PutResult(
            self.new + other.new,
            self.unchanged + other.unchanged,
            self.held + other.held,
            self.superseded + other.superseded,
            self.waiting + other.waiting,
            dict(Counter(self.rivals) + Counter(other.rivals)),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What one `put` did, per table; `event` is its journal line."""

    tables: Mapping[str, PutResult]
    event: BatchStored


@dataclass(frozen=True, slots=True)
class LeaseLimits:
    """How much may leave at once."""

    envelopes_max: int
    records_max: int = 200
    bytes_max: int = 8_000_000  # canonical bytes of one envelope, before compression
    records_max_by_table: Mapping[str, int] = field(default_factory=dict)
    lease_time: timedelta = timedelta(minutes=2)
    attempts_max: int = 10


class Leased(NamedTuple):
    """An envelope that may go; `event` is its journal line."""

    envelope: Envelope
    event: EnvelopeLeased


@dataclass(frozen=True, slots=True)
class SettleResult:
    """What one receipt did, in rows; `event` is its journal line, None where the receipt is not the envelope's end."""

    accepted: int = 0
    refused: int = 0
    stale: int = 0
    again: int = 0
    woken: int = 0  # children that became ready
    event: EnvelopeSettled | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why an envelope did not arrive, as log and journal say it.

    code, next, message  of the error, where there was one
    in_trail             what the trail of each of its rows says; the code where nothing is given
    """

    code: str
    next: str = ""
    message: str = ""
    in_trail: str = ""


@dataclass(frozen=True, slots=True)
class UnknownEnvelope:
    """An envelope whose answer is not known.

    since          when it came into its state
    first_sent_at  not later than its first sending: measure the platform's idempotency window from here
    state          UNKNOWN: the answer was lost; SENT: the platform has it and will judge later
    """

    envelope: Envelope
    since: datetime
    first_sent_at: datetime
    state: State = State.UNKNOWN


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows of one table in one state; `oldest` is when the oldest of them was put, None for final states."""

    table: str
    campus: str
    state: State
    rows: int
    oldest: datetime | None


class WayInLedger(Protocol):
    """What the way in asks of the ledger."""

    def put(self, family: Family, events: Sequence[Event] = ()) -> Kept:
        """Keeps a family with findings, images, marks, cursor and journal lines."""
        ...

    def cursor(self, route: str, loop: Loop) -> Cursor | None: ...

    def unchanged(self, route: str, key_hashes: Sequence[bytes], digests: Sequence[bytes]) -> list[bool]:
        """Per source row: its digest is the newest one marked for its key on this route."""
        ...

    def knows(self, route: str, key_hashes: Sequence[bytes]) -> list[bool]:
        """Per source row: a mark of its key stands, so it came by this route, whatever it said then."""
        ...

    def slices(self, route: str) -> Mapping[str, tuple[int, int]]:
        """Slice of change times -> rows and digest when the route's source was last looked through."""
        ...

    def keep_slices(self, route: str, slices: Mapping[str, tuple[int, int]]) -> None:
        """These slices have been looked at, and what was new in them is kept."""
        ...

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        """The newest sound version of each of these records of one table, as rules of their children read it.

        returns  the columns, String, null where a row has none; in no order. No row for a record that is not there,
                 or of which every version is held or was withdrawn by a person before it left
        """
        ...


class JournalLedger(Protocol):
    """What anybody asks of it who has something to tell that belongs to no other change."""

    def record(self, events: Sequence[Event]) -> None:
        """Writes journal lines that belong to no other change, and what they say of the run's state
        (medferry.outbox.run_state)."""
        ...


class WayOutLedger(JournalLedger, Protocol):
    """What the way out asks of it: envelopes, and what became of them."""

    def lease(self, limits: LeaseLimits, pack: Pack) -> list[Leased]:
        """Forms the next envelopes: live before back-fill, parents' tiers before children's, oldest first."""
        ...

    def settle(self, receipts: Sequence[Receipt]) -> list[SettleResult]:
        """Answers envelopes for good (or marks them sent, when a receipt is not final). A receipt for
        an envelope that is no longer under way changes nothing."""
        ...

    def release(
        self,
        message_id: str,
        not_before: datetime,
        why: Why,
        *,
        records_max: int | None = None,
        counted: bool = True,
    ) -> EnvelopeFailed | None:
        """The platform certainly did not take it: rows become ready again, not before a time; parked after
        attempts_max tries that counted (an outage does not count). `records_max` makes the table's next envelopes
        smaller (the platform said: too large). None: it is not under way, and nothing changed."""
        ...

    def mark_unknown(self, message_id: str, why: Why) -> EnvelopeFailed | None:
        """The answer was lost. None: it is not under way."""
        ...

    def unknown(self, limit: int) -> list[UnknownEnvelope]:
        """Envelopes to ask about (unknown, or sent and not judged), those asked longest ago first."""
        ...

    def resume(self, message_id: str, lease_time: timedelta) -> Leased | None:
        """Leases an unknown envelope again, to send the same bytes under the same id. None if it is not
        unknown; a sent one that the platform has forgotten counts as unknown.
        """
        ...

    def asked(self, message_id: str, not_before: datetime) -> None:
        """Asked in vain (still being processed, or no answer): ask again, not before a time."""
        ...

    def park(self, message_id: str, why: Why) -> EnvelopeFailed | None:
        """A person looks. None: it is not under way."""
        ...

    def rescue(self) -> LeasesRescued | None:
        """Expired leases become unknown, never ready. None: there was none."""
        ...


class PersonsLedger(Protocol):
    """What only a person decides."""

    def requeue(self, sequences: Sequence[int], reason: str) -> int:
        """A person sends refused or parked rows again, under new message ids. Returns rows."""
        ...

    def void(self, sequences: Sequence[int], reason: str) -> int:
        """A person withdraws versions that have not left. Returns rows."""
        ...


class ReviewLedger(Protocol):
    """Where a review keeps what it finds."""

    def begin_review(self) -> int:
        """Opens a review and returns its number; what an earlier one left unfinished is forgotten. One at a time."""
        ...

    def add_review(self, review: int, found: pl.DataFrame) -> None:
        """Keeps findings of a review: REVIEW_SCHEMA of medferry.outbox.reviews. Read only when the review has ended."""
        ...

    def end_review(self, review: int, rows: int, left_out: int) -> None:
        """Its findings take the place of the review's before it."""
        ...

    def renew_review(self, judged: pl.DataFrame, rules: pl.DataFrame, found: pl.DataFrame) -> None:
        """What the review that ended last found in some records is found anew; where none has ended, an empty one is made.

        judged  JUDGED_SCHEMA of medferry.outbox.reviews
        rules   RULES_SCHEMA: what other rules found in these records stays
        found   REVIEW_SCHEMA
        """
        ...


class CountsRows(Protocol):
    """How many rows are where."""

    def counts(self) -> list[TableCount]: ...


class Outbox(WayInLedger, WayOutLedger, PersonsLedger, ReviewLedger, CountsRows, Protocol):
    """The whole: what opens a project hands each part to who works with it. See the module's text for the promises."""

    def close(self) -> None: ...
