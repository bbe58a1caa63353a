"""part_equals: some characters of a code are another field."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import check


@check("part_equals", code="5003")
def part_equals(field: str, first: int, last: int, other: str, differs: bool = False) -> pl.Expr:
    """`field` 的第 `first` 至 `last` 位等于 `other`（或其等长的开头）；写 differs: true 时须不等。

    field, other  columns of text
    first, last   places, from 1
    differs       the part must be another one
    returns       Boolean per row, null where either is missing
    """
    size = last - first + 1
    part, whole = pl.col(field).str.slice(first - 1, size), pl.col(other).str.slice(0, size)
    return part != whole if differs else part == whole
