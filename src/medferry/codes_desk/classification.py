"""How names of a classification are worded: what says nothing, what the hospital's older words are called today.

rewordings.csv is learned by `python -m benchmarks.codes_rewordings` from one half of an older edition's names: word
pairs that told names of the same subcategory apart and whose exchange turned wrong answers right.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

from medferry.codes_desk.subcategories import Subcategories

_OTHER = "其他"
REWORDINGS_MAX = 64  # value sets; fewer have rewordings
_SAYS_NOTHING = re.compile(
    "其他和未特指的?|其他特指的?|未特指的?|不可归类在他处者?|其他的?|的|nos|nec"
)  # in normal names; longest first


class Classification:
    """A value set whose codes have subcategories. rewordings: applied in their order; None takes the list shipped."""

    def __init__(
        self,
        set_id: str,
        codes: Iterable[str],
        letters: int,
        rewordings: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        self.subcategories = Subcategories(codes, letters)
        self._rewordings = load_rewordings(set_id) if rewordings is None else tuple(rewordings)

    def reworded(self, name: str) -> str:
        """A normal name in the words of this classification."""
        for word, means in self._rewordings:
            if word in name and not (word in means and means in name):
                name = name.replace(word, means)
        return name


@lru_cache(maxsize=200_000)
def telling(name: str) -> str:
    """A normal name without the words that say nothing; `name` itself where nothing else stands."""
    return _SAYS_NOTHING.sub("", name) or name


def is_of_others(name: str) -> bool:
    """Whether a name says that it is of the others: 其他 is its own subcategory, mostly .8, beside .9."""
    return _OTHER in name


@lru_cache(maxsize=REWORDINGS_MAX)
def load_rewordings(set_id: str) -> tuple[tuple[str, str], ...]:
    """The pairs shipped for a value set, in the order in which they are applied."""
    text = files("medferry.codes_desk").joinpath("rewordings.csv").read_text(encoding="utf-8")
    return tuple(
        (row["word"], row["means"]) for row in csv.DictReader(text.splitlines()) if row["set"] == set_id
    )
