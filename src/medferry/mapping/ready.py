"""Conditions on source rows: which rows are ready to leave, and which guards match."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from medferry.mapping.columns import SourceColumns
from medferry.mapping.model import Guard
from medferry.mapping.values import Value

_FLAGS = {"1": True, "t": True, "true": True, "y": True, "yes": True, "是": True} | {
    "0": False, "f": False, "false": False, "n": False, "no": False, "否": False,
}  # fmt: skip
_WHOLE = r"^([+-]?[0-9]+)\.0*$"  # 1.00 and 1. are 1
_SHORTER = r"^([+-]?[0-9]+\.[0-9]*[1-9])0+$"  # 1.50 is 1.5


class HasReadyWhen(Protocol):
    """A route: its id and, per source column, the texts that mean "signed" or "archived"."""

    @property
    def id(self) -> str: ...
    @property
    def ready_when(self) -> Mapping[str, tuple[str, ...]]: ...


def ready_mask(frame: pl.DataFrame, route: HasReadyWhen) -> pl.Series:
    """Boolean per row: every column of `ready_when` holds one of its values; a missing value is not ready.

    Compared as values: true of a boolean is also 1, t and T; 1.00 is 1. Codes stay texts: 01 is not 1.

    raises  MappingError: a column of `ready_when` is not in the frame
    """
    if not route.ready_when:
        return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True).alias("ready")
    source = SourceColumns(frame, tuple(route.ready_when), route.id)
    named = frame.select(source.expressions)
    conditions = [_holds(source.value(name), texts) for name, texts in route.ready_when.items()]
    return named.select(pl.all_horizontal(conditions).fill_null(value=False).alias("ready")).to_series()


def _holds(value: Value, wanted: Sequence[str]) -> pl.Expr:
    text = value.text()
    if isinstance(value.dtype, pl.Boolean):
        flags = {_FLAGS[one.lower()] for one in wanted if one.lower() in _FLAGS}
        return value.expr.is_in(sorted(flags))
    if value.dtype.is_integer():
        wanted = [str(int(_FLAGS[one.lower()])) if one.lower() in _FLAGS else one for one in wanted]
    plain = text.str.replace(_WHOLE, "${1}").str.replace(_SHORTER, "${1}")
    return plain.is_in([re.sub(_SHORTER, r"\1", re.sub(_WHOLE, r"\1", one)) for one in wanted])


def guard_expression(guard: Guard, text: pl.Expr) -> pl.Expr:
    """Boolean without nulls per row; all of the guard's parts must match."""
    parts: list[pl.Expr] = []
    if guard.is_:
        parts.append(text.is_in(list(guard.is_)).fill_null(value=False))
    if guard.is_not:
        parts.append(~text.is_in(list(guard.is_not)).fill_null(value=False))
    if guard.filled is not None:
        parts.append(text.is_not_null() if guard.filled else text.is_null())
    return pl.all_horizontal(parts)
