"""same: two columns say the same."""

from __future__ import annotations

import polars as pl

from medferry.checks.moments import moment, number
from medferry.checks.registry import check
from medferry.checks.slack import SLACK


@check("same", code="5003")
def same(field: str, other: str, tolerance: float | None = None, slack_s: int | None = None) -> pl.Expr:
    """`field` 与 `other` 相同。

    规则里可写 {字段: 另一列, …}，每对各算一条。给出 `tolerance` 时按数值比较，给出 `slack_s` 时按时间比较，否则逐字比较。

    field, other  columns; `other` is often `pointer.field` of the parent
    tolerance     numbers may differ by so much
    slack_s       moments may differ by so many seconds
    returns       Boolean per row, null where either is missing
    """
    if tolerance is not None:
        return (number(field) - number(other)).abs() <= tolerance + SLACK
    if slack_s is not None:
        return (moment(field) - moment(other)).dt.total_seconds().abs() <= slack_s
    return pl.col(field) == pl.col(other)
