"""Measures what the codes desk's matches are worth: writes src/medferry/codes_desk/rates.csv and weights.csv.

    python -m benchmarks.codes_chances

Asks one half of the names with a known answer (`is_fitted`); the other half is left to `benchmarks.codes_suggest`.
Small sets: the synthetic hospital's lists, with and without the list of synonyms, and once more, for one question in
ten, with the right answer taken out of the set: a local name may have no standard code. Classifications: the catalog's
older editions, a fifth of their names hidden while it is asked, and again with nothing hidden.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from benchmarks.codes_questions import (
    EDITIONS,
    FOLDS,
    Edition,
    Judge,
    Right,
    fold_of,
    is_fitted,
    synthetic,
    without_fold,
)  # fmt: skip
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk import chances
from medferry.codes_desk.chances import LARGE, OF_DEGREE, SENSES, Standing
from medferry.codes_desk.crosswalk import Crosswalk
from medferry.codes_desk.name_index import NameIndex, Reason
from medferry.codes_desk.normalise import normal
from medferry.codes_desk.pinyin import initials
from medferry.codes_desk.suggest import SetSearch
from medferry.codes_desk.synonyms import NO_SYNONYMS

SAMPLE = 1_500  # names of a classification
NO_ANSWER = 1 / 9  # weight of a question without an answer: one in ten
ROUNDS = 30
RIDGE = 0.1  # pulls weights of traits towards 0, so that few cases say little
CASES_MIN = 30  # fewer fit no weights
FOLDER = Path(chances.__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One match that was shown, and whether it was right."""

    family: str
    standing: Standing
    is_first: bool
    is_right: bool
    weight: float


def small_cases(catalog: LoadedCatalog) -> Iterator[Case]:
    """Of the synthetic hospital's lists."""
    for set_id, names, questions in synthetic(catalog):
        for synonyms in (None, NO_SYNONYMS):
            search = SetSearch(set_id, NameIndex(names, synonyms))
            for question in questions:
                if not is_fitted(question.name):
                    continue
                yield from _cases(search, search.standings(question.name), question.right, 0.5)
                fewer = {code: name for code, name in names.items() if code != question.standard}
                without = SetSearch(set_id, NameIndex(fewer, synonyms))
                yield from _cases(without, without.standings(question.name), lambda *_: False, NO_ANSWER / 2)
                if synonyms is None:
                    letters = initials(normal(question.name))
                    yield from _cases(search, search.standings("", letters), question.right, 1.0)


def classified_cases(catalog: LoadedCatalog, edition: Edition) -> Iterator[Case]:
    """Of an older edition: what it says itself and what the target's names say without it."""
    older = dict(catalog.value_set(edition.older).names)
    judge = Judge(catalog, edition.target)
    asked = [(code, name) for code, name in older.items() if is_fitted(name)]
    random.Random(2026).shuffle(asked)
    for fold in range(FOLDS + 1):  # the last hides nothing
        known = NameIndex(without_fold(older, fold))
        search = SetSearch(edition.target, judge.index, Crosswalk(judge.index, {}, known))
        for code, name in asked[:SAMPLE]:
            if fold in {fold_of(name), FOLDS}:
                right = judge.question(code, name).right
                yield from _cases(search, search.standings(name), right, 0.5)


def placed_alike(catalog: LoadedCatalog, edition: Edition) -> tuple[int, int]:
    """Names that both editions have, and those of them that both place in the same subcategory."""
    judge = Judge(catalog, edition.target)
    both = [
        judge.equal_codes(name) & set(judge.subcategories.codes_of(code))
        for code, name in catalog.value_set(edition.older).names.items()
        if is_fitted(name) and judge.equal_codes(name)
    ]
    return len(both), sum(map(bool, both))


def _cases(search: SetSearch, found: Sequence[Standing], right: Right, weight: float) -> Iterator[Case]:
    for place, one in enumerate(found):
        is_right = right(one.match.code, one.match.name)
        yield Case(search.family, one, place == 0, is_right, weight)


