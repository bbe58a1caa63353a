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

    plain: dict[str, str | None] = {}  # of thousands of codes, few are met

    def meant(of: str) -> str | None:
        if of not in plain:
            name = names().get(of)
            plain[of] = None if name is None else name.translate(_TRANSLATION)
        return plain[of]

    def judge(pairs: pl.Series) -> pl.Series:
        columns = pairs.struct.unnest()
        verdicts = [
            None if said is None or (true := meant(of)) is None else said == true
            for said, of in zip(columns["said"].to_list(), columns["of"].to_list(), strict=True)
        ]
        return pl.Series(pairs.name, verdicts, dtype=pl.Boolean)

    pair = pl.struct(_same_writing(pl.col(name)).alias("said"), pl.col(code).alias("of"))
    return pair.map_batches(judge, return_dtype=pl.Boolean, is_elementwise=True)


_WIDE = {"（": "(", "）": ")", "［": "[", "］": "]", "，": ",", " ": ""}

_TRANSLATION = str.maketrans(_WIDE)


def _same_writing(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_WIDE), list(_WIDE.values()))
