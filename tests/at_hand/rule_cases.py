"""The cases of rules: tests/cases/rules/<table>.yaml, one page per table, read and judged. How to write them: RULES.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl
import yaml

from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.checks.later import later_verdicts
from medferry.checks.rules import Rule, compile_rules
from medferry.records import Severity

CASES = Path(__file__).parents[1] / "cases" / "rules"
ORG, LINK = "12360100A00000001X", "X"
_WORDS = {"true": "T", "false": "F", "null": None, "": None, "~": None}
Row = dict[str, str | None]
Expected = Literal["fine", "wrong", "unknown", "near"]
MUTATIONS = ("verdict inverted", "check inverted", "condition inverted")


@dataclass
class Case:
    """One row with what stands beside it.

    near    the strangest correct row that comes close: whatever warns of it, nothing may hold it
    batch   further rows of the same table
    frames  rows of other tables; a table that is not named was not looked at
    """

    expected: Expected
    row: Row
    batch: list[Row] = field(default_factory=list)
    frames: dict[str, list[Row]] = field(default_factory=dict)


def read_cases(table: Table, catalog: LoadedCatalog) -> dict[str, list[Case]]:
    """Rule id, or `required_when <field>` -> its cases; ValueError for pages that are not of this form."""
    path = CASES / f"{table.name}.yaml"
    if not path.is_file():
        return {}
    page = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506 - texts only
    required = page.pop("required_when", {})
    for rule_id, near in _near_of(table, catalog).items():
        page.setdefault(rule_id, {})["near"] = near
    page.update({f"required_when {name}": cases for name, cases in required.items()})
    found: dict[str, list[Case]] = {}
    for rule_id, groups in page.items():
        if not isinstance(groups, dict) or set(groups) - {"fine", "wrong", "unknown", "near"}:
            raise ValueError(f"{path.name}: {rule_id} has fine, wrong, unknown and near")
        found[rule_id] = [
            _case(raw, expected, table, catalog) for expected, cases in groups.items() for raw in cases
        ]
    return found


def _near_of(table: Table, catalog: LoadedCatalog) -> Mapping[str, list[Mapping[str, object]]]:
    """`near` of the table's rules.yaml, where lint asks for it, as texts."""
    path = catalog.rule_book(table.name).path
    if path is None:
        return {}
    page = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}  # noqa: S506 - texts only
    near: Mapping[str, list[Mapping[str, object]]] = page.get("near") or {}
    return near


def _case(raw: Mapping[str, object], expected: Expected, table: Table, catalog: LoadedCatalog) -> Case:
    parts = raw if "row" in raw else {"row": raw}
    if unknown := set(parts) - {"row", "batch", "frames"}:
        raise ValueError(f"{table.name}: a case has row, batch, frames, not {unknown}")
    frames = {
        name: [_row(one, catalog.table(name)) for one in (rows if isinstance(rows, list) else [rows])]
        for name, rows in (parts.get("frames") or {}).items()
    }
    batch = [_row(one, table) for one in parts.get("batch") or []]
    return Case(expected, _row(parts["row"], table), batch, frames)


def _row(raw: Mapping[str, str], table: Table) -> Row:
    if unknown := set(raw) - set(table.by_name):
        raise ValueError(f"{table.name} has no field {sorted(unknown)}")
    return {name: _WORDS.get(text, text) for name, text in raw.items()}


def frames_of(case: Case, table: Table, rule: Rule, catalog: LoadedCatalog) -> dict[str, pl.DataFrame]:
    """The row (first in its table's frame) and what is beside it, linked where the case leaves keys out."""
    row, others = dict(case.row), {name: [dict(one) for one in rows] for name, rows in case.frames.items()}
    row.setdefault(table.key_field, "K1")
    siblings = [dict(one) for one in case.batch] + others.pop(table.name, [])
    others[table.name] = siblings
    for pointer, _ in rule.pointers:
        key = table.by_name[pointer].key
        assert key is not None
        assert key.table is not None
        assert key.column is not None
        if others.get(key.table):
            value = row.setdefault(pointer, LINK)
            for one in others[key.table]:
                one.setdefault(key.column, value)
    for look in rule.spec.looks.values():
        for own, theirs in look.on.items():
            value = row.setdefault(own, LINK)
            for one in others.get(look.table, []):
                one.setdefault(theirs, value)
    for n, sibling in enumerate(siblings, start=2):
        sibling.setdefault(table.key_field, f"K{n}")
    others[table.name] = [row, *siblings]
    return {name: _frame(rows, catalog.table(name)) for name, rows in others.items()}


def _frame(rows: Sequence[Row], table: Table) -> pl.DataFrame:
    given = [
        {"org_code": ORG, "record_status": "1", table.key_field: f"O{n}", **one} for n, one in enumerate(rows)
    ]
    schema = dict.fromkeys(table.field_names, pl.String)
    return pl.DataFrame(given, schema=schema) if given else pl.DataFrame(schema=schema)


