"""What the ledger keeps of the last review: findings of rules over parents, children and siblings of accepted rows.

A review is made at night or by hand. Its findings replace those of the review before it; they hold and recall nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import polars as pl

from medferry.records import Severity

REVIEW_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "table": pl.String,
    "campus": pl.String,
    "org_code": pl.String,
    "edition": pl.String,  # of the record's accepted version
    "key": pl.String,
    "check": pl.String,
    "code": pl.String,
    "field": pl.String,
    "severity": pl.String,  # Severity
    "rule_id": pl.String,  # "" for none
}
"""A finding of a review is a row of this frame. It names a record and a field, never a value."""

FINDINGS_MAX = (
    20_000  # kept per rule, field, table and campus, in order of arrival; beyond, they are only counted
)


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review; `rows` were judged, `left_out` follow an edition that the project has no more."""

    began_at: datetime
    ended_at: datetime
    rows: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Records of one table and campus that one rule finds wrong, in the newest review."""

    table: str
    campus: str
    check: str
    code: str
    field: str
    severity: Severity
    rule_id: str
    rows: int


class RecordKey(NamedTuple):
    """A record of a table."""

    org_code: str
    key: str


JUDGED_SCHEMA: Mapping[str, type[pl.DataType]] = {"table": pl.String, "org_code": pl.String, "key": pl.String}
"""Records that were judged anew."""

RULES_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "table": pl.String,
    "check": pl.String,
    "field": pl.String,
    "rule_id": pl.String,
}
"""Rules that they were judged by."""


@dataclass(frozen=True, slots=True)
class AcceptedRows:
    """Newest accepted versions of one table: String columns, those asked for, null where a row has none."""

    table: str
    campus: str
    org_code: str
    edition: str
    frame: pl.DataFrame
