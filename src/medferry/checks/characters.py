"""characters: nothing that no person wrote."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check

_DEBRIS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}"  # control characters but tab, line feed, carriage return
    r"\u{feff}\u{fffd}"  # byte order mark; what a wrong encoding leaves behind
    r"\u{1f000}-\u{1faff}]"  # emoji; rare characters of names (U+20000 on) are fine
)


@field_check("characters", code="3008")
def characters(value: pl.Expr) -> pl.Expr:
    """文本中没有控制字符、乱码残留和表情符号。

    不允许：NUL 等控制字符（制表、换行、回车除外）、U+FFFD（编码转换失败的痕迹）、字节序标记、表情符号。
    生僻字（CJK 扩展区）与自造字区照常放行。有固定写法的字段（数字、日期等）由 format 检查。

    value    text column
    returns  Boolean per row, null where nothing is there
    source   platform code 3008
    """
    return ~value.str.contains(_DEBRIS)
