"""in_list: a code, or its first characters, is in a list of the standard."""

from __future__ import annotations

from collections.abc import Callable, Collection

import polars as pl

from medferry.checks.registry import check


@check("in_list", code="3003")
def in_list(
    field: str, codes: Callable[[], Collection[str]], first: int = 1, last: int | None = None
) -> pl.Expr:
    """`field`（或其第 `first` 至 `last` 位）在标准的值域之内。

    规则里写 value_sets: [值域, …]；不写时为字段自己的值域。没有清单的值域不判断。

    field        text
    codes        the lists' codes, read on first use; empty: nobody can judge
    first, last  places, from 1
    returns      Boolean per row, null where nothing is there
    """
    part = (
        pl.col(field)
        if first == 1 and last is None
        else pl.col(field).str.slice(first - 1, last and last - first + 1)
    )

    def judge(values: pl.Series) -> pl.Series:
        known = codes()  # a set of thousands: a look-up per value beats building a columnar set per batch
        verdicts = [None if value is None or not known else value in known for value in values.to_list()]
        return pl.Series(values.name, verdicts, dtype=pl.Boolean)

    return part.map_batches(judge, return_dtype=pl.Boolean, is_elementwise=True)
