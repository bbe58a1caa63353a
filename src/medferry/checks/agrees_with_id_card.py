"""agrees_with_id_card: birth and sex are those of the identity-card number."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.id_card import RESIDENT_CARD
from medferry.checks.registry import check


@check("agrees_with_id_card", code="5003")
def agrees_with_id_card(
    number: str,
    birth: str | None = None,
    sex: str | None = None,
    kind: str | None = None,
    kinds: Sequence[str] = (RESIDENT_CARD,),
) -> pl.Expr:
    """身份证号第 7-14 位等于 `birth`，第 17 位奇数为男（1）、偶数为女（2），与 `sex` 相符。

    `birth` 与 `sex` 至少写一个；都写时须都相符。性别不是 1 或 2 的不判断。

    number       field with the number
    birth, sex   field in D8 or DT15; field with a code of GB/T 2261.1
    kind, kinds  field with the kind of document and its codes that mean a resident card; absent: always one
    returns      Boolean per row, null where it is no resident card's number or there is nothing to compare
    """
    if birth is None and sex is None:
        raise ValueError("agrees_with_id_card 须写 birth 或 sex")
    card = pl.when(pl.col(number).str.contains("^[0-9]{17}[0-9X]$"))
    if kind is not None:
        card = pl.when(pl.col(number).str.contains("^[0-9]{17}[0-9X]$") & pl.col(kind).is_in(list(kinds)))
    text = card.then(pl.col(number))
    verdict = pl.lit(value=True)
    if birth is not None:
        verdict = verdict & (text.str.slice(6, 8) == pl.col(birth).str.slice(0, 8))
    if sex is not None:
        code = pl.when(pl.col(sex).is_in(["1", "2"])).then(pl.col(sex))
        male = text.str.slice(16, 1).is_in(["1", "3", "5", "7", "9"])
        verdict = verdict & (male == (code == "1"))
    return verdict