def fitted(cases: Sequence[Case]) -> dict[str, float]:
    """Weights of a logistic function by Newton's method; a trait that counts against its sense is left out."""
    traits = list(SENSES)
    while True:
        weights = _newton(cases, traits)
        wrong = [trait for trait in traits if SENSES[trait] * weights[trait] < 0]
        if not wrong:
            return weights
        traits.remove(max(wrong, key=lambda trait: abs(weights[trait])))


def _newton(cases: Sequence[Case], traits: Sequence[str]) -> dict[str, float]:
    rows = [
        ([one.standing.traits.get(trait, 1.0) for trait in traits], float(one.is_right), one.weight)
        for one in cases
    ]
    size = len(traits)
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [
            -RIDGE * weight * (trait != "constant") for weight, trait in zip(weights, traits, strict=True)
        ]
        bend = [
            [RIDGE * (at == other and traits[at] != "constant") for other in range(size)]
            for at in range(size)
        ]
        for row, wanted, heft in rows:
            total = sum(weight * value for weight, value in zip(weights, row, strict=True))
            said = 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))
            off, steep = heft * (wanted - said), heft * said * (1.0 - said)
            for at in range(size):
                slope[at] += off * row[at]
                for other in range(size):
                    bend[at][other] += steep * row[at] * row[other]
        step = _solved(bend, slope)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return dict(zip(traits, weights, strict=True))


def _solved(matrix: list[list[float]], wanted: list[float]) -> list[float]:
    """Solves a small system of linear equations by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, wanted, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for row in range(size):
            if row != at and rows[row][at]:
                share = rows[row][at] / rows[at][at]
                rows[row] = [one - share * other for one, other in zip(rows[row], rows[at], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


def write_rates(catalog: LoadedCatalog, cases: Sequence[Case], families: Sequence[str]) -> None:
    """Reasons that hold or do not hold."""
    seen: dict[tuple[str, Reason], tuple[float, float]] = {}
    for one in cases:
        reason = one.standing.match.reason
        if reason not in OF_DEGREE and one.is_first and one.standing.tied == 1:
            asked, right = seen.get((one.family, reason), (0.0, 0.0))
            seen[one.family, reason] = asked + one.weight, right + one.weight * one.is_right
    for edition in EDITIONS:
        seen[edition.target, Reason.OLD_CODE] = placed_alike(catalog, edition)
    with (FOLDER / "rates.csv").open("w", encoding="utf-8", newline="") as file:
        rates = csv.writer(file, lineterminator="\n")
        rates.writerow(["family", "reason", "asked", "right", "chance"])
        for family in families:
            for reason in Reason:
                if (family, reason) in seen:
                    asked, right = seen[family, reason]
                    said = (right + 1) / (asked + 2)
                    rates.writerow([family, reason.value, f"{asked:.0f}", f"{right:.0f}", f"{said:.3f}"])


def write_weights(cases: Sequence[Case], families: Sequence[str]) -> None:
    """Reasons of degree."""
    with (FOLDER / "weights.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["family", "reason", "cases", *SENSES])
        for family in families:
            for reason in sorted(OF_DEGREE, key=list(Reason).index):
                of_both = [
                    one for one in cases if one.family == family and one.standing.match.reason is reason
                ]
                if len(of_both) < CASES_MIN:
                    continue
                weights = fitted(of_both)
                shown = [f"{weights[trait]:.3f}" if trait in weights else "" for trait in SENSES]
                table.writerow([family, reason.value, len(of_both), *shown])


def main() -> None:
    """Asks, fits, writes both files."""
    catalog = load_catalog()
    cases = list(small_cases(catalog))
    for edition in EDITIONS:
        of_edition = list(classified_cases(catalog, edition))
        cases += of_edition
        cases += [Case(LARGE, one.standing, one.is_first, one.is_right, one.weight) for one in of_edition]
    families = list(dict.fromkeys(one.family for one in cases))
    write_rates(catalog, cases, families)
    write_weights(cases, families)


if __name__ == "__main__":
    main()
