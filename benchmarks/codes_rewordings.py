"""Learns what older editions' words are called today: writes src/medferry/codes_desk/rewordings.csv.

    python -m benchmarks.codes_rewordings

From one half of the older editions' names (`is_fitted`) only. A name is laid beside the most alike names of its own
subcategory; where they differ, one word stands for the other. Pairs seen in several subcategories are tried one after
the other, the most useful first, and kept where they turn clearly more wrong answers right than right ones wrong.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from rapidfuzz.distance import Indel

from benchmarks.codes_questions import EDITIONS, Edition, Judge, Question, is_fitted
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk import classification
from medferry.codes_desk.classification import Classification
from medferry.codes_desk.name_index import CEILING, REWORDING_BELOW, NameIndex, Reason
from medferry.codes_desk.normalise import without_brackets
from medferry.codes_desk.synonyms import load_synonyms

ALIKE_MIN = 0.45  # names less alike tell no pairs
BESIDE = 3  # names of the subcategory that a name is laid beside
AROUND = 2  # characters on each side that may belong to a pair
WORD_MAX = 8
SUBCATEGORIES_MIN = 3
MENDED_MIN = 3  # more answers mended than spoilt
MENDED_TIMES = 3  # and so many times as many
GLANCE = 40  # questions after which a pair that has mended none is left
UNTRUE = (
    "骨膜缝合",
    "术伴",
    "位术",
    "骨切",
    "瘤切",
    "经肿",
    "大网",
    "脱位",
    "出血",
)  # right by luck, another thing by meaning
FILE = Path(classification.__file__).parent / "rewordings.csv"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A pair that mended more than it spoilt."""

    pair: Pair
    mended: int
    spoilt: int
    subcategories: int


class Trial:
    """The fitted half of an older edition, asked with the pairs kept so far."""

    def __init__(self, catalog: LoadedCatalog, edition: Edition) -> None:
        judge = Judge(catalog, edition.target)
        self._subcategories = judge.subcategories
        self._names = judge.names
        plain = Classification(edition.target, judge.names, judge.subcategories.letters, ())
        self._index = NameIndex(judge.names, None, plain)
        self._coded = [one for one in catalog.value_set(edition.older).names.items() if is_fitted(one[1])]
        self._found: dict[str, tuple[float, str, str]] = {}
        self._questions = {name: judge.question(code, name) for code, name in self._coded}
        self._words = {name: _bare(name) for name in self._questions}
        self._without = {name: self._answer(one, name, 1.0) for name, one in self._questions.items()}
        self._right = {name: right for name, (_, right) in self._without.items()}

    def pairs(self) -> Mapping[Pair, int]:
        """Pairs of words and the number of subcategories where they were seen."""
        found: dict[Pair, set[str]] = defaultdict(set)
        for code, name in self._coded:
            own = _bare(name)
            there = {one: _bare(self._names[one]) for one in self._subcategories.codes_of(code)}
            alike = sorted(there.items(), key=lambda item: -Indel.normalized_similarity(own, item[1]))
            for one, other in alike[:BESIDE]:
                if own == other or Indel.normalized_similarity(own, other) < ALIKE_MIN:
                    continue
                for pair in set(_differences(own, other)):
                    found[pair].add(self._subcategories.of(one))
        return {pair: len(them) for pair, them in found.items() if len(them) >= SUBCATEGORIES_MIN}

    def effect(self, pair: Pair, *, keep: bool = False) -> tuple[int, int]:
        """Answers mended and spoilt if this pair is exchanged too."""
        word, means = pair
        mended = spoilt = looked = 0
        for name, words in self._words.items():
            if (
                word not in words
                or (word in means and means in words)
                or self._without[name][0] >= REWORDING_BELOW
            ):
                continue
            looked += 1
            if looked > GLANCE and not mended:
                break
            changed = words.replace(word, means)
            strength, right = self._answer(self._questions[name], changed, CEILING[Reason.REWORDED])
            if strength <= self._without[name][0]:
                right = self._without[name][1]
            mended += right and not self._right[name]
            spoilt += self._right[name] and not right
            if keep:
                self._words[name], self._right[name] = changed, right
        return mended, spoilt

    def _answer(self, question: Question, name: str, ceiling: float) -> tuple[float, bool]:
        if name not in self._found:
            best = self._index.suggest(name, limit=1)
            strength = best[0].strength if best else 0.0
            if best and ceiling < 1.0:
                strength *= ceiling / CEILING[best[0].reason]
            self._found[name] = (strength, best[0].code, best[0].name) if best else (0.0, "", "")
        strength, code, called = self._found[name]
        return strength, question.right(code, called)


def _bare(name: str) -> str:
    return load_synonyms().applied(without_brackets(name))


def _differences(own: str, other: str) -> Iterator[Pair]:
    """What stands in the one where the other has something else, with and without the characters around."""
    codes = SequenceMatcher(None, own, other, autojunk=False).get_opcodes()
    spans = [list(span) for kind, *span in codes if kind != "equal"]
    joined: list[list[int]] = []
    for span in spans:
        if joined and span[0] - joined[-1][1] <= 1:  # one equal character between belongs to the word
            joined[-1] = [joined[-1][0], span[1], joined[-1][2], span[3]]
        else:
            joined.append(span)
    for start, end, other_start, other_end in (*spans, *joined):
        for before in range(AROUND + 1):
            for after in range(AROUND + 1):
                word = own[max(0, start - before) : end + after]
                means = other[max(0, other_start - before) : other_end + after]
                around = own[max(0, start - before) : start], own[end : end + after]
                beside = (
                    other[max(0, other_start - before) : other_start],
                    other[other_end : other_end + after],
                )
                if around == beside and 2 <= len(word) <= WORD_MAX and 1 <= len(means) <= WORD_MAX:
                    yield word, means


def learned(catalog: LoadedCatalog, edition: Edition) -> list[Kept]:
    """The pairs to apply, in their order."""
    trial = Trial(catalog, edition)
    pairs = {
        pair: seen for pair, seen in trial.pairs().items() if not any(word in pair[0] for word in UNTRUE)
    }
    alone = {pair: trial.effect(pair) for pair in pairs}
    useful = [pair for pair, (mended, spoilt) in alone.items() if mended - spoilt >= MENDED_MIN]
    useful.sort(key=lambda pair: (alone[pair][1] - alone[pair][0], -pairs[pair], len(pair[0]), pair))
    kept = []
    for pair in useful:
        mended, spoilt = trial.effect(pair)
        if mended - spoilt >= MENDED_MIN and mended >= MENDED_TIMES * spoilt:
            trial.effect(pair, keep=True)
            kept.append(Kept(pair, mended, spoilt, pairs[pair]))
    return kept


def main() -> None:
    """Learns and writes."""
    catalog = load_catalog()
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["set", "word", "means", "mended", "spoilt", "subcategories"])
        for edition in EDITIONS:
            for one in learned(catalog, edition):  # a few minutes
                table.writerow([edition.target, *one.pair, one.mended, one.spoilt, one.subcategories])


if __name__ == "__main__":
    main()
