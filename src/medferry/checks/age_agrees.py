"""age_agrees: an age in years is that of a birth at a moment."""

from __future__ import annotations

import polars as pl

from medferry.checks.ages import age_years
from medferry.checks.moments import number
from medferry.checks.registry import check


@check("age_agrees", code="5003")
def age_agrees(years: str, born: str, on: str, tolerance_years: int = 1) -> pl.Expr:
    """`years` 等于 `born` 至 `on` 的周岁，允许误差 `tolerance_years`。

    years    number of full years
    born     birth, D8 or DT15
    on       when the age is told, D8 or DT15
    returns  Boolean per row, null where any is missing or unreadable
    """
    return (number(years) - age_years(born, on)).abs() <= tolerance_years
