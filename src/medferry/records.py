"""What travels: RawBatch -> StandardBatch -> CheckedBatch -> KeyedRows/Family -> Envelope -> Reply -> Receipt.

Stages know these shapes and nothing of each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

import polars as pl

Loop = Literal["head", "sweep"]
"""head: reads on from the cursor, every few seconds. sweep: reads the late-change window again."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a source: the last row read, in the order (changed_at, key).

    changed_at  ISO text of a date-time, or the text or number the source orders by; None for a snapshot route
    key         the values of the route's key columns, text or integer each
    """

    changed_at: str | int | None
    key: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as the source gave them, in the source's own columns and types; at most `rows_max` of them.

    frame   no column is dropped or renamed; names as the database gave them
    cursor  where to read on after these rows; None keeps the old cursor
    """

    route: str
    campus: str
    loop: Loop
    frame: pl.DataFrame
    cursor: Cursor | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class StandardBatch:
    """Rows of one standard table, all columns String, in the standard's formats, in catalog order.

    frame        the catalog's columns of the table, all of them, String; nulls where nothing is known
    origin       UInt32 per row: its row in the RawBatch frame (one source row may give rows of several tables)
    lookup_miss  Boolean per row: a look-up found nothing, so the row is read again when its table is read anew
    """

    table: str
    campus: str
    route: str
    frame: pl.DataFrame
    origin: pl.Series
    lookup_miss: pl.Series


class Severity(StrEnum):
    """What a finding does to its row."""

    ERROR = "error"  # holds the row
    WARNING = "warning"  # travels, counted
    UNKNOWN = "unknown"  # the check could not judge; travels, counted apart
    WAIVED = "waived"  # would be an error, lifted by the project's waivers; travels, counted apart


FINDINGS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "row": pl.UInt32,  # position in the batch's frame
    "check": pl.String,  # registered name of the check: required, format, value_set …
    "code": pl.String,  # platform-like code: 3001 …
    "field": pl.String,  # field of the table
    "severity": pl.String,  # Severity
    "rule_id": pl.String,  # rule of rules.yaml, or null for field checks
}
"""A finding is a row of this frame. It names places, never values."""


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """A standard batch judged: `sound` says per row whether it may travel.

    sound           Boolean per row
    findings        FINDINGS_SCHEMA
    dropped         Boolean per row: an exact copy of another row, or older than another version of its key in this batch;
                    neither sound nor held, nothing is kept of it. None: no row is
    unknown_counts  (check, field) -> rows that hold a value nobody could judge; they travel
    """

    batch: StandardBatch
    sound: pl.Series
    findings: pl.DataFrame
    dropped: pl.Series | None = None
    unknown_counts: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """Rows of one table, ready to be kept: parallel sequences, one entry per row.

    keys         the record's own key as text, campus prefix included
    key_hashes   16 bytes, see canonical.key_hash
    bodies       canonical JSON, UTF-8
    digests      16 bytes over the body
    source_times DT15 text of the version (`updated_at`); "" when missing (such a row is held)
    sound        may travel
    parents      key hashes of the records that must be accepted first, without duplicates
    patient_keys, visit_keys   search keys as text or None
    findings     FINDINGS_SCHEMA, `row` counts in this object's order
    images       the source row as medferry.way_in.source_image keeps it, for held rows only: position -> text
    edition      of the standard that the rows follow, as the ledger names it: jiangxi, jiangxi+2026
    key_field    name of the field that holds the record's own key
    source_rows  hash of the key of the source row that each came from; () where nobody knows
    """

    table: str
    campus: str
    org_code: str
    keys: Sequence[str]
    key_hashes: Sequence[bytes]
    bodies: Sequence[bytes]
    digests: Sequence[bytes]
    source_times: Sequence[str]
    sound: Sequence[bool]
    parents: Sequence[tuple[bytes, ...]]
    patient_keys: Sequence[str | None]
    visit_keys: Sequence[str | None]
    findings: pl.DataFrame
    images: Mapping[int, str] = field(default_factory=dict)
    edition: str = ""
    key_field: str = ""
    source_rows: Sequence[bytes] = ()

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class SourceMarks:
    """Digests (eight bytes or more) of source rows that need not be mapped again while they stay as they are."""

    key_hashes: Sequence[bytes] = ()
    digests: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Everything that one raw batch became; kept whole, with its cursor, or not at all."""

    batch_id: str
    route: str
    campus: str
    loop: Loop
    read_at: datetime
    tables: Sequence[KeyedRows]
    cursor: Cursor | None
    marks: SourceMarks
    rows_read: int
    rows_unchanged: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """Rows of one table and one campus on their way, under one message id for ever.

    sequences  ledger sequence of each record, in the body's order
    keys       key of each record, in the body's order
    body       the bytes that go on the wire, already compressed if `content_encoding` says so
    attempt    1 for the first sending
    """

    message_id: str
    table: str
    campus: str
    org_code: str
    sequences: tuple[int, ...]
    keys: tuple[str, ...]
    body: bytes
    content_encoding: str
    created_at: datetime
    attempt: int

    @property
    def record_count(self) -> int:
        return len(self.sequences)


class Pack(Protocol):
    """Makes the body of an envelope: pure, same input same bytes."""

    def __call__(
        self,
        *,
        message_id: str,
        table: str,
        campus: str,
        org_code: str,
        created_at: datetime,
        bodies: Sequence[bytes],
    ) -> tuple[bytes, str]:
        """`bodies` are canonical rows; returns the bytes on the wire and their content encoding ("gzip" or "")."""
        ...


@runtime_checkable
class PackOfEditions(Pack, Protocol):
    """A pack that makes other bytes for rows of another edition of the standard."""

    def of_edition(self, edition: str) -> Pack: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What the platform said about one message, as it came."""

    message_id: str
    status: int
    body: bytes
    answered_at: datetime
    duration_ms: float


