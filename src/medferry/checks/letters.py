"""letters: a format of letters holds no digits."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check


@field_check("letters", code="3002")
def letters(value: pl.Expr) -> pl.Expr:
    """A 格式（字母）中不应有数字；仅提示，不拦截。

    A 格式用于姓名和代码的中文名称，汉字、字母、间隔号都可以出现。
    各平台对 A 的解释不一，且名称类字段确有含数字者（如“3级护理”），故只计为 warning。依据待确认。

    value    text column
    returns  Boolean per row, null where nothing is there
    source   WS/T 363: A is letters
    """
    return ~value.str.contains("[0-9０-９]")
