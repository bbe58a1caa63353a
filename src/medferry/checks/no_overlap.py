"""no_overlap: intervals of one group do not overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from medferry.checks.conditions import condition
from medferry.checks.moments import moment
from medferry.checks.registry import check

_ORG_CODE = "org_code"


@check("no_overlap", code="5003", across_rows=True)
def no_overlap(start: str, end: str, by: Sequence[str], among: Mapping[str, object] | None = None) -> pl.Expr:
    """同一组内各行的时段互不重叠，首尾相接可以。

    没有结束时间的时段视为至今未完。

    start, end  fields in D8 or DT15
    by          fields that make the group; org_code belongs to them
    among       only rows for which this holds take part
    returns     Boolean per row: false where a later one begins before this one ends, or this one before an earlier
                one ends; null where the row does not take part
    """
    part = moment(start).is_not_null()
    if among is not None:
        part = part & condition(among).fill_null(value=False)
    group = [_ORG_CODE, *by]
    begin = pl.when(part).then(moment(start))
    finish = pl.when(part).then(moment(end).fill_null(pl.datetime(9999, 12, 31)))
    longest = finish.cum_max().shift(1).over(group, order_by=begin, nulls_last=True)
    following = begin.shift(-1).over(group, order_by=begin, nulls_last=True)
    overlaps = (begin < longest).fill_null(value=False) | (following < finish).fill_null(value=False)
    return pl.when(part).then(~overlaps)