class Outcome(StrEnum):
    """What the platform decided about one record."""

    ACCEPTED = "accepted"
    WARNED = "warned"  # accepted, with warnings
    STALE = "stale"  # the platform holds something newer
    REFUSED = "refused"  # data or mapping must be mended first
    PARENT_MISSING = "parent_missing"  # comes again after its parent
    AGAIN = "again"  # not this time, for no fault of the record


@dataclass(frozen=True, slots=True)
class Verdict:
    """One record's outcome with the platform's own code and the field it named; never a value."""

    outcome: Outcome
    code: str = "0"
    field: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An envelope answered for.

    verdicts  position in the envelope -> verdict, for records that differ from `default`
    final     false: the platform has it and will judge later (technical receipt only)
    """

    message_id: str
    receipt_no: str
    default: Verdict
    verdicts: Mapping[int, Verdict]
    final: bool
    answered_at: datetime


class State(StrEnum):
    """Where one version of one record is. EXITS says where to next; decisions/0003-the-ledger.md draws it and says why."""

    HELD = "held"  # findings hold it
    WAITING_PARENT = "waiting_parent"  # a parent is not accepted yet
    READY = "ready"  # may leave with the next envelope
    LEASED = "leased"  # in an envelope that is formed
    SENT = "sent"  # received, not yet judged
    UNKNOWN = "unknown"  # in doubt: the answer was lost, so the platform is asked first
    ACCEPTED = "accepted"  # final
    REFUSED = "refused"  # the platform said no
    PARKED = "parked"  # attempts used up: a person looks
    SUPERSEDED = "superseded"  # final: something newer took its place
    VOIDED = "voided"  # final: a person withdrew it before it left


EXITS: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.SUPERSEDED, State.VOIDED}),
    State.WAITING_PARENT: frozenset({State.READY, State.SUPERSEDED, State.VOIDED}),
    State.READY: frozenset({State.LEASED, State.SUPERSEDED, State.PARKED, State.VOIDED}),
    State.LEASED: frozenset(
        {
            State.SENT,
            State.UNKNOWN,
            State.READY,
            State.ACCEPTED,
            State.REFUSED,
            State.SUPERSEDED,
            State.WAITING_PARENT,
            State.PARKED,
        }
    ),
    State.SENT: frozenset(
        {
            State.ACCEPTED,
            State.REFUSED,
            State.SUPERSEDED,
            State.WAITING_PARENT,
            State.UNKNOWN,
            State.READY,
            State.PARKED,
        }
    ),
    State.UNKNOWN: frozenset(
        {
            State.LEASED,
            State.SENT,
            State.ACCEPTED,
            State.REFUSED,
            State.SUPERSEDED,
            State.WAITING_PARENT,
            State.READY,
            State.PARKED,
        }
    ),
    State.ACCEPTED: frozenset(),
    State.REFUSED: frozenset({State.READY, State.SUPERSEDED, State.VOIDED}),
    State.PARKED: frozenset({State.READY, State.SUPERSEDED, State.VOIDED}),
    State.SUPERSEDED: frozenset(),
    State.VOIDED: frozenset(),
}

IN_MOTION = frozenset({State.READY, State.LEASED, State.SENT, State.UNKNOWN})
"""`run --until-quiet` ends when no row is in one of these."""


@dataclass(frozen=True, slots=True)
class ProbeFinding:
    """One line of a probe: what was looked at, whether it is fine, and what to do when it is not (Chinese)."""

    subject: str
    ok: bool
    text: str
    fix: str = ""
