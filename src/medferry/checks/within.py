"""within: one moment follows another in time."""

from __future__ import annotations

import polars as pl

from medferry.checks.moments import moment
from medferry.checks.registry import check


@check("within", code="5003")
def within(end: str, start: str, hours_max: float, hours_min: float = 0.0) -> pl.Expr:
    """`end` 在 `start` 之后 `hours_min` 至 `hours_max` 小时之内。

    end, start  fields in D8 or DT15
    hours_max, hours_min  hours; a negative minimum allows `end` before `start`
    returns     Boolean per row, null where either is missing or unreadable
    """
    hours = (moment(end) - moment(start)).dt.total_seconds() / 3600
    return hours.is_between(hours_min, hours_max)
