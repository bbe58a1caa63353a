"""required_if: a field must be filled when another has certain codes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.registry import check


@check("required_if", code="3001", judges_nulls=True)
def required_if(field: str, column: str, codes: Sequence[str]) -> pl.Expr:
    """`column` 取 `codes` 之一时，`field` 必填。

    `field` 被豁免必填时照样豁免。

    field    must be filled
    column   field whose code decides
    codes    codes of `column`
    returns  Boolean per row; null where `column` is empty and `field` is too
    """
    return ~pl.col(column).is_in(list(codes)) | pl.col(field).is_not_null()
