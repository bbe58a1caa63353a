"""Two editions compared: tables, fields, formats, requiredness, keys and value sets added, removed, renamed, changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from medferry.books.codes import rows_of
from medferry.catalog.files import value_set_file
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Field, KeyKind, Table
from medferry.catalog.value_set import LoadedValueSet

What = Literal[
    "table_added", "table_removed", "table_title", "field_added", "field_removed", "field_renamed", "title", "type",
    "format", "required", "key", "value_set", "wire", "set_added", "set_removed", "codes",
]  # fmt: skip

WHAT_ZH: Mapping[str, str] = {
    "table_added": "新增表", "table_removed": "取消表", "table_title": "表改中文名", "field_added": "新增字段",
    "field_removed": "取消字段", "field_renamed": "字段改名", "title": "改中文名", "type": "改类型", "format": "改格式",
    "required": "改必填", "key": "改键", "value_set": "换值域", "wire": "改平台字段名",
    "set_added": "新增值域", "set_removed": "取消值域",
    "codes": "改代码",
}  # fmt: skip
REQUIRED_ZH = {"R": "必填", "C": "条件必填", "O": "选填"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    table, field   where; "" for a value set's own change
    before, after  what it was and is, as the catalog writes it; "" where there was or is nothing
    codes_gone, codes_new  of a value set, for `codes` only
    """

    what: What
    table: str
    field: str
    before: str
    after: str
    codes_gone: tuple[str, ...] = ()
    codes_new: tuple[str, ...] = ()


def compare(before: LoadedCatalog, after: LoadedCatalog) -> list[Change]:
    """All differences, tables in the newer edition's order, value sets last. Marks (source, confidence) do not count."""
    changes: list[Change] = []
    for name in after.table_names:
        if name not in before.table_names:
            table = after.table(name)
            changes.append(
                Change("table_added", name, "", "", f"{table.title_zh}，{len(table.fields)} 个字段")
            )
        else:
            changes += _tables(before.table(name), after.table(name))
    for name in before.table_names:
        if name not in after.table_names:
            changes.append(Change("table_removed", name, "", before.table(name).title_zh, ""))
    changes += _value_sets(before, after)
    return changes


def _tables(before: Table, after: Table) -> Iterator[Change]:
    name = after.name
    if before.title_zh != after.title_zh:
        yield Change("table_title", name, "", before.title_zh, after.title_zh)
    gone = {one.name_zh: one for one in before.fields if one.name not in after.by_name}
    for one in after.fields:
        if one.name in before.by_name:
            yield from _fields(before.by_name[one.name], one)
        elif one.name_zh in gone:
            old = gone.pop(one.name_zh)
            yield Change("field_renamed", name, one.name, old.name, one.name)
            yield from _fields(old, one)
        else:
            shown = f"{one.name_zh}，{one.format.text}，{REQUIRED_ZH[one.required]}"
            yield Change("field_added", name, one.name, "", shown)
    for one in gone.values():
        yield Change("field_removed", name, one.name, f"{one.name_zh}，{one.format.text}", "")


def _fields(before: Field, after: Field) -> Iterator[Change]:
    pairs: tuple[tuple[What, str, str], ...] = (
        ("title", before.name_zh, after.name_zh),
        ("type", before.type, after.type),
        ("format", before.format.text, after.format.text),
        ("required", before.required, after.required),
        ("key", key_text(before), key_text(after)),
        ("value_set", before.value_set or "", after.value_set or ""),
        ("wire", before.wire or "不送", after.wire or "不送"),
    )
    for what, old, new in pairs:
        if old != new:
            yield Change(what, after.table, after.name, old, new)


def key_text(one: Field) -> str:
    """As the column `key` of fields.csv writes it."""
    if one.key is None:
        return ""
    if one.key.kind is KeyKind.PRIMARY:
        return "PK"
    return f"{one.key.kind.value}:{one.key.table}.{one.key.column}"


def _value_sets(before: LoadedCatalog, after: LoadedCatalog) -> Iterator[Change]:
    for set_id in after.value_set_ids:
        new = after.value_set(set_id)
        if set_id not in before.value_set_ids:
            yield Change("set_added", "", set_id, "", f"{new.title_zh}，{_size(new)}")
            continue
        old = before.value_set(set_id)
        file = value_set_file(set_id)
        if before.files.find(file) == after.files.find(file) and old.entries == new.entries:
            continue  # the same file under both
        change = _codes(set_id, old, new)
        if change:
            yield change
    for set_id in before.value_set_ids:
        if set_id not in after.value_set_ids:
            yield Change("set_removed", "", set_id, before.value_set(set_id).title_zh, "")


def _codes(set_id: str, old: LoadedValueSet, new: LoadedValueSet) -> Change | None:
    if rows_of(old) == rows_of(new):
        return None
    gone = tuple(code for code in old.names if code not in new.codes)
    fresh = tuple(code for code in new.names if code not in old.codes)
    renamed = sum(name != new.names.get(code, name) for code, name in old.names.items())
    parts = [
        f"新增 {len(fresh)}" if fresh else "",
        f"取消 {len(gone)}" if gone else "",
        f"改名 {renamed}" if renamed else "",
    ]
    shown = "、".join(filter(None, parts)) or "只改备注"
    return Change("codes", "", set_id, _size(old), f"{_size(new)}（{shown}）", gone, fresh)


def _size(one: LoadedValueSet) -> str:
    return "未收录代码" if one.is_open else f"{one.entries} 个代码"
