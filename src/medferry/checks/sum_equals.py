"""sum_equals: a total is the sum of its parts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.moments import number
from medferry.checks.registry import check
from medferry.checks.slack import SLACK


@check("sum_equals", code="5003")
def sum_equals(
    total: str, parts: Sequence[str], minus: Sequence[str] = (), tolerance: float = 0.01
) -> pl.Expr:
    """`total` 等于各 `parts` 之和减去各 `minus`，允许误差 `tolerance`。

    空的部分按 0 计；全部为空则不判断。

    total, parts, minus  fields with numbers
    tolerance            in the unit of the fields
    returns              Boolean per row, null where the total or all parts are missing or no numbers
    """
    some = pl.max_horizontal(number(name) for name in (*parts, *minus)).is_not_null()
    added = pl.sum_horizontal(number(name) for name in parts)
    taken = pl.sum_horizontal(number(name) for name in minus) if minus else pl.lit(0.0)
    return pl.when(some).then((number(total) - (added - taken)).abs() <= tolerance + SLACK)
