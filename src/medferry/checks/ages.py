"""Ages as people count them: full years and days from a birth to a moment."""

from __future__ import annotations

import polars as pl

from medferry.checks.moments import moment


def age_years(born: str, on: str) -> pl.Expr:
    """Full years between two D8 or DT15 fields; a birthday counts from its morning on."""
    birth, at = moment(born), moment(on)
    had_birthday = _day_of_year(at) >= _day_of_year(birth)
    return (at.dt.year() - birth.dt.year()) - (~had_birthday).cast(pl.Int32)


def age_days(born: str, on: str) -> pl.Expr:
    """Calendar days between two D8 or DT15 fields."""
    return (moment(on).dt.date() - moment(born).dt.date()).dt.total_days()


def _day_of_year(moment: pl.Expr) -> pl.Expr:
    return moment.dt.month().cast(pl.Int32) * 100 + moment.dt.day()
