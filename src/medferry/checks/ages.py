"""Ages as people count them: full years and days from a birth to a moment."""

from __future__ import annotations

import polars as pl

from medferry.checks.moments import moment


def age_years(born: str, on: str) -> pl.Expr:
    """Full years between two D8 or DT15 fields; a birthday counts from its morning on."""
    readable = moment(born).is_not_null() & moment(on).is_not_null()
    return pl.when(readable).then((_day_number(on) - _day_number(born)) // 10_000)


def age_days(born: str, on: str) -> pl.Expr:
    """Calendar days between two D8 or DT15 fields."""
    return (moment(on).dt.date() - moment(born).dt.date()).dt.total_days()


def _day_number(field: str) -> pl.Expr:
    """20260115 as a number: of two such, the difference in ten thousands is the full years."""
    return pl.col(field).str.slice(0, 8).cast(pl.Int32, strict=False)
