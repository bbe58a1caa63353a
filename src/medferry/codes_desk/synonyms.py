"""Words that mean the same: data in synonyms.csv, applied to normal names."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from medferry.codes_desk.normalise import normal


@dataclass(frozen=True)
class Synonyms:
    """whole: a name as such -> another; parts: words inside names -> the word that stands for them."""

    whole: Mapping[str, str]
    parts: Mapping[str, str]

    def applied(self, name: str) -> str:
        """The one name of all that mean the same; `name` and the result are normal names."""
        text = self.whole.get(name, name)
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self.parts[found[0]], text)

    @property
    def _pattern(self) -> re.Pattern[str] | None:
        return _pattern(tuple(self.parts)) if self.parts else None


NO_SYNONYMS = Synonyms({}, {})


PATTERNS_MAX = 16  # of lists of words: the shipped one, and those of tests


@lru_cache(maxsize=PATTERNS_MAX)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


@cache
def load_synonyms() -> Synonyms:
    """The list shipped with the program."""
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    text = files("medferry.codes_desk").joinpath("synonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        into = whole if row["kind"] == "whole" else parts
        into[normal(row["word"])] = normal(row["means"])
    for word, means in whole.items():  # 女儿 is 女, 女 is 女性
        whole[word] = whole.get(means, means)
    return Synonyms(whole, parts)
