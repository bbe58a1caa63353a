"""exists: the record that a pointer names is there."""

from __future__ import annotations

import polars as pl

from medferry.checks.conditions import THERE
from medferry.checks.registry import check


@check("exists", code="5003")
def exists(field: str) -> pl.Expr:
    """`field` 所指的父记录或目录条目存在。

    只在晚间或就诊结束时对台账判断（scope later 或 directory）：父记录缺失由发送顺序处理，不拦截。

    field    a pointer: its key in fields.csv is FK or REF
    returns  Boolean per row, null where the pointer is empty or nobody looked
    """
    return pl.col(f"{field}.{THERE}") == "T"