@dataclass
class Judged:
    """All cases of one rule, judged by each of its entries.

    verdicts   per case: the verdict of each entry
    mutants    per entry and mutation: per case, the entry's verdict when mutated; None where it has no condition
    """

    rule_id: str
    entries: list[Rule]
    cases: list[Case]
    verdicts: list[list[bool | None]]
    mutants: list[list[list[bool | None] | None]]

    def complaints(self) -> Iterator[str]:
        """What is missing or not as expected; nothing when the rule is expressed."""
        kinds = {case.expected for case in self.cases}
        if not {"fine", "wrong"} <= kinds:
            yield f"{self.rule_id}: needs at least one fine and one wrong case"
        if any(entry.mark.severity is Severity.ERROR for entry in self.entries) and "near" not in kinds:
            yield f"{self.rule_id}: may hold a row, needs a near case: a strange correct row that travels"
        for n, case in enumerate(self.cases):
            if case.expected == "near":
                yield from self._held_though_right(n)
                continue
            seen = outcome(self.verdicts[n])
            if seen != case.expected:
                shown = ", ".join(
                    f"line {e.spec.line} {e.spec.check}: {v}"
                    for e, v in zip(self.entries, self.verdicts[n], strict=True)
                )
                yield f"{self.rule_id}: case {n + 1} should be {case.expected}, is {seen} ({shown})"
        for at, entry in enumerate(self.entries):
            for name, mutant in zip(MUTATIONS, self.mutants[at], strict=True):
                if mutant is not None and not self._turns_red(at, mutant):
                    place = f"line {entry.spec.line} {entry.spec.check} {entry.spec.field}"
                    yield f"{self.rule_id}: {place}: {name}, no case turns red"

    def _held_though_right(self, n: int) -> Iterator[str]:
        for entry, verdict in zip(self.entries, self.verdicts[n], strict=True):
            if verdict is False and entry.mark.severity is Severity.ERROR:
                yield f"{self.rule_id}: case {n + 1} must travel, line {entry.spec.line} holds it"

    def _turns_red(self, at: int, mutant: list[bool | None]) -> bool:
        holds = self.entries[at].mark.severity is Severity.ERROR
        for n, case in enumerate(self.cases):
            if case.expected == "near":
                if holds and mutant[n] is False:
                    return True
                continue
            verdicts = [*self.verdicts[n]]
            verdicts[at] = mutant[n]
            if outcome(verdicts) != case.expected:
                return True
        return False


def outcome(verdicts: Sequence[bool | None]) -> Expected:
    """One word for what all entries of a rule say of a row."""
    if False in verdicts:
        return "wrong"
    return "fine" if True in verdicts else "unknown"


def judge_cases(table: Table, catalog: LoadedCatalog) -> list[Judged]:
    """Every rule of the table's rules.yaml with its cases; conditionally required fields only where they have cases."""
    cases = read_cases(table, catalog)
    by_id: dict[str, list[Rule]] = {}
    for rule in compile_rules(table, catalog)[0]:
        by_id.setdefault(rule.spec.rule_id or f"required_when {rule.spec.field}", []).append(rule)
    if unknown := set(cases) - set(by_id):
        raise ValueError(f"{table.name}: cases of rules that rules.yaml does not have: {sorted(unknown)}")
    return [
        _judge(rule_id, entries, cases.get(rule_id, []), table, catalog)
        for rule_id, entries in by_id.items()
        if rule_id in cases or not rule_id.startswith("required_when ")
    ]


def _judge(
    rule_id: str, entries: list[Rule], cases: list[Case], table: Table, catalog: LoadedCatalog
) -> Judged:
    judged = Judged(rule_id, entries, cases, [[] for _ in cases], [])
    for entry in entries:
        mutants: list[list[bool | None] | None] = [[], [], None if entry.applies is None else []]
        for n, case in enumerate(cases):
            frames = frames_of(case, table, entry, catalog)
            judged.verdicts[n].append(_first(frames, table, entry, catalog, entry.verdict))
            for mutant, verdict in zip(mutants, mutated(entry), strict=True):
                if mutant is not None and verdict is not None:
                    mutant.append(_first(frames, table, entry, catalog, verdict))
        judged.mutants.append(mutants)
    return judged


def mutated(rule: Rule) -> tuple[pl.Expr, pl.Expr, pl.Expr | None]:
    """The rule's expression, made wrong in each of MUTATIONS."""
    if rule.applies is None:
        return ~rule.verdict, ~rule.inner, None
    return ~rule.verdict, ~rule.applies | ~rule.inner, rule.applies | rule.inner


def _first(
    frames: Mapping[str, pl.DataFrame], table: Table, rule: Rule, catalog: LoadedCatalog, verdict: pl.Expr
) -> bool | None:
    variant = Rule(**{name: getattr(rule, name) for name in Rule.__slots__} | {"verdict": verdict})
    found = later_verdicts(frames[table.name], table, variant, frames)["verdict"][0]
    return None if found is None else bool(found)
