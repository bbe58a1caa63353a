"""unique_within: no two rows have the same values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from medferry.checks.conditions import condition
from medferry.checks.registry import check

_ORG_CODE = "org_code"


@check("unique_within", code="5003", across_rows=True)
def unique_within(
    columns: Sequence[str], among: Mapping[str, object] | None = None, limit: int = 1
) -> pl.Expr:
    """`columns` 的组合在本机构内不重复（至多 `limit` 次）。

    一批之内按批判断；scope 写 later 时在台账的全部行上判断。任一字段为空的行不参与。

    columns  fields that together must differ from row to row; org_code belongs to them
    among    only rows for which this holds take part
    limit    so many rows may share them
    returns  Boolean per row, null where the row does not take part
    """
    part = pl.all_horizontal(pl.col(name).is_not_null() for name in columns)
    if among is not None:
        part = part & condition(among).fill_null(value=False)
    times = part.cast(pl.UInt32).sum().over([_ORG_CODE, *columns])
    return pl.when(part).then(times <= limit)
