"""empty: the field must have no value."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.registry import check


@check("empty", code="5003")
def empty(field: str, allowed: Sequence[str] = ()) -> pl.Expr:
    """`field` 应为空；在什么条件下为空写在规则的 when 里。

    规则里可写字段列表，每个字段各算一条。

    field    must be empty
    allowed  values that also mean nothing, such as 无 or -
    returns  Boolean per row, never null
    """
    nothing = pl.col(field).is_null()
    return nothing | pl.col(field).is_in(list(allowed)) if allowed else nothing
