"""all_different: several fields name different persons or things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from medferry.checks.registry import check


@check("all_different", code="5003", judges_nulls=True)
def all_different(fields: Sequence[str]) -> pl.Expr:
    """各字段两两不同；空的跳过。

    fields   two or more
    returns  Boolean per row, null where fewer than two are filled
    """
    return pl.min_horizontal(pl.col(one) != pl.col(other) for one, other in combinations(fields, 2))
