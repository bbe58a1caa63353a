"""all_different: several fields name different persons or things."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from operator import and_

import polars as pl

from medferry.checks.registry import check


@check("all_different", code="5003", judges_nulls=True)
def all_different(fields: Sequence[str]) -> pl.Expr:
    """各字段两两不同；空的跳过。

    fields   two or more
    returns  Boolean per row, null where fewer than two are filled
    """
    pairs = [pl.col(one) != pl.col(other) for one, other in combinations(fields, 2)]
    judged = reduce(lambda a, b: a | b, (pair.is_not_null() for pair in pairs))
    return pl.when(judged).then(reduce(and_, (pair.fill_null(value=True) for pair in pairs)))
