"""Qualifiers of names that exclude each other: acute and chronic, left and right, benign and malignant, with and without.

qualifiers.csv: one line per value of a class, with the pattern by which a name says it. Two names contradict where both say
something of one class and share no value of it. What only one of them says is no contradiction: it may be the narrower name.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

_NUMBERED = re.compile(
    r"(?P<number>[0-9]{1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧ]|[IVX]{1,4}|[一二三四五六七八]|[轻中重极早晚末])(?P<of>[型度级期])"
)
_NUMBERS: Mapping[str, str] = {
    one: str(number)
    for row in ("一二三四五六七八", "ⅠⅡⅢⅣⅤⅥⅦⅧ", ("I", "II", "III", "IV", "V", "VI", "VII", "VIII"))
    for number, one in enumerate(row, 1)
}
_NOT = re.compile(r"非(?P<of>[一-鿿]{1,5}?)(?:性|型|依赖)")
_KEPT = 50_000  # names


def contradict(one: str, other: str) -> bool:
    """Whether two names cannot mean the same thing, as far as their qualifiers tell."""
    one, other = _plainly(one), _plainly(other)
    a, b = said(one), said(other)
    if any(a[name].isdisjoint(b[name]) for name in a.keys() & b.keys()):
        return True
    return _denies(one, other) or _denies(other, one)


def leaves_out(one: str, other: str) -> bool:
    """Whether a name says something that the other does not: 胃肠炎(慢性) is more than 胃肠炎, 1型(2型) more than 1型."""
    others = said(_plainly(other))
    return any(not values <= others.get(kind, frozenset()) for kind, values in said(_plainly(one)).items())


@lru_cache(maxsize=_KEPT)
def said(name: str) -> Mapping[str, frozenset[str]]:
    """Class of qualifiers -> the values that a name says of it."""
    found: dict[str, set[str]] = {}
    for (kind, value), pattern in _patterns().items():
        if pattern.search(name):
            found.setdefault(kind, set()).add(value)
    for numbered in _NUMBERED.finditer(name):
        number = _NUMBERS.get(numbered["number"], numbered["number"])
        found.setdefault(f"number of {numbered['of']}", set()).add(number)
    return {kind: frozenset(values) for kind, values in found.items()}


def _denies(one: str, other: str) -> bool:
    """One says 非…性 and the other says it of itself: 非感染性 and 感染性."""
    for found in _NOT.finditer(one):
        of = found["of"]
        if of in other and f"非{of}" not in other:
            return True
    return False


@cache
def _patterns() -> Mapping[tuple[str, str], re.Pattern[str]]:
    text = files("medferry.codes_desk").joinpath("qualifiers.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["class"], row["value"]): re.compile(row["pattern"]) for row in rows}


def _plainly(name: str) -> str:
    """A name as qualifiers are looked for in it: one width, but Roman numerals as they are."""
    return "".join(one if one in "ⅠⅡⅢⅣⅤⅥⅦⅧ" else unicodedata.normalize("NFKC", one) for one in name)
