"""Dates and date-times of standard text as moments, for checks that compare them."""

from __future__ import annotations

import polars as pl

from medferry.checks.format import DATE_OR_DATETIME_PATTERN


def moment(field: str) -> pl.Expr:
    """The wall time of a D8 (its midnight) or DT15 field; null where the text is neither."""
    text = pl.col(field)
    good = pl.when(text.str.contains(DATE_OR_DATETIME_PATTERN)).then(text)
    whole = pl.when(is_day(field)).then(good + "T000000").otherwise(good)
    return whole.str.to_datetime("%Y%m%dT%H%M%S", strict=False, time_unit="us")


def is_day(field: str) -> pl.Expr:
    """Whether the text has the length of a D8, which knows no time of day."""
    return pl.col(field).str.len_bytes() == 8
