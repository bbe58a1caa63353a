"""holds: a condition is true."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from medferry.checks.conditions import condition as expression
from medferry.checks.registry import check


@check("holds", code="5003", judges_nulls=True)
def holds(condition: Mapping[str, object]) -> pl.Expr:
    """条件成立：取值、开头、范围、样式、字数、与另一字段的大小或先后、年龄。

    测试的写法见 RULES.md；规则里条件直接写在 holds 之后。

    condition  `{column: test, …}`, all of them
    returns    Boolean per row, null where a column that decides is empty or unreadable
    """
    return expression(condition)
