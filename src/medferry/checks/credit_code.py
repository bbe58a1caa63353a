"""credit_code: a unified social credit code carries its right check character."""

from __future__ import annotations

import polars as pl

from medferry.checks.registry import check

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE = f"^[{_ALPHABET}]{{18}}$"


@check("credit_code", code="5003")
def credit_code(field: str) -> pl.Expr:
    """统一社会信用代码为 18 位，末位校验码正确。

    field    text
    returns  Boolean per row, null where nothing is there
    source   GB 32100-2015
    """
    text = pl.when(pl.col(field).str.contains(_SHAPE)).then(pl.col(field))
    places = [
        text.str.slice(at, 1).replace_strict(list(_ALPHABET), range(31), default=None, return_dtype=pl.Int64)
        for at in range(18)
    ]
    total = pl.sum_horizontal(place * pow(3, at, 31) for at, place in enumerate(places[:17]))
    right = (31 - total % 31) % 31 == places[17]
    return pl.when(pl.col(field).is_not_null()).then(right.fill_null(value=False))
