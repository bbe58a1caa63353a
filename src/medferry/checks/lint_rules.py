"""Lint of each table's rules.yaml against its rules.csv, its fields, the kinds, and what may hold a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from medferry.catalog.files import CsvRow
from medferry.catalog.findings import CatalogFinding, Findings
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.catalog.rules import HOLDS_BECAUSE, REASONS, RuleBook, RuleEntry
from medferry.checks.holding import complaint_of_reason, never_waived
from medferry.checks.moments import with_readings
from medferry.checks.rules import Rule, compile_rules

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
        (rule.spec.line, "rule_cannot_hold", text) for rule in rules if (text := complaint_of_reason(rule))
    ]
    complaints += [(0, check, text) for check, text in _severities(book, severities)]
    complaints += [(0, check, text) for check, text in _absent(book, catalog.table(name))]
    complaints += [(0, check, text) for check, text in _near(book, rules, catalog.table(name))]
    for line, check, text in complaints:
        _complain(findings, book.path, line, check, text)


def _entry(entry: RuleEntry, severities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    worded = severities.get(entry.rule_id or "")
    if worded is None:
        yield "rule_unknown", f"rules.csv 没有规则 {entry.rule_id}"
    elif entry.holds_because and worded == "warning":
        yield "rule_stricter", f"规则 {entry.rule_id} 在 rules.csv 为 warning，不能拦截"
    elif entry.severity == "error" and not entry.holds_because:
        yield (
            "rule_without_reason",
            f"规则 {entry.rule_id} 要拦截，没有写 {HOLDS_BECAUSE}：{'、'.join(REASONS)} 之一",
        )
    elif entry.severity == "warning" and entry.holds_because:
        yield "rule_without_reason", f"规则 {entry.rule_id} 写了 {HOLDS_BECAUSE}，又写 severity: warning"
    elif entry.holds_because == "refused" and not entry.because:
        yield "rule_without_reason", f"规则 {entry.rule_id} 说平台会拒，没有在 because 写明是哪份文件"


def _severities(book: RuleBook, severities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A rule that says error in words holds nothing unless an entry says why."""
    holding = {entry.rule_id for entry in book.entries if entry.holds_because}
    for rule_id in sorted(book.expressed & set(severities)):
        if severities[rule_id] == "error" and rule_id not in holding:
            text = f"规则 {rule_id} 在 rules.csv 为 error，没有一条写 {HOLDS_BECAUSE}：没有理由不拦截，改为 warning"
            yield "rule_without_reason", text


def _near(book: RuleBook, rules: Sequence[Rule], table: Table) -> Iterator[tuple[str, str]]:
    """A rule that may hold shows the strangest correct row that comes close to it; and does not hold that row."""
    holding: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.spec.holds_because and rule.spec.rule_id:
            holding.setdefault(rule.spec.rule_id, []).append(rule)
    for rule_id, entries in holding.items():
        if rule_id not in book.near:
            yield (
                "rule_without_near",
                f"规则 {rule_id} 能拦截，near 里没有它：写上最像错、其实对、必须放行的一行",
            )
            continue
        frame = _frame(book.near[rule_id], table)
        for entry in entries:
            if entry.scope == "row" and not entry.pointers and not entry.spec.looks:
                read = with_readings(frame, entry.readings)
                if not read.select(entry.verdict.fill_null(value=True).alias("fine"))["fine"].all():
                    yield "rule_holds_near", f"规则 {rule_id} 拦截了 near 里它自己的一行：改规则，或改这一行"


def _frame(rows: Sequence[Mapping[str, object]], table: Table) -> pl.DataFrame:
    """Rows as written, with the table's columns."""
    words = {True: "T", False: "F", None: None}
    texts = [
        {name: words[one] if one is None or isinstance(one, bool) else str(one) for name, one in row.items()}
        for row in rows
    ]
    columns = {name: [row.get(name) for row in texts] for name in table.field_names}
    return pl.DataFrame(columns, schema=dict.fromkeys(table.field_names, pl.String))


def _absent(book: RuleBook, table: Table) -> Iterator[tuple[str, str]]:
    for field in book.may_be_absent:
        if field not in table.by_name:
            yield "rule_entry", f"may_be_absent 的字段 {field} 不存在"
        elif table.by_name[field].required != "R" or field in never_waived(table):
            yield "rule_entry", f"may_be_absent 的字段 {field} 不是可缺的 R 字段"


def _waived(book: RuleBook, severities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for rule_id, reason in book.waived.items():
        if rule_id not in severities:
            yield "rule_unknown", f"waived 的 {rule_id} 不在 rules.csv"
        elif rule_id in book.expressed:
            yield "rule_both", f"规则 {rule_id} 既表达又豁免"
        elif not reason.strip() or reason == "None":
            yield "rule_without_reason", f"豁免的规则 {rule_id} 没有写原因"


def _complain(findings: Findings, path: Path, line: int, check: str, text: str) -> None:
    findings.error(CsvRow(path, line, {}), check, text, _FIX)
