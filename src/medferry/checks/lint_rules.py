"""Lint of each table's rules.yaml against its rules.csv, its fields, the kinds, and what may hold a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medferry.catalog.files import CsvRow
from medferry.catalog.findings import CatalogFinding, Findings
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.rules import RuleBook, RuleEntry
from medferry.checks.rules import HOLDING, compile_rules

_FIX = "写法见 RULES.md"


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """Rules of rules.csv over all tables: expressed as data, waived with a reason, conditions of C fields."""

    rules: int
    expressed: int
    waived: int
    conditions: int


def count_rules(catalog: LoadedCatalog) -> RuleCounts:
    """Counts each rule of rules.csv once; ids that it does not have are not counted. Raises CatalogError."""
    rules = expressed = waived = conditions = 0
    for name in catalog.table_names:
        ids, book = {rule.rule_id for rule in catalog.rules(name)}, catalog.rule_book(name)
        rules += len(ids)
        expressed += len(ids & book.expressed)
        waived += len((ids & set(book.waived)) - book.expressed)
        conditions += len(book.required_when)
    return RuleCounts(rules, expressed, waived, conditions)


def lint_rule_books(catalog: LoadedCatalog) -> list[CatalogFinding]:
    """Every finding, errors first, then by file and line; of tables that cannot be read only that."""
    findings = Findings(catalog.files)
    for name in catalog.table_names:
        with findings.instead_of_raising("rules_damaged"):
            _lint_table(catalog, name, findings)
    return sorted(findings.found, key=lambda f: (f.severity, f.file, f.line))


def _lint_table(catalog: LoadedCatalog, name: str, findings: Findings) -> None:
    book, severities = catalog.rule_book(name), catalog.severities(name)
    left = [rule_id for rule_id in severities if rule_id not in book.expressed | set(book.waived)]
    if left:
        place = book.path or catalog.files.path(f"tables/{name}/rules.csv")
        text = f"表 {name} 有 {len(left)} 条规则既未表达也未说明：{'、'.join(left[:5])}{'…' if len(left) > 5 else ''}"
        findings.warning(place, "rules_open", text, "在 rules.yaml 表达，或写入 waived 并说明原因")
    if book.path is None:
        return
    complaints = [
        (entry.line, check, text) for entry in book.entries for check, text in _entry(entry, severities)
    ]
    complaints += [(0, check, text) for check, text in _waived(book, severities)]
    rules, wrong = compile_rules(catalog.table(name), catalog)
    complaints += [(line, "rule_entry", text) for line, text in wrong]
    complaints += [
        (rule.spec.line, "rule_cannot_hold", f"规则 {rule.spec.rule_id} 读了 {rule.scope} 的数据，不能拦截")
        for rule in rules
        if rule.scope not in HOLDING and _demands_error(book, rule.spec.line)
    ]
    for line, check, text in complaints:
        _complain(findings, book.path, line, check, text)


def _entry(entry: RuleEntry, severities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    worded = severities.get(entry.rule_id or "")
    if worded is None:
        yield "rule_unknown", f"rules.csv 没有规则 {entry.rule_id}"
    elif entry.severity == "error" and worded == "warning":
        yield "rule_stricter", f"规则 {entry.rule_id} 在 rules.csv 为 warning，不能改严"
    elif entry.severity == "warning" and worded == "error" and not entry.because:
        yield "rule_without_reason", f"规则 {entry.rule_id} 改轻了，没有写 because"


def _waived(book: RuleBook, severities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for rule_id, reason in book.waived.items():
        if rule_id not in severities:
            yield "rule_unknown", f"waived 的 {rule_id} 不在 rules.csv"
        elif rule_id in book.expressed:
            yield "rule_both", f"规则 {rule_id} 既表达又豁免"
        elif not reason.strip() or reason == "None":
            yield "rule_without_reason", f"豁免的规则 {rule_id} 没有写原因"


def _demands_error(book: RuleBook, line: int) -> bool:
    return any(entry.line == line and entry.severity == "error" for entry in book.entries)


def _complain(findings: Findings, path: Path, line: int, check: str, text: str) -> None:
    findings.error(CsvRow(path, line, {}), check, text, _FIX)
