"""product_equals: an amount is the product of its factors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul

import polars as pl

from medferry.checks.moments import number
from medferry.checks.registry import check
from medferry.checks.slack import SLACK


@check("product_equals", code="5003")
def product_equals(
    total: str, factors: Sequence[str], tolerance: float = 0.01, share: float = 0.0, times: float = 1.0
) -> pl.Expr:
    """`total` 等于各 `factors` 之积（再乘 `times`），允许误差 `tolerance`，或积的 `share` 倍（取较宽者）。

    total, factors  fields with numbers
    tolerance       in the unit of the total
    share           0.2 allows a fifth
    times           a constant factor, such as 2 where a code means twice a day
    returns         Boolean per row, null where any is missing or no number
    """
    product = reduce(mul, (number(name) for name in factors)) * times
    return (number(total) - product).abs() <= pl.max_horizontal(
        pl.lit(tolerance), product.abs() * share
    ) + SLACK
