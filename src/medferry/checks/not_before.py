"""not_before: one moment is not before another."""

from __future__ import annotations

import polars as pl

from medferry.checks.moments import is_day, moment, same_day_at_midnight
from medferry.checks.registry import check


@check("not_before", code="5003")
def not_before(later: str, earlier: str, slack_s: int = 0) -> pl.Expr:
    """`later` 不早于 `earlier`，相等可以。

    `later` 只有日期时按日比较：当天即可；写成零点整的（源系统只记了日期）同样。任一方为空或不是真实日期时不判断。

    later, earlier  fields in D8 or DT15, wall time as written
    slack_s         seconds that clocks of two systems may disagree
    returns         Boolean per row: true fine, false wrong, null where either is missing or unreadable
    source          rules of a table name theirs
    """
    start = moment(earlier)
    start = pl.when(is_day(later)).then(start.dt.truncate("1d")).otherwise(start)
    late = moment(later) + pl.duration(seconds=slack_s) if slack_s else moment(later)
    return (late >= start) | same_day_at_midnight(later, earlier)
