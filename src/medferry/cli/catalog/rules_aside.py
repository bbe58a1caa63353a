"""Rules of the package that a new edition leaves without their fields: set aside in the edition, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from medferry.books.book_import import Imported
from medferry.books.sheets import Remark
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.checks.holding import never_waived
from medferry.checks.rules import compile_rule, compile_rules, specs_of_book


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of rules.yaml as lines of the file, from 0, the last one excluded. name: of the rule or field."""

    name: str
    section: str
    first: int
    last: int


def set_rules_aside(imported: Imported, staged: Path, edition: LoadedCatalog) -> list[Remark]:
    """Writes rules.yaml of every table whose rules name what the edition does not have, without those rules.

    edition  the staged folder over the editions below
    returns  one warning per rule set aside
    raises   CatalogError: a rules.yaml cannot be read
    """
    remarks: list[Remark] = []
    sheets = {table.name: table.blocks[0] for table in imported.tables}
    for name in edition.table_names:
        path = edition.rule_book(name).path
        if path is None:
            continue
        table = edition.table(name)
        reasons = dict(_reasons(table, edition, imported.below))
        before = edition.files.text(path)
        text = _without(before, reasons) if reasons else before
        text = _with_absences_of(table, edition.rule_book(name).may_be_absent, text)
        if text == before:
            continue
        final = staged / "tables" / name / "rules.yaml"
        final.parent.mkdir(parents=True, exist_ok=True)
        final.write_text(text, encoding="utf-8")
        place = sheets.get(name)
        for (section, subject, _), reason in reasons.items():
            shown = f"规则 {subject}" if section == "rules" else f"字段 {subject} 的必填条件"
            told = f"表 {name} 的{shown}已搁置：{reason}"
            sheet = place.sheet if place else ""
            remarks.append(Remark("warning", sheet, 0, "", told, "需要时在该版本的 rules.yaml 里改写"))
    return list(dict.fromkeys(remarks))


def _reasons(
    table: Table, edition: LoadedCatalog, below: LoadedCatalog
) -> Iterator[tuple[tuple[str, str, int], str]]:
    """(section, rule or field, line) -> why it cannot be judged."""
    ids = {entry.line: entry.rule_id or "" for entry in edition.rule_book(table.name).entries}
    for line, complaint in compile_rules(table, edition)[1]:
        if line in ids:
            yield ("rules", ids[line], line), complaint.partition("：")[2]
    for spec in specs_of_book(table, edition):
        made = compile_rule(spec, table, edition) if spec.rule_id is None else None
        if isinstance(made, str):
            yield ("required_when", spec.field or "", 0), made.partition("：")[2]
    before = below.table(table.name).by_name if table.name in below.table_names else {}
    for name in _conditional(table, edition):
        field = table.by_name.get(name)
        if field and name in before and field.required != "C" and field.required != before[name].required:
            yield ("required_when", name, 0), "书中不是条件必填"


def _conditional(table: Table, edition: LoadedCatalog) -> Sequence[str]:
    return [entry.field or "" for entry in edition.rule_book(table.name).required_when]


def _with_absences_of(table: Table, may_be_absent: Mapping[str, str], text: str) -> str:
    """The file with only such fields under may_be_absent as the edition requires."""
    never = never_waived(table)
    required = {field.name for field in table.fields if field.required == "R" and field.name not in never}
    if set(may_be_absent) <= required:
        return text
    kept: dict[str, list[str]] = {}
    for field, why in may_be_absent.items():
        if field in required:
            kept.setdefault(why, []).append(field)
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode), "read as a rule book before"
    section = next(value for key, value in root.value if key.value == "may_be_absent")
    first, lines = section.start_mark.line, text.splitlines()
    rows = [f"  {_quoted(why)}: [{', '.join(fields)}]" for why, fields in kept.items()] or ["  {}"]
    return "\n".join([*lines[:first], *rows, *lines[_end_of(text, section) :]]) + "\n"


def _without(text: str, reasons: Mapping[tuple[str, str, int], str]) -> str:
    """The file without the entries named, every other line as it stands; whole rules gone are waived with the reason."""
    entries = list(_entries(text))
    conditions = {subject for section, subject, _ in reasons if section == "required_when"}
    lines_gone = {line - 1 for section, _, line in reasons if section == "rules"}
    gone = [
        one
        for one in entries
        if (one.section == "rules" and one.first in lines_gone)
        or (one.section == "required_when" and one.name in conditions)
    ]
    dropped = {number for one in gone for number in range(one.first, one.last)}
    lines = [line for number, line in enumerate(text.splitlines()) if number not in dropped]
    lines = _without_empty_sections(lines, entries, gone)
    left = {one.name for one in entries if one.section == "rules" and one not in gone}
    why = {subject: reason for (section, subject, _), reason in reasons.items() if section == "rules"}
    waived = {one.name: why.get(one.name, "用到的字段本版本没有") for one in gone if one.section == "rules"}
    added = [
        f"  {name}: {_quoted(f'本版本没有所需字段：{reason}')}"
        for name, reason in waived.items()
        if name not in left
    ]
    if added and not any(line.startswith("waived:") for line in lines):
        lines += ["", "waived:"]
    at = next((n for n, line in enumerate(lines) if line.startswith("waived:")), len(lines) - 1)
    return "\n".join([*lines[: at + 1], *added, *lines[at + 1 :]]) + "\n"


def _entries(text: str) -> Iterator[_Entry]:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode), "read as a rule book before"
    for key, value in root.value:
        if key.value == "rules" and isinstance(value, yaml.SequenceNode):
            items = [(_rule_id(item), item) for item in value.value]
        elif key.value == "required_when" and isinstance(value, yaml.MappingNode):
            items = [(name.value, name) for name, _ in value.value]
        else:
            continue
        starts = [node.start_mark.line for _, node in items]
        ends = [*starts[1:], _end_of(text, value)]
        for (name, _), first, last in zip(items, starts, ends, strict=True):
            yield _Entry(name, key.value, first, last)


def _end_of(text: str, section: yaml.Node) -> int:
    """First line after a section that is not indented and not blank: marks of block nodes reach too far."""
    lines = text.splitlines()
    number = section.start_mark.line + 1
    while number < len(lines) and (not lines[number].strip() or lines[number][0] in " -"):
        number += 1
    return number


def _rule_id(item: yaml.Node) -> str:
    if isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value == "rule":
                return str(value.value)
    return ""


def _without_empty_sections(
    lines: Sequence[str], entries: Sequence[_Entry], gone: Sequence[_Entry]
) -> list[str]:
    empty = {
        one.section for one in entries if not any(e.section == one.section and e not in gone for e in entries)
    }
    return [line for line in lines if line.rstrip().rstrip(":") not in empty]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"
