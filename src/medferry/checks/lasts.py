"""lasts: a duration is the time between two moments."""

from __future__ import annotations

from typing import Literal

import polars as pl

from medferry.checks.moments import moment, number
from medferry.checks.registry import check
from medferry.checks.slack import SLACK

_SECONDS = {"minutes": 60, "hours": 3_600}


@check("lasts", code="5003")
def lasts(
    field: str,
    start: str,
    end: str,
    unit: Literal["minutes", "hours", "days"],
    tolerance: float = 0.0,
    least: float = 0.0,
    at_most: bool = False,
) -> pl.Expr:
    """`field` 等于 `start` 至 `end` 的时长，允许误差 `tolerance`。

    days 按日历日相减，不足 `least` 的算 `least`（如住院天数，当日出院算 1 天）。写 at_most: true 时不超过即可，不必相等。

    field       number in the unit
    start, end  fields in D8 or DT15
    tolerance, least  in the unit
    at_most     less is fine: what happened within a span
    returns     Boolean per row, null where any is missing or unreadable
    """
    if unit == "days":
        span = (moment(end).dt.date() - moment(start).dt.date()).dt.total_days().cast(pl.Float64)
    else:
        span = (moment(end) - moment(start)).dt.total_seconds() / _SECONDS[unit]
    wanted = pl.when(span < least).then(pl.lit(least)).otherwise(span) if least else span
    over = number(field) - wanted
    return (over if at_most else over.abs()) <= tolerance + SLACK
