"""in_order: moments follow each other."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.moments import is_day, moment
from medferry.checks.registry import check


@check("in_order", code="5003", judges_nulls=True)
def in_order(times: Sequence[str]) -> pl.Expr:
    """各时间依次不早于前面的，相等可以；空的跳过。

    只有日期的按日比较；写成零点整的（源系统只记了日期）同样。

    times    fields in D8 or DT15, earliest first
    returns  Boolean per row, null where fewer than two are readable
    """
    return ~pl.max_horizontal(_is_before(later, times[:n]) for n, later in enumerate(times) if n)


def _is_before(later: str, earlier: Sequence[str]) -> pl.Expr:
    """Before any of them is before the latest of them."""
    early = pl.max_horizontal(moment(name) for name in earlier)
    at = moment(later)
    is_midnight = (at == at.dt.truncate("1d")) & (at == early.dt.truncate("1d"))
    return ~is_midnight & (
        moment(later) < pl.when(is_day(later)).then(early.dt.truncate("1d")).otherwise(early)
    )
