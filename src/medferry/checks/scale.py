"""scale: a number lies on the scale that it is a number of."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check


@field_check("scale", code="3005")
def on_scale(value: pl.Expr, least: float | None, most: float | None) -> pl.Expr:
    """数值在它自己的刻度之内。

    刻度写在标准的 scales.csv：血氧饱和度至多 100%，天数、次数、体征量没有负数。刻度之外是不可能，不是少见：
    脉搏 0、心率 280、体温 29 都在刻度之内，照常放行。写法不对的值由 format 报告，此处不判断。

    value        text column
    least, most  ends of the scale, themselves on it; None where it has no end
    returns      Boolean per row, null where nothing is there or the text is no number
    source       decisions/0007-what-may-hold.md
    """
    number = value.cast(pl.Float64, strict=False)
    above = pl.lit(value=True) if least is None else number >= least
    below = pl.lit(value=True) if most is None else number <= most
    return pl.when(number.is_not_null()).then(above & below)
