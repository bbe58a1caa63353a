"""name_of_code: a name is the one that its code has in the standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from medferry.checks.registry import check


@check("name_of_code", code="5003")
def name_of_code(
    name: str, code: str, names: Callable[[], Mapping[str, str]], first: int | None = None
) -> pl.Expr:
    """`name` 是 `code` 在标准值域中的名称。

    值域为 `code` 字段自己的，或规则里 value_set 所写的。代码不在清单中、任一为空时不判断。逐字比较，空白与全角半角括号除外。
    写 `first` 时是代码前几位（其后补 0）的名称：行政区划代码前 2 位是省、前 4 位是市。

    name, code  fields
    names       code -> name, read on first use
    first       so many characters of the code, the rest zeros
    returns     Boolean per row, null where nobody can judge
    """
    plain = _PlainNames(names, first)

    def meant(codes: pl.Series) -> pl.Series:
        return pl.Series(codes.name, map(plain.__getitem__, codes.to_list()), dtype=pl.String)

    standard = pl.col(code).map_batches(meant, return_dtype=pl.String, is_elementwise=True)
    return pl.col(name).str.replace_many(list(_WIDE), list(_WIDE.values())) == standard


class _PlainNames(dict[str | None, str | None]):
    """Code -> its name, or that of its beginning, in one writing, for the codes that were met: of thousands, few are."""

    def __init__(self, names: Callable[[], Mapping[str, str]], first: int | None) -> None:
        super().__init__({None: None})
        self._names = names
        self._first = first

    def __missing__(self, code: str) -> str | None:
        name = self._names().get(code if self._first is None else code[: self._first].ljust(len(code), "0"))
        self[code] = None if name is None else name.translate(_TRANSLATION)
        return self[code]


_WIDE = {"（": "(", "）": ")", "［": "[", "］": "]", "，": ",", " ": ""}
_TRANSLATION = str.maketrans(_WIDE)
