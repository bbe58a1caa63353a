"""tenfold: an amount is ten times what its factors make, or more: a digit or a decimal point is lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul

import polars as pl

from medferry.checks.moments import number
from medferry.checks.registry import check

_TIMES = 10


@check("tenfold", code="5003")
def tenfold(total: str, factors: Sequence[str]) -> pl.Expr:
    """`total` 不到各 `factors` 之积的十倍。

    加收、减半、折价、免费、凑整都在十倍之内，只由 product_equals 提醒；到了十倍，是错了一位小数。正负号不论。

    total, factors  fields with numbers
    returns         Boolean per row, null where any is missing or no number, or the product is 0
    """
    product = reduce(mul, (number(name) for name in factors)).abs()
    return pl.when(product > 0).then(number(total).abs() < product * _TIMES)
