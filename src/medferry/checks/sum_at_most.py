"""sum_at_most: parts together do not exceed a limit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.moments import number
from medferry.checks.registry import check
from medferry.checks.slack import SLACK


@check("sum_at_most", code="5003")
def sum_at_most(
    limit: str,
    parts: Sequence[str] = (),
    minus: Sequence[str] = (),
    tolerance: float = 0.0,
    factor: float = 1.0,
    plus: float = 0.0,
) -> pl.Expr:
    """各 `parts` 之和减去各 `minus`，不超过 `limit`（的 `factor` 倍加 `plus`），允许误差 `tolerance`。

    空的部分按 0 计；全部为空则不判断。

    limit, parts, minus  fields with numbers
    tolerance, plus      in the unit of the parts
    factor               units of the parts in one of the limit: 24 where hours are held against days
    returns              Boolean per row, null where the limit or all parts are missing or no numbers
    """
    some = pl.max_horizontal(number(name) for name in (*parts, *minus)).is_not_null()
    added = pl.sum_horizontal(number(name) for name in parts) if parts else pl.lit(0.0)
    taken = pl.sum_horizontal(number(name) for name in minus) if minus else pl.lit(0.0)
    return pl.when(some).then(added - taken <= number(limit) * factor + plus + tolerance + SLACK)
