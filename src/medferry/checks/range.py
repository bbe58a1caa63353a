"""range: a number fits into the digits of its format."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check


@field_check("range", code="3005")
def fits_digits(value: pl.Expr, digits_max: int, pattern: str) -> pl.Expr:
    """数值总位数不超过格式所定。

    N..10,2 的整数与小数合计至多 10 位，负号与小数点不计。写法不对的值由 format 报告，此处不判断。

    value       text column
    digits_max  digits before and after the point together
    pattern     see `format.pattern_of`
    returns     Boolean per row, null where nothing is there or the text is no number
    source      WS/T 363
    """
    digits = value.str.len_bytes().cast(pl.Int64)
    marks = value.str.starts_with("-").cast(pl.Int64) + value.str.contains(".", literal=True).cast(pl.Int64)
    return pl.when(value.str.contains(pattern)).then(digits - marks <= digits_max)
