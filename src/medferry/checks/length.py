"""length: as many characters as the format allows."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check


@field_check("length", code="3004")
def length(value: pl.Expr, length_min: int, length_max: int) -> pl.Expr:
    """长度（按字符，不按字节）在格式所定范围内。

    AN..50 为至多 50 个字符，N6、AN18 为恰好 6、18 个字符。一个汉字、一个扩展区汉字都是一个字符。
    数值的位数由 range 检查；日期、时间、L 的长度由 format 检查。

    value       text column
    length_min  characters, 0 for `..`
    length_max  characters
    returns     Boolean per row, null where nothing is there
    source      WS/T 363
    """
    return value.str.len_chars().is_between(length_min, length_max)
