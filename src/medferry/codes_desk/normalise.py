"""Names brought to one form, so that what only looks different is equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ROMAN = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5", "Ⅵ": "6", "Ⅶ": "7", "Ⅷ": "8", "Ⅸ": "9", "Ⅹ": "10"}
_ROMAN_WORDS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_HAN = dict(zip("一二三四五六七八九", "123456789", strict=True))
_RANKED = "级度类型期"  # after these a numeral ranks: 二级, Ⅱ级 and 2级 are one
_HAN_RANK = re.compile(f"([一二三四五六七八九])(?=[{_RANKED}])")
_ROMAN_RANK = re.compile(f"(?<![a-z])(i{{1,3}}|iv|vi?)(?=[{_RANKED}])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|〈[^〈〉]*〉|\{[^{}]*\}")
_BETWEEN = re.compile(r"[,;/、()\[\]【】]")  # after NFKC: full-width commas and brackets are these
_MARKS = re.compile(r"[^\w+\-]|_")
_DASH = re.compile(r"[‐‑‒–—―−－~～]")
_INNER_DASH = re.compile(r"(?<=\w)-(?=\w)|^-|(?<=[\u4e00-\u9fff])-$")

# What a name may carry at its end without meaning more; longest first. At least two characters stay.
_SUFFIXES = (
    "代码", "类医嘱", "医嘱", "报告", "记录", "病例", "给药", "切口", "裂伤", "护理", "麻醉", "手术", "处方", "门诊",
    "制剂", "饮食", "人员", "剂", "科", "室", "费", "类", "性", "号", "症", "病", "法", "者", "的", "卡",
)  # fmt: skip
_KEPT_MIN = 2


@lru_cache(maxsize=200_000)
def normal(name: str) -> str:
    """NFKC, lower case, numerals of ranks as digits, no white space, no punctuation; brackets' words stay."""
    return _MARKS.sub("", _plain(name))


@lru_cache(maxsize=200_000)
def without_brackets(name: str) -> str:
    """`normal` of what stands outside brackets; `normal` itself where nothing does."""
    text, before = _plain(name), ""
    while text != before:
        before, text = text, _BRACKETS.sub("", text)
    return _MARKS.sub("", text) or normal(name)


@lru_cache(maxsize=200_000)
def core(name: str) -> str:
    """`without_brackets` less the endings that names carry or leave out at will."""
    text = without_brackets(name)
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) - len(suffix) >= _KEPT_MIN:
            return text.removesuffix(suffix)
    return text


@lru_cache(maxsize=200_000)
def alternatives(name: str) -> tuple[str, ...]:
    """The names that one entry lists: 软膏剂(油膏剂,水膏剂) is three; without those of one character, and none if one."""
    parts = _BETWEEN.split(_plain(name))
    found = dict.fromkeys(_MARKS.sub("", part) for part in parts)
    listed = tuple(part for part in found if len(part) >= _KEPT_MIN)
    return listed if len(found) > 1 else ()


def _plain(name: str) -> str:
    """Letters and digits in one form; punctuation still there."""
    text = "".join(_ROMAN.get(one, one) for one in name)
    text = _DASH.sub("-", unicodedata.normalize("NFKC", text)).lower()
    text = _HAN_RANK.sub(lambda found: _HAN[found[1]], text)
    text = _ROMAN_RANK.sub(lambda found: _ROMAN_WORDS.get(found[1], found[1]), text)
    return _INNER_DASH.sub("", text)
