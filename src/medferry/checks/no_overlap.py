"""no_overlap: intervals of one group do not overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from medferry.checks.conditions import condition
from medferry.checks.moments import moment
from medferry.checks.registry import check

_ORG_CODE = "org_code"


@check("no_overlap", code="5003", across_rows=True)
def no_overlap(
    start: str,
    by: Sequence[str],
    end: str | None = None,
    hours: int | None = None,
    among: Mapping[str, object] | None = None,
) -> pl.Expr:
    """同一组内各行的时段互不重叠，首尾相接可以。

    `end` 与 `hours` 写一个：时段止于 `end`（没有时视为至今未完），或自 `start` 起长 `hours` 小时。`by` 有空的不判断。

    start, end  fields in D8 or DT15
    hours       how long each of them lasts: they lie at least so far apart
    by          fields that make the group; org_code belongs to them
    among       only rows for which this holds take part
    returns     Boolean per row: false where a later one begins before this one ends, or this one before an earlier
                one ends; null where the row does not take part
    """
    if (end is None) == (hours is None):
        raise ValueError("no_overlap 须写 end 或 hours，只写一个")
    part = moment(start).is_not_null() & pl.all_horizontal(pl.col(name).is_not_null() for name in by)
    if among is not None:
        part = part & condition(among).fill_null(value=False)
    group = [_ORG_CODE, *by]
    begin = pl.when(part).then(moment(start))
    last = moment(end).fill_null(pl.datetime(9999, 12, 31)) if end else begin + pl.duration(hours=hours)
    finish = pl.when(part).then(last)
    # Of two that begin together, one that ends at once does not reach into the other.
    in_order = [begin, finish]
    longest = finish.cum_max().shift(1).over(group, order_by=in_order, nulls_last=True)
    following = begin.shift(-1).over(group, order_by=in_order, nulls_last=True)
    overlaps = (begin < longest).fill_null(value=False) | (following < finish).fill_null(value=False)
    return pl.when(part).then(~overlaps)
