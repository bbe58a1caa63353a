"""Dates and date-times of standard text as moments, for checks that compare them.

A dozen rules read the same few times. So an expression names a moment as a column of its own, and whoever evaluates
expressions puts those columns there first: each field is read once, all of them by one expression.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from medferry.checks.format import DATE_OR_DATETIME_PATTERN

_MARK = "\x00at "  # no table has such a column


def moment(field: str) -> pl.Expr:
    """The wall time of a D8 (its midnight) or DT15 field; null where the text is neither. See `with_moments`."""
    return pl.col(_MARK + field)


def is_day(field: str) -> pl.Expr:
    """Whether the text has the length of a D8, which knows no time of day."""
    return pl.col(field).str.len_bytes() == 8


def fields_read(expressions: Iterable[pl.Expr]) -> tuple[str, ...]:
    """Columns that the expressions read, in order; those of moments by the name of their field."""
    roots = (root for one in expressions for root in one.meta.root_names())
    return tuple(dict.fromkeys(root.removeprefix(_MARK) for root in roots))


def moments_read(expressions: Iterable[pl.Expr]) -> tuple[str, ...]:
    """Fields whose moments the expressions read."""
    roots = (root for one in expressions for root in one.meta.root_names())
    return tuple(dict.fromkeys(root.removeprefix(_MARK) for root in roots if root.startswith(_MARK)))


def with_moments(frame: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
    """The frame with the moments of these String columns; fields come laid on one another, as they are parsed."""
    names = sorted(set(fields))
    if not names:
        return frame
    text = pl.lit(pl.concat([frame[name].alias("text") for name in names]))
    whole = pl.when(text.str.len_bytes() == 8).then(text + "T000000").otherwise(text)
    good = pl.when(text.str.contains(DATE_OR_DATETIME_PATTERN)).then(whole)
    read = pl.select(good.str.to_datetime("%Y%m%dT%H%M%S", strict=False, time_unit="us")).to_series()
    height = frame.height
    return frame.with_columns(
        read.slice(n * height, height).alias(_MARK + name) for n, name in enumerate(names)
    )
