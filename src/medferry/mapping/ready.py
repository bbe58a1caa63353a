"""Conditions on source rows: which rows are ready to leave, and which guards match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from medferry.mapping.columns import SourceColumns
from medferry.mapping.model import Guard


class HasReadyWhen(Protocol):
    """A route: its id and, per source column, the texts that mean "signed" or "archived"."""

    @property
    def id(self) -> str: ...
    @property
    def ready_when(self) -> Mapping[str, tuple[str, ...]]: ...


def ready_mask(frame: pl.DataFrame, route: HasReadyWhen) -> pl.Series:
    """Boolean per row: every column of `ready_when` holds one of its texts; a missing value is not ready.

    raises  MappingError: a column of `ready_when` is not in the frame
    """
    if not route.ready_when:
        return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True).alias("ready")
    source = SourceColumns(frame, tuple(route.ready_when), route.id)
    named = frame.select(source.expressions)
    conditions = [source.text(name).is_in(list(texts)) for name, texts in route.ready_when.items()]
    return named.select(pl.all_horizontal(conditions).fill_null(value=False).alias("ready")).to_series()


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
