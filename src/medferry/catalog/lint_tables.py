"""Lint of tables.csv, of each table's fields and rules, and of what tables say of each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medferry.catalog.files import CsvRow
from medferry.catalog.findings import Findings
from medferry.catalog.load import (
    FIELD_COLUMNS,
    NAME,
    RULE_COLUMNS,
    TABLE_COLUMNS,
    LoadedCatalog,
    build_field,
    removed_tables,
)
from medferry.catalog.model import Field, FormatKind, KeyKind

MANDATORY = ("org_code", "created_at", "updated_at", "record_status")
"""Columns the engine itself needs in every table: whose, when made, which version, valid or void."""

_CHINESE = re.compile("[\u3400-\u9fff]")
_TEXT_KINDS = frozenset({FormatKind.ALNUM, FormatKind.ALPHA, FormatKind.NUMBER})
_KINDS: Mapping[str, frozenset[FormatKind]] = {
    "string": _TEXT_KINDS | {FormatKind.TIME},
    "code": _TEXT_KINDS,
    "text": frozenset({FormatKind.ALNUM, FormatKind.TEXT}),
    "boolean": frozenset({FormatKind.LOGICAL}),
    "integer": frozenset({FormatKind.NUMBER}),
    "decimal": frozenset({FormatKind.NUMBER}),
    "date": frozenset({FormatKind.DATE}),
    "datetime": frozenset({FormatKind.DATETIME}),
}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that could be read, with its line."""

    field: Field
    row: CsvRow


def lint_table_list(catalog: LoadedCatalog, findings: Findings, groups: Sequence[str]) -> dict[str, CsvRow]:
    """tables.csv against itself, the folders and the schedule; returns name -> line of the usable ones."""
    usable: dict[str, CsvRow] = {}
    layers = catalog.files.layers("tables.csv")
    if not layers:
        place = catalog.files.folders[0] / "tables.csv"
        findings.error(place, "file_missing", "没有 tables.csv", "补上该文件")
    for path in layers:
        seen: set[str] = set()
        with findings.instead_of_raising("table_line"):
            for row in catalog.files.rows(path, TABLE_COLUMNS):
                name = row["table"]
                if name in seen:
                    findings.error(row, "table_duplicate", f"表 {name} 列了两次", "删去一行")
                elif _table_line_is_sound(row, findings, groups):
                    usable[name] = row
                seen.add(name)
    dropped = removed_tables(catalog.files)
    usable = {name: row for name, row in usable.items() if name not in dropped}
    listed = set(usable) | dropped
    for name in catalog.files.names_in("tables"):
        if name not in listed:
            place = catalog.files.folders[-1] / "tables" / name
            text = f"有文件夹 {name}，tables.csv 里没有这张表"
            findings.error(place, "table_not_listed", text, "补一行，或删去文件夹")
    for name, row in list(usable.items()):
        if catalog.files.find(f"tables/{name}/fields.csv") is None:
            text = f"表 {name} 没有 tables/{name}/fields.csv"
            findings.error(row, "table_without_fields", text, "补上字段文件，或删去这一行")
            del usable[name]
    return usable


def _table_line_is_sound(row: CsvRow, findings: Findings, groups: Sequence[str]) -> bool:
    name = row["table"]
    if not NAME.fullmatch(name):
        findings.error(row, "name", f"表名 {name!r} 只能含小写字母、数字、下划线", "改表名")
        return False
    for column in ("no", "tier"):
        if not re.fullmatch("[0-9]+", row[column]):
            findings.error(row, "table_line", f"表 {name} 的 {column} 应为整数", "改为整数")
            return False
    if not _CHINESE.search(row["table_zh"]):
        findings.error(row, "title_missing", f"表 {name} 没有中文名", "在 table_zh 填中文名")
    if row["group"] not in groups:
        text = f"表 {name} 的时限组 {row['group']!r} 不在 schedule.yaml"
        findings.error(row, "group_unknown", text, f"改为 {'、'.join(groups)} 之一")
    return True


def lint_fields(catalog: LoadedCatalog, findings: Findings, name: str) -> list[FieldLine]:
    """One table's fields.csv against itself and the index of value sets."""
    path = catalog.files.path(f"tables/{name}/fields.csv")
    lines: list[FieldLine] = []
    with findings.instead_of_raising("file_damaged"):
        for row in catalog.files.rows(path, FIELD_COLUMNS):
            with findings.instead_of_raising("field_line"):
                lines.append(FieldLine(build_field(name, row), row))
    seen: set[str] = set()
    for place, line in enumerate(lines, start=1):
        field = line.field
        if field.name in seen:
            findings.error(line.row, "field_duplicate", f"字段 {field.name} 重复", "删去或改名")
        seen.add(field.name)
        if field.seq != place:
            text = f"字段 {field.name} 的 seq 是 {field.seq}，应为 {place}"
            findings.error(line.row, "seq_gap", text, "从 1 起连续编号")
        _lint_field(catalog, findings, line)
    for missing in (column for column in MANDATORY if column not in seen):
        findings.error(path, "column_missing", f"表 {name} 缺少必备字段 {missing}", f"补上 {missing}")
    own = _primary(lines)
    if len(own) != 2 or "org_code" not in own:
        text = f"表 {name} 的主键是 {'、'.join(sorted(own)) or '（无）'}，应为 org_code 加一个字段"
        findings.error(path, "key_missing", text, "在 key 列标 PK")
    return lines


