"""filled: the field must have a value."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import check


@check("filled", code="3001", judges_nulls=True)
def filled(field: str) -> pl.Expr:
    """`field` 必填；在什么条件下必填写在规则的 when 里。

    规则里可写字段列表，每个字段各算一条。`field` 被豁免必填时照样豁免。

    field    must be filled
    returns  Boolean per row, never null
    """
    return pl.col(field).is_not_null()
