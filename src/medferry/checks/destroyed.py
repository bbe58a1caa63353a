"""destroyed: a text that a program spoiled on its way; what it was can no longer be read from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from medferry.catalog.model import Field
from medferry.checks.registry import field_check

TextKind = Literal["number", "person", "words"]

_MOJIBAKE = (
    "[锛銆鈥][^A-Za-z0-9]"  # UTF-8 read as GBK: punctuation gone wrong; other debris is found by `characters`
)
_ONLY_MARKS = r"^[?？\s]*[?？][?？\s]*[?？][?？\s]*$"  # ??: every character was replaced
SCIENTIFIC = r"^[0-9]+(?:\.[0-9]+)?[Ee]\+[0-9]{1,3}$"
DESTROYED: Mapping[TextKind, str] = {
    "number": f"{SCIENTIFIC}|{_ONLY_MARKS}|{_MOJIBAKE}",
    "person": f".[?？]|[?？].|{_MOJIBAKE}",
    "words": f"{_ONLY_MARKS}|{_MOJIBAKE}",
}
"""Kind of text -> what shows that it was spoiled."""

_NUMBERS_ZH = ("号", "号码", "编号", "电话", "编码", "代码", "标识", "ID", "手机")
_PERSON_ZH = "姓名"


def kind_of_text(field: Field) -> TextKind:
    """Numbers and keys by the end of their Chinese name, persons' names likewise; all else are words."""
    if field.key is not None or field.name_zh.endswith(_NUMBERS_ZH):
        return "number"
    return "person" if field.name_zh.endswith(_PERSON_ZH) else "words"


@field_check("destroyed", code="3008")
def destroyed(value: pl.Expr, pattern: str) -> pl.Expr:
    """文本没有在传递中损坏。

    号码、编号、主键与数字字段不是科学计数（3.60124E+17，表格软件改写，尾数已失）；不是整段问号（??，字符集转换失败）；
    没有按 GBK 误读的标点（锛 銆 鈥）；姓名里没有问号（生僻字丢失）。叙述文字里的问号（待查？）照常放行。

    value    text column
    pattern  regular expression of what shows the damage, see `kind_of_text`
    returns  Boolean per row, null where nothing is there
    source   decisions/0007-what-may-hold.md
    """
    return ~value.str.contains(pattern)
