"""in_order: moments follow each other."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.moments import is_day, moment
from medferry.checks.registry import check


@check("in_order", code="5003", judges_nulls=True)
def in_order(times: Sequence[str]) -> pl.Expr:
    """各时间依次不早于前面的，相等可以；空的跳过。

    只有日期的按日比较。

    times    fields in D8 or DT15, earliest first
    returns  Boolean per row, null where fewer than two are readable
    """
    seen = sum(
        (moment(name).is_not_null().cast(pl.UInt8) for name in times[1:]),
        moment(times[0]).is_not_null().cast(pl.UInt8),
    )
    wrong = pl.lit(value=False)
    for n, later in enumerate(times):
        for earlier in times[:n]:
            early = moment(earlier)
            early = pl.when(is_day(later)).then(early.dt.truncate("1d")).otherwise(early)
            wrong = wrong | (moment(later) < early).fill_null(value=False)
    return pl.when(seen >= 2).then(~wrong)
