"""id_card: the number of a resident identity card carries its right check character."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from medferry.checks.registry import check

RESIDENT_CARD = "01"  # 居民身份证 in CV02.01.101
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GROUPS = (0, 1, 5, 9, 13)  # places where the digits are taken apart: one, then four at a time
_CHECK_CHARACTERS = pl.Series(list("10X98765432"))  # by the weighted sum modulo 11


@check("id_card", code="3006")
def id_card(number: str, kind: str | None = None, kinds: Sequence[str] = (RESIDENT_CARD,)) -> pl.Expr:
    """居民身份证号为 18 位，前 17 位数字，末位校验码正确（X 大写）。

    证件类别不是居民身份证、或类别未填时不判断。没有类别字段的表，号码可能是护照、通行证，只判断写成身份证样子
    （17 位数字加数字或 X）的。与出生日期、性别是否相符由表的规则判断。

    number   field with the number
    kind     field with the kind of document; without it only numbers that look like a resident card's are judged
    kinds    codes of `kind` that mean a resident card
    returns  Boolean per row, null where there is no number or it is another document's
    source   GB 11643-1999
    """
    text = pl.col(number)
    total = pl.sum_horizontal(
        pl.lit(_weighted(at)).gather(text.str.slice(at, 4 if at else 1).cast(pl.UInt16, strict=False))
        for at in _GROUPS
    )
    last = pl.lit(_CHECK_CHARACTERS).gather(total % 11)
    looks_like_one = text.str.contains("^[0-9]{17}[0-9X]$")
    right = looks_like_one & (last == text.str.slice(17, 1))
    judged = looks_like_one if kind is None else text.is_not_null() & pl.col(kind).is_in(list(kinds))
    return pl.when(judged).then(right.fill_null(value=False))


@cache
def _weighted(at: int) -> pl.Series:
    """The weighted sum of the digits from place `at` on, by their number: digits one by one are slow."""
    weights = _WEIGHTS[at : at + 4] if at else _WEIGHTS[:1]
    sums = [
        sum(weight * int(digit) for weight, digit in zip(weights, f"{n:0{len(weights)}d}", strict=True))
        for n in range(10 ** len(weights))
    ]
    return pl.Series(sums, dtype=pl.UInt32)
