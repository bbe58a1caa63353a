"""Newest versions by hand, and a ledger's reader that tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from medferry.catalog.load import LoadedCatalog
from medferry.clock import ZONE
from medferry.outbox.reader import NEWEST_FINDINGS_SCHEMA, NEWEST_SCHEMA, NewestRows
from medferry.outbox.reviews import REVIEW_SCHEMA

NOW = datetime(2026, 1, 20, 12, 0, tzinfo=ZONE)
BEGAN = datetime(2026, 1, 10, 0, 0, tzinfo=ZONE)


@dataclass
class Kept:
    """One newest version. `late`: from source time to acceptance (or, when not accepted, to now)."""

    key: str
    row: Mapping[str, str | None] = field(default_factory=dict)
    findings: Sequence[tuple[str, str, str, str]] = ()  # check, code, field, severity
    state: str = "accepted"
    campus: str = "donghu"
    source_time: str = "20260115T080000"
    late: timedelta = timedelta(seconds=10)
    began_at: datetime = BEGAN
    accepted: bool | None = None


def newest(table: str, kept: Sequence[Kept]) -> NewestRows:
    """As the ledger tells it; every row gets created_at unless it names one."""
    rows = []
    for one in kept:
        final = one.state in {"accepted", "superseded"}
        at = datetime.strptime(one.source_time, "%Y%m%dT%H%M%S").replace(tzinfo=ZONE)
        body = {"created_at": one.source_time, **one.row}
        rows.append(
            {
                "campus": one.campus, "org_code": "ORG", "key": one.key, "source_time": one.source_time,
                "put_at": at, "began_at": one.began_at, "state": one.state,
                "state_at": at + one.late if final else None,
                "accepted": one.state == "accepted" if one.accepted is None else one.accepted,
                "body": json.dumps({name: value for name, value in body.items() if value is not None}),
            }
        )  # fmt: skip
    findings = [
        {"row": number, "check": check, "code": code, "field": name, "severity": severity, "rule_id": ""}
        for number, one in enumerate(kept)
        for check, code, name, severity in one.findings
    ]
    return NewestRows(
        table, pl.DataFrame(rows, schema=NEWEST_SCHEMA), pl.DataFrame(findings, schema=NEWEST_FINDINGS_SCHEMA)
    )


class ToldReader:
    """The part of a LedgerReader that scores read."""

    def __init__(
        self,
        tables: Mapping[str, Sequence[Kept]],
        reviewed: Sequence[tuple[str, str, str, str]] = (),
    ) -> None:
        """`reviewed`: table, key, field and rule of what the last review found."""
        self._tables = tables
        self._reviewed = reviewed
        self.asked_since: list[str] = []

    def newest(
        self, *, tables: Sequence[str] | None = None, since: str = "", rows_max: int = 20_000
    ) -> Iterator[NewestRows]:
        self.asked_since.append(since)
        for name in tables or list(self._tables):
            if name in self._tables:
                yield newest(name, self._tables[name])

    def review_findings(self, table: str) -> pl.DataFrame:
        rows = [
            (name, "donghu", "ORG", "jiangxi", key, "holds", "5003", field, "warning", rule)
            for name, key, field, rule in self._reviewed
            if name == table
        ]
        return pl.DataFrame(rows, schema=dict(REVIEW_SCHEMA), orient="row")


def full_row(catalog: LoadedCatalog, table: str, **but: str | None) -> dict[str, str | None]:
    """Every required field filled with something."""
    return {one.name: "x1" for one in catalog.table(table).fields if one.required == "R"} | {
        "created_at": "20260115T080000", **but
    }  # fmt: skip