def _primary(lines: Sequence[FieldLine]) -> set[str]:
    return {line.field.name for line in lines if line.field.key and line.field.key.kind is KeyKind.PRIMARY}


def _lint_field(catalog: LoadedCatalog, findings: Findings, line: FieldLine) -> None:
    field, row = line.field, line.row
    shown = f"字段 {field.name}"
    if not _CHINESE.search(field.name_zh):
        findings.error(row, "title_missing", f"{shown} 没有中文名", "在 name_zh 填中文名")
    scale_wanted = field.type == "decimal"
    if field.format.kind not in _KINDS[field.type] or (field.format.scale > 0) != scale_wanted:
        text = f"{shown} 的类型 {field.type} 与格式 {field.format.text} 不相称"
        findings.error(row, "type_format", text, "改 type 或 format，例如 boolean 配 L、decimal 配 N..10,2")
    if field.key and field.key.kind is KeyKind.PRIMARY and field.required != "R":
        findings.error(row, "key_optional", f"主键 {shown} 不是必填", "required 改为 R")
    for set_id in field.value_sets:
        if set_id not in catalog.value_set_ids:
            text = f"{shown} 的值域 {set_id} 不在 value_sets.csv"
            findings.error(row, "value_set_unknown", text, "补上值域，或改 code_system")


def lint_rules(catalog: LoadedCatalog, findings: Findings, name: str) -> None:
    """One table's rules.csv: severity, own table, unique ids."""
    path = catalog.files.find(f"tables/{name}/rules.csv")
    if path is None:
        return
    ids: Counter[str] = Counter()
    with findings.instead_of_raising("file_damaged"):
        for row in catalog.files.rows(path, RULE_COLUMNS):
            ids[row["rule_id"]] += 1
            if ids[row["rule_id"]] == 2:
                findings.error(row, "rule_duplicate", f"规则 {row['rule_id']} 重复", "改规则号")
            if row["severity"] not in ("error", "warning"):
                text = f"规则 {row['rule_id']} 的 severity 是 {row['severity']!r}"
                findings.error(row, "rule_severity", text, "改为 error 或 warning")
            if row["table"] != name:
                text = f"规则 {row['rule_id']} 属于表 {row['table']!r}，却在 {name} 的文件夹里"
                findings.error(row, "rule_table", text, "移到所属表的文件夹")


def lint_references(
    findings: Findings, tables: Mapping[str, CsvRow], lines: Mapping[str, Sequence[FieldLine]]
) -> None:
    """FK and REF lead to a key of a table; FKs form no cycle; tiers agree with FKs."""
    keys = {name: _primary(fields) - {"org_code"} for name, fields in lines.items()}
    waits_for: dict[str, set[str]] = {name: set() for name in lines}
    for name, fields in lines.items():
        for line in fields:
            key = line.field.key
            if key is None or key.table is None:
                continue
            if key.column not in keys.get(key.table, set()):
                text = f"字段 {line.field.name} 的 {key.kind} 指向 {key.table}.{key.column}，那里没有这个主键"
                findings.error(line.row, "reference_nowhere", text, "改 key，指向一张表的主键")
            elif key.kind is KeyKind.PARENT and key.table != name:
                waits_for[name].add(key.table)
                if int(tables[key.table]["tier"]) > int(tables[name]["tier"]):
                    text = f"表 {name} 的层级低于它的父表 {key.table}"
                    findings.warning(tables[name], "tier_order", text, "tier 不小于父表的 tier")
    _lint_cycles(findings, tables, waits_for)


def _lint_cycles(findings: Findings, tables: Mapping[str, CsvRow], waits_for: dict[str, set[str]]) -> None:
    while free := [name for name, parents in waits_for.items() if not parents & waits_for.keys()]:
        for name in free:
            del waits_for[name]
    # What is left waits on a cycle; those nobody left waits for only hang below it.
    while ends := [n for n in waits_for if not any(n in parents for parents in waits_for.values())]:
        for name in ends:
            del waits_for[name]
    if waits_for:
        text = f"外键成环：{'、'.join(waits_for)} 互相等待，永远送不出去"
        findings.error(tables[next(iter(waits_for))], "fk_cycle", text, "断开其中一条外键，或改为 REF")
