"""value_set: the code is in the field's list."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from medferry.checks.registry import field_check


@field_check("value_set", code="3003")
def in_value_set(value: pl.Expr, codes: Collection[str]) -> pl.Expr:
    """代码在字段的值域之内；字段说明写明填“-”的，“-”也可。

    字段有封闭值域时只看值域，不再看格式与长度（标准中个别清单比字段格式宽）。逐字比较，区分大小写、前导零与半角全角。院内代码没有对照的，映射时原样保留，由此处发现。
    开放值域（目录中没有清单）不判断：有值的行计入 unknown，照常发送。

    value    text column
    codes    the list; the engine compares the distinct values of a column with it, not every row
    returns  Boolean per row, null where nothing is there
    """
    return value.is_in(list(codes))
