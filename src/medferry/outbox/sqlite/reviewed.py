"""Reads what the last review found."""

from __future__ import annotations

import polars as pl

from medferry.outbox.reviews import REVIEW_SCHEMA, Review, ReviewGroup
from medferry.outbox.sqlite.connection import ReadConnection, from_ms
from medferry.outbox.sqlite.rows import ReviewFound
from medferry.records import Severity


def last_review(reading: ReadConnection) -> Review | None:
    for found in reading.typed(ReviewFound, "last_review"):
        return Review(from_ms(found.began_at), from_ms(found.ended_at), found.rows, found.left_out)
    return None


def review_groups(reading: ReadConnection) -> list[ReviewGroup]:
    """Most records first."""
    with reading.snapshot("读取复核结果"):
        found = reading.rows("review_groups", (_number(reading),))
        groups: dict[tuple[str, str, str, str, str, str, str], int] = {}
        for stream_id, check, code, field, severity, rule_id, rows in found:
            stream = reading.stream(stream_id)
            place = (stream.table, stream.campus, check, code, field, severity, rule_id)
            groups[place] = groups.get(place, 0) + rows
    return sorted(
        (_group(*place, rows=rows) for place, rows in groups.items()),
        key=lambda one: (-one.rows, one.table, one.rule_id, one.field, one.campus),
    )


def review_of(reading: ReadConnection, table: str, org_code: str, key: str) -> list[ReviewGroup]:
    """Findings of one record, each as a group of one."""
    with reading.snapshot("读取复核结果"):
        review = _number(reading)
        return [
            _group(table, campus, *row, rows=1)
            for stream_id, name, campus, org, _ in reading.rows("streams")
            if (name, org) == (table, org_code)
            for row in reading.rows("review_findings_of_key", (review, stream_id, key))
        ]


def review_findings(reading: ReadConnection, table: str) -> pl.DataFrame:
    """Findings of a table's records: REVIEW_SCHEMA."""
    with reading.snapshot("读取复核结果"):
        review = _number(reading)
        rows = [
            (*stream, *row)
            for stream_id, *stream in reading.rows("streams")
            if stream[0] == table
            for row in reading.rows("review_findings_of_stream", (review, stream_id))
        ]
    return pl.DataFrame(rows, schema=dict(REVIEW_SCHEMA), orient="row")


def _group(
    table: str, campus: str, check: str, code: str, field: str, severity: str, rule_id: str, *, rows: int
) -> ReviewGroup:
    return ReviewGroup(table, campus, check, code, field, Severity(severity), rule_id, rows)


def _number(reading: ReadConnection) -> int:
    """Of the newest review that ended; 0: there is none."""
    found = reading.typed(ReviewFound, "last_review")
    return found[0].review_id if found else 0
