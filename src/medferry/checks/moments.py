"""Moments and numbers of standard text, for checks that compare them.

A dozen rules read the same few times and amounts. So an expression names a reading as a column of its own, and whoever
evaluates expressions puts those columns there first (`with_readings`): each field is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import polars as pl

from medferry.checks.format import DATE_OR_DATETIME_PATTERN

# No table has such columns.
_MOMENT = "\x01at "
_NUMBER = "\x01number "

_SMALL = 512  # rows; in more, each field is read by an expression of its own, which cores can share


def moment(field: str) -> pl.Expr:
    """The wall time of a D8 (its midnight) or DT15 field; null where the text is neither. See `with_readings`."""
    return pl.col(_MOMENT + field)


def number(field: str) -> pl.Expr:
    """The field as a number; null where it is none. See `with_readings`."""
    return pl.col(_NUMBER + field)


def is_day(field: str) -> pl.Expr:
    """Whether the text has the length of a D8, which knows no time of day."""
    return pl.col(field).str.len_bytes() == 8


def same_day_at_midnight(later: str, earlier: str) -> pl.Expr:
    """`later` stands at midnight sharp of the earlier one's day: a time that was kept as a day alone, before nothing."""
    at = moment(later)
    return (at == at.dt.truncate("1d")) & (at == moment(earlier).dt.truncate("1d"))


def fields_read(expressions: Iterable[pl.Expr]) -> tuple[str, ...]:
    """Columns that the expressions read, in order; those of readings by the name of their field."""
    roots = (root for one in expressions for root in one.meta.root_names())
    return tuple(dict.fromkeys(root.removeprefix(_MOMENT).removeprefix(_NUMBER) for root in roots))


def readings_of(expressions: Iterable[pl.Expr]) -> tuple[str, ...]:
    """The readings that the expressions ask for, as `with_readings` takes them."""
    roots = (root for one in expressions for root in one.meta.root_names())
    return tuple(dict.fromkeys(root for root in roots if root.startswith((_MOMENT, _NUMBER))))


def with_readings(frame: pl.DataFrame, readings: Iterable[str]) -> pl.DataFrame:
    """The frame with these readings of its String columns."""
    wanted = sorted(set(readings))
    if not wanted:
        return frame
    if frame.height > _SMALL:
        return frame.hstack(frame.select(map(_reading, wanted)))
    made = [*_stacked(frame, wanted, _NUMBER, _number), *_stacked(frame, wanted, _MOMENT, _moment)]
    return frame.hstack(made)


def _stacked(
    frame: pl.DataFrame, wanted: list[str], mark: str, read: Callable[[pl.Expr], pl.Expr]
) -> Iterator[pl.Series]:
    """Readings of few rows: the fields laid on one another, read by one expression."""
    names = [name for name in wanted if name.startswith(mark)]
    if names:
        texts = pl.concat([frame[name.removeprefix(mark)] for name in names])
        read_all = pl.select(read(pl.lit(texts))).to_series()
        yield from (
            read_all.slice(n * frame.height, frame.height).alias(name) for n, name in enumerate(names)
        )


READINGS_MAX = 4_096  # more than the standard has columns of numbers and moments


@lru_cache(maxsize=READINGS_MAX)
def _reading(name: str) -> pl.Expr:
    if name.startswith(_NUMBER):
        return _number(pl.col(name.removeprefix(_NUMBER))).alias(name)
    return _moment(pl.col(name.removeprefix(_MOMENT))).alias(name)


def _number(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Float64, strict=False)


def _moment(text: pl.Expr) -> pl.Expr:
    read = (
        pl.when(text.str.len_bytes() == 8)
        .then(_parsed(text, "%Y%m%d"))
        .otherwise(_parsed(text, "%Y%m%dT%H%M%S"))
    )
    return pl.when(text.str.contains(DATE_OR_DATETIME_PATTERN)).then(read)


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.to_datetime(form, strict=False, time_unit="us", cache=False)
