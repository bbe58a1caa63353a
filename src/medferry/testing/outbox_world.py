"""Small families, packs and receipts for exercising an outbox: no catalog, no source, no platform needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from medferry.canonical import digest, key_hash
from medferry.clock import ZONE, Clock, FixedClock
from medferry.outbox.outbox import LeaseLimits, Outbox
from medferry.records import (
    FINDINGS_SCHEMA,
    Cursor,
    Envelope,
    Family,
    KeyedRows,
    Loop,
    Outcome,
    Receipt,
    SourceMarks,
    State,
    Verdict,
)

START = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
ORG = "12360100A00000001X"
ORDER = (("parent", 1), ("child", 2), ("grandchild", 3))
"""Tables of the exercises with their tiers: hand it to the outbox under test."""

MakeOutbox = Callable[[Clock], Outbox]
"""Opens the ledger of this test, a new one or, after `close`, the same one again."""


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a record.

    time     minute of the source time; None: no source time
    parents  (table, key) of records it hangs on
    """

    key: str
    time: int | None = 0
    content: str = ""
    sound: bool = True
    parents: tuple[tuple[str, str], ...] = ()
    org_code: str = ORG

    def source_time(self) -> str:
        if self.time is None:
            return ""
        wall = (START + timedelta(minutes=self.time)).replace(tzinfo=None)
        return wall.strftime("%Y%m%dT%H%M%S")

    def body(self) -> str:
        row = {"id": self.key, "content": self.content, "updated_at": self.source_time()}
        if self.parents:
            row["parent"] = self.parents[0][1]
        return json.dumps(row)


def opened(make: MakeOutbox) -> tuple[Outbox, FixedClock]:
    """An empty outbox and its clock."""
    clock = FixedClock(START)
    return make(clock), clock


def keyed(table: str, records: Sequence[Record], campus: str = "east") -> KeyedRows:
    """Rows of one table, as the stage before the outbox gives them; held ones carry a finding and an image."""
    org_codes = {record.org_code for record in records} or {ORG}
    assert len(org_codes) == 1, "KeyedRows are of one organisation"
    (org_code,) = org_codes
    held = [position for position, record in enumerate(records) if not record.sound]
    findings = pl.DataFrame(
        {
            "row": held, "check": ["required"] * len(held), "code": ["3001"] * len(held),
            "field": ["content"] * len(held), "severity": ["error"] * len(held),
            "rule_id": [None] * len(held),
        },
        schema=FINDINGS_SCHEMA,
    )  # fmt: skip
    return KeyedRows(
        table, campus, org_code,
        keys=[record.key for record in records],
        key_hashes=[key_hash(table, org_code, record.key) for record in records],
        bodies=[record.body().encode() for record in records],
        digests=[digest(record.body()) for record in records],
        source_times=[record.source_time() for record in records],
        sound=[record.sound for record in records],
        parents=[tuple(key_hash(name, org_code, key) for name, key in record.parents) for record in records],
        patient_keys=[f"P-{record.key}" for record in records],
        visit_keys=[None for _ in records],
        findings=findings,
        images={position: json.dumps({"ID": records[position].key}) for position in held},
    )  # fmt: skip


def family(
    *tables: KeyedRows,
    cursor: Cursor | None = None,
    loop: Loop = "head",
    batch_id: str = "B1",
    at: datetime = START,
) -> Family:
    """What one raw batch became; the source row's mark is its body's digest."""
    hashes = [key for rows in tables for key in rows.key_hashes]
    marks = SourceMarks(hashes, [one for rows in tables for one in rows.digests])
    return Family(batch_id, "his.route", "east", loop, at, tables, cursor, marks, len(hashes), 0)


def pack(
    *, message_id: str, table: str, campus: str, org_code: str, created_at: datetime, bodies: Sequence[bytes]
) -> tuple[bytes, str]:
    """A body that says everything it was given."""
    head = {"id": message_id, "table": table, "campus": campus, "org": org_code, "at": created_at.isoformat()}
    return json.dumps({**head, "records": [json.loads(body) for body in bodies]}).encode(), ""


def lease(outbox: Outbox, envelopes_max: int = 10, **limits: object) -> list[Envelope]:
    leased = outbox.lease(LeaseLimits(envelopes_max, **limits), pack)  # type: ignore[arg-type]
    return [one.envelope for one in leased]


def receipt(
    envelope: Envelope,
    default: Outcome = Outcome.ACCEPTED,
    verdicts: Mapping[int, Outcome] | None = None,
    *,
    final: bool = True,
) -> Receipt:
    """An answer: `verdicts` by position in the envelope."""
    codes = {
        Outcome.ACCEPTED: "0",
        Outcome.WARNED: "5001",
        Outcome.REFUSED: "3002",
        Outcome.PARENT_MISSING: "4001",
    }
    said = {
        position: Verdict(outcome, codes.get(outcome, "9001"), "content")
        for position, outcome in (verdicts or {}).items()
    }
    first = Verdict(default, codes.get(default, "9001"))
    return Receipt(
        envelope.message_id, f"R-{envelope.message_id[-4:]}", first, said, final, envelope.created_at
    )


def settle(outbox: Outbox, envelopes: Sequence[Envelope], default: Outcome = Outcome.ACCEPTED) -> None:
    outbox.settle([receipt(envelope, default) for envelope in envelopes])


def rows_by_state(outbox: Outbox) -> dict[State, int]:
    """Rows of all tables by state, states without rows left out."""
    found: dict[State, int] = {}
    for count in outbox.counts():
        if count.rows:
            found[count.state] = found.get(count.state, 0) + count.rows
    return found


def sent(envelopes: Sequence[Envelope]) -> list[tuple[str, ...]]:
    """Keys of each envelope."""
    return [envelope.keys for envelope in envelopes]


def contents(envelope: Envelope) -> list[str]:
    """The content of each record on the wire."""
    return [record["content"] for record in json.loads(envelope.body)["records"]]
