"""characters: nothing that no person wrote."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check

DEBRIS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}"  # control characters but tab, line feed, carriage return
    r"\u{feff}\u{fffd}"  # byte order mark; what a wrong encoding leaves behind
    r"\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}"  # nobody sees them, and '4' with one is not '4'
    r"\u{1f000}-\u{1faff}]"  # emoji; rare characters of names (U+20000 on) are fine
    r"|锟斤拷|烫烫烫|屯屯屯"  # UTF-8's U+FFFD read as GBK: nothing brings the text back
    r"|\\x[0-9a-f]{2}"  # bytes that were no UTF-8, as a source shows them
    r"|[\u{a1}-\u{ff}]{4}"  # GBK read as Latin-1: ÕÅÈý for 张三
    r"|(?:[\u{e3}-\u{e9}][\u{80}-\u{bf}]{1,2}){2}"  # UTF-8 read as Latin-1
)
"""What no person wrote."""


@field_check("characters", code="3008")
def characters(value: pl.Expr) -> pl.Expr:
    """文本中没有控制字符、乱码残留和表情符号。

    不允许：NUL 等控制字符（制表、换行、回车除外）、U+FFFD（编码转换失败的痕迹）、字节序标记、表情符号；
    零宽字符、书写方向符、软连字符（看不见，用 strip_control 去掉）；
    “\\xd6\\xd0”“ÕÅÈý”（GBK 没有按 GBK 读：在映射里写 decode: gb18030；是 UTF-8 则写 decode: utf-8）；
    “锟斤拷”（已无法还原，请改源系统）。号码成了“4.498E+17”由 destroyed 检查。
    生僻字（CJK 扩展区）与自造字区照常放行。有固定写法的字段（数字、日期等）由 format 检查。

    value    text column
    returns  Boolean per row, null where nothing is there
    source   platform code 3008
    """
    return ~value.str.contains(DEBRIS)
