"""no_cycle: whoever goes up from parent to parent does not come back."""

from __future__ import annotations

from typing import Final

import polars as pl

from medferry.checks.registry import check

_ORG, _KEY, _PARENT, _PLACE, _CYCLE = "org", "key", "parent", "place", "cycle"
_ORG_CODE: Final = "org_code"


@check("no_cycle", code="5003", across_rows=True)
def no_cycle(key: str, parent: str) -> pl.Expr:
    """从本行沿 `parent` 逐级向上，回不到本行：不自为上级，也不与别的行连成环，不论环有多长。

    在本机构内按 `key` 找上级，找不到即到顶。只指出环上的行，其下级不算错；没有上级的不判断。

    key, parent  fields: what names a row, and what names the row above it; org_code belongs to both
    returns      Boolean per row, false on a cycle, null where the row names none above it
    """
    columns = {_ORG: _ORG_CODE, _KEY: key, _PARENT: parent}
    rows = pl.struct(pl.col(column).alias(name) for name, column in columns.items())
    return rows.map_batches(_are_off_cycles, return_dtype=pl.Boolean)


def _are_off_cycles(rows: pl.Series) -> pl.Series:
    """Steps are doubled until they are more than there are rows: who still stands somewhere, stands on a cycle, and
    every row of a cycle is where another one of it comes to stand.
    """
    given = rows.struct.unnest()
    known = given.drop_nulls([_ORG, _KEY]).unique([_ORG, _KEY], keep="first", maintain_order=True)
    known = known.with_row_index(_PLACE)
    places = known.select(_ORG, pl.col(_KEY).alias(_PARENT), pl.col(_PLACE).alias("above"))
    far = known.join(places, on=[_ORG, _PARENT], how="left", maintain_order="left")["above"]
    for _ in range(known.height.bit_length()):
        far = far.gather(far)
    on_cycle = known.select(_ORG, _KEY, pl.col(_PLACE).is_in(far.drop_nulls().implode()).alias(_CYCLE))
    told = given.join(on_cycle, on=[_ORG, _KEY], how="left", maintain_order="left")
    return told.select(pl.when(pl.col(_PARENT).is_not_null()).then(~pl.col(_CYCLE))).to_series()
