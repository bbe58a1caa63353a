"""The subcategory of a classification's code, as far as two editions divide alike.

Editions share the characters before their own digits (A00.0, 00.01). Where one does not divide a category, it writes x
in that place (V75.x00, 15.3x00), or, the old edition of operations, 0 (15.303 is 15.3 with 03): then the category tells.
"""

from __future__ import annotations

from collections.abc import Iterable

_UNDIVIDED = "X"
_UNDIVIDED_OLD = ("0", "")
_WITHIN_CATEGORY = 2  # characters of a subcategory behind its category: J42.0, 38.93


class Subcategories:
    """The subcategories of one value set. letters: characters that editions share; 0 where codes have no such order."""

    def __init__(self, codes: Iterable[str], letters: int) -> None:
        self.letters = letters
        self._codes: dict[str, list[str]] = {}
        self._by_category: dict[str, list[str]] = {}
        for code in codes if letters else ():
            own = self.of(code)
            self._codes.setdefault(own, []).append(code)
            self._by_category.setdefault(own[:-1], []).append(code)
        self._categories = frozenset(own[: letters - _WITHIN_CATEGORY] for own in self._codes)

    def of(self, code: str) -> str:
        """The shared characters; a zero lost before the point comes back, letter case does not matter."""
        if not self.letters:
            return code
        whole, point, rest = code.upper().partition(".")
        return (whole.rjust(2, "0") + point + rest)[: self.letters]

    def category_of(self, code: str) -> str | None:
        """The category in which this set has codes where another edition's code belongs (J42, 38); None outside of all."""
        own = self.of(code.strip())[: self.letters - _WITHIN_CATEGORY]
        return own if own in self._categories else None

    def codes_of(self, other_code: str) -> list[str]:
        """This set's codes where another edition's code belongs; none where the set has no such place."""
        own = self.of(other_code)
        if own in self._codes:
            return self._codes[own]
        category = own[: self.letters - 1]
        if category + _UNDIVIDED in self._codes:
            return self._codes[category + _UNDIVIDED]
        digit = own[self.letters - 1 :]
        if digit == _UNDIVIDED or (own[:1].isdigit() and digit in _UNDIVIDED_OLD):
            return self._by_category.get(category, [])
        return []
