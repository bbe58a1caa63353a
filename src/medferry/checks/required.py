"""required: a field that must be filled is filled."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import field_check


@field_check("required", code="3001")
def required(value: pl.Expr) -> pl.Expr:
    """必填项不为空。

    依据 fields.csv 的 required=R；主键、org_code、created_at、updated_at 一律必填。
    项目可在 waivers.yaml 中豁免（豁免的行照常发送，单独计数），但这四项不可豁免。
    条件必填（C）不在此处判断，其条件写在表的规则里。

    value    any text column
    returns  Boolean per row, never null
    """
    return value.is_not_null()
