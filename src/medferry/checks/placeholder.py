"""placeholder: a required field is not filled with a word that says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from medferry.catalog.model import Field
from medferry.checks.registry import field_check

_ANSWERS = ("无", "未知", "不详")  # said of an illness in prose they are an answer: 过敏史 无
_SIGNS = ("-", "--", "---", "—", "——", "–", "－", "~", "/", "//", "\\", "／", "*", "**", ".", "。", "?", "？")
_MACHINES = (
    "空",
    "空值",
    "null",
    "NULL",
    "Null",
    "none",
    "None",
    "NONE",
    "N/A",
    "n/a",
    "nan",
    "NaN",
    "nil",
    "undefined",
)
PLACEHOLDERS = (*_SIGNS, *_MACHINES, "", *_ANSWERS)
"""What hospitals write when they have nothing; the empty text because mapping should have made it null."""

_ALLOWED = re.compile("填[“‘\"']?(无|-)")  # the standard's own words: 无则填无, 无单位填“-”


@field_check("placeholder", code="3007")
def placeholder(value: pl.Expr, words: Sequence[str] = PLACEHOLDERS) -> pl.Expr:
    """必填项不以占位词充数。

    占位词：单独的符号（- — / * ? 等）、机器写的空（null NaN N/A 等）、空串，以及（长文本字段除外）无 未知 不详。
    长文本字段（如过敏史、既往史）写“无”是回答，不是占位。
    只查必填、格式为任意字符、且没有封闭值域的字段；其余字段填占位词时，格式或值域检查已能发现。
    字段说明写明“无则填‘无’”或“填‘-’”的，该词可用。该字段被豁免必填时，本检查同样豁免。
    缺了就不能送的字段填符号或机器写的空，与空着一样拦截；写 无 未知 不详 的，以及缺了只提醒的字段，只提醒。

    value    text column
    words    the words refused, see `words_refused`
    returns  Boolean per row, null where nothing is there
    source   platform code 3007
    """
    return ~value.is_in(list(words))


def answers_asked_for(field: Field) -> set[str]:
    """What the field's own words tell to write where there is nothing: 无 or -."""
    return set(_ALLOWED.findall(field.description_zh))


def words_refused(field: Field) -> tuple[str, ...]:
    """PLACEHOLDERS without those that are an answer in this field."""
    silent, told = words_by_weight(field)
    return (*silent, *told)


def words_by_weight(field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words refused: those that say nothing at all, and those by which
    somebody said that it is not known (不详), which is worth a warning only.
    """
    allowed = answers_asked_for(field)
    silent = tuple(word for word in PLACEHOLDERS if word not in allowed and word not in _ANSWERS)
    told = () if field.type == "text" else tuple(word for word in _ANSWERS if word not in allowed)
    return silent, told
