"""How often the codes desk is right: the code is blanked, suggestions come from the name alone.

    python -m benchmarks.codes_suggest [DUMPS] [--all] [--failures N]

DUMPS holds dumps of real hospital systems (`zainzhao_his_mysql/his.sql`, `openhis_itaii_postgresql/public.sql`); what is
absent is skipped and said so. The synthetic hospital's code lists are always measured. What counts as right stands in
`codes_questions`.

@1 and @5 are over all names. `rec.` is the share of the names whose first suggestion was recommended, `right` how many
of these were right: both over the names that no chance was fitted on.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.codes_questions import (
    DEPARTMENTS,
    EDITIONS,
    FOLDS,
    NATIONAL,
    Edition,
    Judge,
    Question,
    coded_names,
    departments,
    fold_of,
    is_fitted,
    national,
    synthetic,
    without_fold,
)
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk.crosswalk import Crosswalk
from medferry.codes_desk.name_index import NameIndex
from medferry.codes_desk.suggest import SetSearch, Suggestion
from medferry.codes_desk.synonyms import NO_SYNONYMS

SAMPLE = 2_000
STEPS = 10  # of the table of scores
ZAINZHAO = "zainzhao_his_mysql/his.sql"
OPENHIS = "openhis_itaii_postgresql/public.sql"


@dataclass(frozen=True, slots=True)
class Answer:
    """The first suggestion to a question, None where there was none, and what was right."""

    question: Question
    first: Suggestion | None
    is_right: bool
    among_five: bool
    took_ms: float
    held_out: bool

    @property
    def is_recommended(self) -> bool:
        return self.first is not None and self.first.is_recommended


class Once:
    """A search that keeps what it answered: several ways to judge need one question."""

    def __init__(self, search: SetSearch) -> None:
        self._search = search
        self._kept: dict[str, tuple[list[Suggestion], float]] = {}

    def suggest(self, name: str) -> tuple[list[Suggestion], float]:
        """Suggestions and the milliseconds that they took."""
        if name not in self._kept:
            started = perf_counter()
            found = self._search.suggest(name)
            self._kept[name] = found, (perf_counter() - started) * 1000
        return self._kept[name]


@dataclass
class Measured:
    """What one kind of names came to. counts: its answers count among those by reason and by score."""

    title: str
    counts: bool = True
    answers: list[Answer] = field(default_factory=list)

    def ask(self, search: Once, question: Question, *, held_out: bool = True) -> None:
        found, took_ms = search.suggest(question.name)
        rights = [question.right(one.code, one.name) for one in found]
        first = found[0] if found else None
        self.answers.append(Answer(question, first, rights[:1] == [True], any(rights), took_ms, held_out))

    def line(self) -> str:
        asked = len(self.answers)
        times = sorted(one.took_ms for one in self.answers)
        held_out = [one for one in self.answers if one.held_out]
        told = [one for one in held_out if one.is_recommended]
        return (
            f"{self.title:<58} {asked:>6} {_share(one.is_right for one in self.answers):>7}"
            f" {_share(one.among_five for one in self.answers):>7} {len(held_out):>6}"
            f" {_share(one.is_recommended for one in held_out):>7} {_share(one.is_right for one in told):>7}"
            f" {times[asked // 2]:>7.1f} {times[min(asked - 1, asked * 99 // 100)]:>7.1f}"
        )


def of_synthetic(catalog: LoadedCatalog) -> Iterator[Measured]:
    """Every local name of the synthetic hospital's lists, those that differ from the standard's apart."""
    for title, synonyms in (("合成医院", None), ("合成医院（不用同义词表）", NO_SYNONYMS)):
        whole = Measured(f"{title}：全部代码表", synonyms is None)
        other = Measured(f"{title}：其中名称与标准不同的", synonyms is None)
        for set_id, names, questions in synthetic(catalog):
            search = Once(SetSearch(set_id, NameIndex(names, synonyms)))
            for question in questions:
                for measured in (whole, other) if question.name != names.get(question.standard) else (whole,):
                    measured.ask(search, question, held_out=not is_fitted(question.name))
        yield whole
        yield other


def of_national(catalog: LoadedCatalog, dump: Path) -> Iterator[Measured]:
    """Dictionaries of openHIS that hold national codes, together; --failures says which list."""
    measured = Measured("openHIS 民族、婚姻、证件、职业、国别、血型字典")
    for kind, questions in national(dump):
        search = Once(SetSearch(NATIONAL[kind], NameIndex(catalog.value_set(NATIONAL[kind]).names)))
        for question in questions:
            measured.ask(search, question)
    yield measured


def of_departments(catalog: LoadedCatalog, dump: Path) -> Iterator[Measured]:
    """Names of departments, judged by the subject of their category."""
    search = Once(SetSearch(DEPARTMENTS, NameIndex(catalog.value_set(DEPARTMENTS).names)))
    measured = Measured(f"ZainZhao 科室 → {DEPARTMENTS}（按一级科目判）")
    for question in departments(dump):
        measured.ask(search, question)
    yield measured


def of_edition(
    catalog: LoadedCatalog, dump: Path, edition: Edition, *, everything: bool
) -> Iterator[Measured | str]:
    """Diagnoses or operations of an older edition, by name."""
    judge = Judge(catalog, edition.target)
    cases = coded_names(dump, edition)
    random.Random(2026).shuffle(cases)
    cases = cases if everything else cases[:SAMPLE]
    index = judge.index
    index.warm()
    alone = Once(SetSearch(edition.target, index))
    start = f"ZainZhao {edition.title} → {edition.target}"
    questions = [judge.question(code, name) for code, name in cases]
    yield _asked(Measured(f"{start}：只凭本版名称"), alone, questions)
    strict = [judge.question(code, name, same_name=False) for code, name in cases]
    yield _asked(Measured(f"{start}：同上，同名而亚目不同算错", False), alone, strict)
    narrow = [judge.narrow_question(code, name) for code, name in cases]
    yield _asked(Measured(f"{start}：同上，只比前五个字符", False), alone, narrow)
    there = [one for one in questions if index.has(one.name)]
    yield _asked(Measured(f"{start}：其中本版有同名的", False), alone, there)
    older = catalog.value_set(edition.older).names
    hidden = Measured(f"{start}：加旧版（五折，旧版不含被问的）")
    for fold in range(FOLDS):
        known = Crosswalk(index, {}, NameIndex(without_fold(older, fold)))
        search = Once(SetSearch(edition.target, index, known))
        _asked(hidden, search, [one for one in questions if fold_of(one.name) == fold])
    yield hidden
    search = Once(SetSearch(edition.target, index, Crosswalk(index, {}, NameIndex(older))))
    yield _asked(Measured(f"{start}：加旧版（含被问的，不算盲测）", False), search, questions)
    yield _ceiling(judge, cases, hidden)


def _asked(measured: Measured, search: Once, questions: Sequence[Question]) -> Measured:
    for question in questions:
        measured.ask(search, question, held_out=not is_fitted(question.name))
    return measured


def _ceiling(judge: Judge, cases: Sequence[tuple[str, str]], blind: Measured) -> str:
    """What no ranking can reach: names whose subcategory the target lacks, and names that the editions place apart."""
    placed = [(code, name) for code, name in cases if judge.has_place(code)]
    apart = [
        (code, name)
        for code, name in cases
        if (equal := judge.equal_codes(name)) and not equal & set(judge.subcategories.codes_of(code))
    ]
    wrong = sum(not one.is_right for one in blind.answers)
    lost = {name for code, name in cases if not judge.has_place(code)}
    hopeless = sum(not one.is_right and one.question.name in lost for one in blind.answers)
    narrowly = sum(judge.has_narrow_place(code) for code, _ in cases)
    return (
        f"    ceiling: {len(placed) / len(cases):.1%} have an entry in their subcategory, {narrowly / len(cases):.1%}"
        f" if all its characters count; the same words stand in"
        f" another subcategory for {len(apart) / len(cases):.1%}; of {wrong} failures {hopeless} have no entry"
    )


def _share(them: Iterable[bool]) -> str:
    found = list(them)
    return f"{sum(found) / len(found):.1%}" if found else "-"


def measured_kinds(dumps: Path | None, *, everything: bool) -> Iterator[Measured | str]:
    """Everything there is to measure; a text says what was skipped and why, or what stands beside a figure."""
    catalog = load_catalog()
    yield from of_synthetic(catalog)
    for name in (OPENHIS, ZAINZHAO):
        dump = dumps / name if dumps else None
        if dump is None or not dump.is_file():
            why = f"{name} is not there" if dumps else f"no folder of dumps was given ({name})"
            yield f"skipped: {why}"
        elif name == OPENHIS:
            yield from of_national(catalog, dump)
        else:
            yield from of_departments(catalog, dump)
            for edition in EDITIONS:
                yield from of_edition(catalog, dump, edition, everything=everything)


def print_by_reason(answers: Sequence[Answer]) -> None:
    """How often first suggestions were right, by reason, then by what their score said."""
    print("\nhow often the first suggestion is right, by its reason")
    shown = [(one.first, one) for one in answers if one.first is not None]
    for reason in dict.fromkeys(first.reason for first, _ in shown):
        rights = [one.is_right for first, one in shown if first.reason is reason]
        print(f"  {reason.value:<14} {_share(rights):>7} of {len(rights)}")
    print("\nwhat the score says and how often it was so, names not fitted on")
    for step in reversed(range(STEPS + 1)):
        within = [(first, one) for first, one in shown if one.held_out and int(first.score * STEPS) == step]
        if within:
            said = sum(first.score for first, _ in within) / len(within)
            print(f"  {said:>6.1%} {_share(one.is_right for _, one in within):>7} of {len(within)}")


def main() -> int:
    """Prints a line per kind, how sure each reason was, and failures if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dumps", nargs="?", type=Path)
    parser.add_argument("--all", action="store_true", help=f"all names, not {SAMPLE} of a kind")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="so many of each kind")
    options = parser.parse_args()
    print(
        f"{'kind':<58} {'names':>6} {'@1':>7} {'@5':>7} {'h.out':>6} {'rec.':>7} {'right':>7} {'p50 ms':>7} {'p99 ms':>7}"
    )
    answers: list[Answer] = []
    for one in measured_kinds(options.dumps, everything=options.all):
        if isinstance(one, str):
            print(one, flush=True)
            continue
        print(one.line(), flush=True)
        for wrong in [answer for answer in one.answers if not answer.is_right][: options.failures]:
            first = wrong.first
            best = f"{first.code} {first.name} {first.score:.2f} {first.grade.value}" if first else "-"
            print(f"    {wrong.question.said or wrong.question.name} -> {best}")
        answers += one.answers if one.counts else []
    print_by_reason(answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
