"""The platform finds what the cases of rules call wrong, and nothing where they call it fine or unknown.

Goal: each rule is read alike by both judges, also where drawn rows never meet it. Method: the pages of cases of
tests/cases/rules/ hold for the checks already; here the platform judges the same rows, beside the same others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl
import pytest
from drawn import CATALOG
from judged import STANDARD
from rule_cases import Case, frames_of, read_cases

from medferry.catalog.model import Table
from medferry.catalog.rules import Aggregate
from medferry.checks.later import later_verdicts
from medferry.checks.rules import Rule, compile_rules
from medferry_sandbox.platform.findings import ERROR, MISSING, Finding
from medferry_sandbox.platform.rules.beside import Beside, Shelf
from medferry_sandbox.platform.rules.book import RuleBook, Written, book_of, found

REQUIRED = "required_when "
Row = dict[str, str]


@pytest.mark.parametrize("table", CATALOG.table_names)
def test_the_platform_judges_the_cases(table: str) -> None:
    words = CATALOG.table(table)
    of_rule: dict[str, list[Rule]] = {}
    for rule in compile_rules(words, CATALOG)[0]:
        of_rule.setdefault(rule.spec.rule_id or REQUIRED + rule.spec.field, []).append(rule)
    otherwise = []
    for rule_id, cases in read_cases(words, CATALOG).items():
        by_fields = [rule for rule in of_rule[rule_id] if rule.spec.by_engine]
        entries = [rule for rule in of_rule[rule_id] if not rule.spec.by_engine]
        for n, case in enumerate(cases if entries else (), start=1):
            frames = frames_of(case, words, _together(words, entries, case), CATALOG)
            if any(_is_wrong(words, entry, frames) for entry in by_fields):
                continue  # the field by itself says so, whatever its rules say
            if case.expected == "near":
                if _refuses(rule_id, table, frames):
                    otherwise.append(f"{rule_id}, case {n}, near: the platform refuses it")
            elif _finds(rule_id, table, frames) != {case.expected == "wrong"}:
                otherwise.append(f"{rule_id}, case {n}, {case.expected}: not so by the platform")
    assert otherwise == []


def _together(table: Table, entries: Sequence[Rule], case: Case) -> Rule:
    """What the entries of a rule look at in this case, so that its rows are linked for all of them."""
    looks = {
        f"{n} {name}": look
        for n, one in enumerate(entries)
        for name, look in one.spec.looks.items()
        if look.table in case.frames or (look.table == table.name and _is_there(table, look, case))
    }
    there = {*case.frames, *([table.name] if case.batch else [])}
    pointers = dict.fromkeys(p for one in entries for p in one.pointers if _points_to(table, p[0]) in there)
    return replace(entries[0], spec=replace(entries[0].spec, looks=looks), pointers=tuple(pointers))


def _is_there(table: Table, look: Aggregate, case: Case) -> bool:
    """Whether a look at the row's own table is linked: a row alone names no other row."""
    return bool(case.batch) or all(_points_to(table, own) != table.name for own in look.on)


def _points_to(table: Table, pointer: str) -> str | None:
    key = table.by_name[pointer].key
    return key.table if key is not None else None


def _is_wrong(table: Table, entry: Rule, frames: Mapping[str, pl.DataFrame]) -> bool:
    verdict = later_verdicts(frames[table.name], table, entry, frames)["verdict"][0]
    return verdict is False


def _finds(rule_id: str, table: str, frames: Mapping[str, pl.DataFrame]) -> set[bool]:
    """Whether the platform says of the table's first row that it breaks the rule: once all is held, and also when the
    rows come in one message, where the rule looks at messages.
    """
    held = {name: [_filled(row) for row in frame.rows(named=True)] for name, frame in frames.items()}
    book, shelf = book_of(table), Shelf(STANDARD, held)
    said = [_says(rule_id, book, shelf, held[table])]
    if _of(book.messages, rule_id):
        said.append(_says_of_a_message(rule_id, book, held[table]))
    return {next(one, None) is not None for one in said}


def _refuses(rule_id: str, table: str, frames: Mapping[str, pl.DataFrame]) -> bool:
    """Whether the platform would refuse the table's first row by this rule."""
    held = {name: [_filled(row) for row in frame.rows(named=True)] for name, frame in frames.items()}
    book, row = book_of(table), held[table][0]
    beside, severities = Shelf(STANDARD, held).beside(table, row), STANDARD.severities(table)
    said = [one for rule in _of(book.rows, rule_id) for one in found(rule, rule.judge(row), severities)]
    for rule in _of(book.parents, rule_id):
        parents = [beside.pointed(pointer) for pointer in rule.reads]
        if all(parent is not None for parent in parents):
            said += found(rule, rule.judge(row, *parents), severities)
    return any(one.severity == ERROR for one in said)


def _filled(row: Mapping[str, str | None]) -> Row:
    return {name: text for name, text in row.items() if text is not None}


def _says(rule_id: str, book: RuleBook, shelf: Shelf, rows: Sequence[Row]) -> Iterator[object]:
    row = rows[0]
    beside = shelf.beside(book.table, row)
    if rule_id.startswith(REQUIRED):
        yield from _is_missing(rule_id.removeprefix(REQUIRED), book, row, beside)
        return
    yield from (said for one in _of(book.rows, rule_id) for said in one.judge(row))
    yield from _said_of_parents(_of(book.parents, rule_id), row, beside)
    yield from (said for one in _of(book.laters, rule_id) for said in one.judge(row, beside))


def _says_of_a_message(rule_id: str, book: RuleBook, rows: Sequence[Row]) -> Iterator[object]:
    yield from (said for one in _of(book.rows, rule_id) for said in one.judge(rows[0]))
    yield from (place for one in _of(book.messages, rule_id) for place, _ in one.judge(rows) if place == 0)


def _of(written: Iterable[Written], rule_id: str) -> list[Written]:
    return [one for one in written if one.rule_id == rule_id]


def _said_of_parents(written: Iterable[Written], row: Row, beside: Beside) -> Iterator[object]:
    for one in written:
        parents = [beside.pointed(pointer) for pointer in one.reads]
        if all(parent is not None for parent in parents):
            yield from one.judge(row, *parents)


def _is_missing(name: str, book: RuleBook, row: Row, beside: Beside) -> Iterator[object]:
    """A conditionally required field, by the row or by a parent; such a demand has no id in rules.csv."""
    yield from (field for field, judge in book.needed if field == name and name not in row and judge(row))
    demands = [one for one in book.parents if one.rule_id not in STANDARD.severities(book.table)]
    for said in _said_of_parents(demands, row, beside):
        if isinstance(said, Finding) and (said.code, said.field) == (MISSING, name):
            yield said
