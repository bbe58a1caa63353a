"""name_of_code: a name is the one that its code has in the standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from medferry.checks.registry import check


@check("name_of_code", code="5003")
def name_of_code(name: str, code: str, names: Callable[[], Mapping[str, str]]) -> pl.Expr:
    """`name` 是 `code` 在标准值域中的名称。

    值域为 `code` 字段自己的，或规则里 value_set 所写的。代码不在清单中、任一为空时不判断。逐字比较，空白与全角半角括号除外。

    name, code  fields
    names       code -> name, read on first use
    returns     Boolean per row, null where nobody can judge
    """

    def judge(pairs: pl.Series) -> pl.Series:
        known = names()
        verdicts = [
            None if said is None or (true := known.get(of)) is None else _plain(said) == _plain(true)
            for said, of in pairs.struct.unnest().iter_rows()
        ]
        return pl.Series(pairs.name, verdicts, dtype=pl.Boolean)

    pair = pl.struct(pl.col(name).alias("said"), pl.col(code).alias("of"))
    return pair.map_batches(judge, return_dtype=pl.Boolean, is_elementwise=True)


_WIDE = str.maketrans({"（": "(", "）": ")", "［": "[", "］": "]", "，": ",", " ": None})


def _plain(text: str) -> str:
    return text.translate(_WIDE)
