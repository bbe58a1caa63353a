"""Remarks of an import by what caused them: a book with one unknown column in 63 tables has one thing to mend, not 63."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from medferry.books.sheets import Remark, Severity

PLACES_MAX = 3
_OF_THE_PLACE = re.compile(r"“[^”]*”|[A-Za-z_][A-Za-z0-9_.]*|[0-9]+")
"""What differs from place to place in the same sentence: quoted words of the book, names of tables and fields, numbers."""


@dataclass(slots=True)
class Cause:
    """One sentence and one way out, wherever they were said. text: as said first"""

    severity: Severity
    text: str
    fix: str
    places: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The first places, and how many more there are."""
        shown = "、".join(one for one in self.places[:PLACES_MAX] if one)
        more = len(self.places) - PLACES_MAX
        return f"{shown} 等 {len(self.places)} 处" if more > 0 else shown


def causes_of(remarks: Iterable[Remark]) -> list[Cause]:
    """In the order in which each was first said."""
    found: dict[tuple[str, str, str], Cause] = {}
    for one in remarks:
        key = (one.severity, _OF_THE_PLACE.sub("*", one.text), _OF_THE_PLACE.sub("*", one.fix))
        cause = found.setdefault(key, Cause(one.severity, one.text, one.fix))
        cause.places.append(one.place)
    return list(found.values())
