"""What a new edition breaks in a project: mapping lines, code tables, waivers, each at its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from medferry.books.comparison import REQUIRED_ZH, Change
from medferry.catalog.model import Catalog, Field
from medferry.catalog.valid_codes import ValidCodes, together
from medferry.config.code_files import CodeFile, read_code_files
from medferry.config.complaint import Complaints, Place
from medferry.config.nodes import Block, Entry, Listing, Node, Scalar, read_yaml

_FILLED_BY_ENGINE = frozenset({"org_code", "org_name"})
_GUARD = "when"
_REFORMED = ("format", "type", "key", "value_set")


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """One place of a project that the new edition touches.

    is_sure  it will not pass as it is; else a person should look
    """

    place: Place
    is_sure: bool
    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A field as a mapping file names it."""

    table: str
    name: str
    entry: Entry


def breaks_of(folder: Path, before: Catalog, after: Catalog, changes: Sequence[Change]) -> list[Break]:
    """Every place, by file and line. Reads the project's files as they are: they need not be sound.

    changes  of `compare(before, after)`
    """
    complaints = Complaints()
    codes = read_code_files(folder, complaints)
    waived = dict(_waivers(folder, complaints))
    judge = _Judge(before, after, changes, codes, frozenset(waived))
    found: set[Break] = set()
    for path in sorted((folder / "mappings").rglob("*.yaml")):
        file = path.relative_to(folder).as_posix()
        root = read_yaml(path, file, os.environ, complaints)
        tables = root.entries.get("tables") if isinstance(root, Block) else None
        if tables is not None and isinstance(tables.value, Block):
            for name, entry in tables.value.entries.items():
                found.update(judge.table(name, entry))
    for (table, name), place in waived.items():
        found.update(judge.waiver(table, name, place))
    return sorted(found)


def _waivers(folder: Path, complaints: Complaints) -> Iterator[tuple[tuple[str, str], Place]]:
    path = folder / "waivers.yaml"
    root = read_yaml(path, "waivers.yaml", os.environ, complaints) if path.is_file() else None
    for item in root.items if isinstance(root, Listing) else ():
        if isinstance(item, Block):
            texts = {
                key: one.value.text for key, one in item.entries.items() if isinstance(one.value, Scalar)
            }
            if "table" in texts and "field" in texts:
                yield (texts["table"], texts["field"]), item.place


class _Judge:
    def __init__(
        self,
        before: Catalog,
        after: Catalog,
        changes: Sequence[Change],
        codes: Mapping[str, CodeFile],
        waived: frozenset[tuple[str, str]],
    ) -> None:
        self._before = before
        self._after = after
        self._codes = codes
        self._waived = waived
        self._renamed = {(c.table, c.before): c.after for c in changes if c.what == "field_renamed"}
        self._changed: dict[tuple[str, str], list[Change]] = {}
        for change in changes:
            if change.what in _REFORMED:
                self._changed.setdefault((change.table, change.field), []).append(change)
        self._sets_changed = {c.field for c in changes if c.what in ("codes", "set_removed", "set_added")}

    def table(self, name: str, entry: Entry) -> Iterator[Break]:
        if name not in self._before.table_names:
            return
        if name not in self._after.table_names:
            yield Break(entry.key.place, True, f"表 {name} 已取消", "删去这张表的映射")
            return
        nodes = entry.value.items if isinstance(entry.value, Listing) else (entry.value,)
        for block in (node for node in nodes if isinstance(node, Block)):
            mapped = {key: _Mapped(name, key, one) for key, one in block.entries.items() if key != _GUARD}
            for one in mapped.values():
                yield from self._field(one)
            yield from self._missing(name, frozenset(mapped), entry)

    def _missing(self, name: str, mapped: frozenset[str], entry: Entry) -> Iterator[Break]:
        old = self._before.table(name).by_name
        for field in self._after.table(name).fields:
            newly = field.required == "R" and (field.name not in old or old[field.name].required != "R")
            skip = field.name in mapped | _FILLED_BY_ENGINE or (name, field.name) in self._waived
            if newly and not skip:
                text = f"{name}.{field.name}（{field.name_zh}）现为必填，没有映射"
                yield Break(entry.key.place, True, text, "补上映射，或在 waivers.yaml 写明理由")

    def _field(self, one: _Mapped) -> Iterator[Break]:
        old = self._before.table(one.table).by_name.get(one.name)
        new = self._after.table(one.table).by_name.get(one.name)
        place = one.entry.key.place
        if old is None:
            return
        if new is None:
            renamed = self._renamed.get((one.table, one.name))
            if renamed:
                yield Break(place, True, f"字段 {one.table}.{one.name} 改名为 {renamed}", f"改成 {renamed}")
            else:
                yield Break(place, True, f"字段 {one.table}.{one.name} 已取消", "删去这一行")
            return
        for change in self._changed.get((one.table, one.name), ()):
            what = {"format": "格式", "type": "类型", "key": "键", "value_set": "值域"}[change.what]
            text = f"{one.table}.{one.name} 的{what}由 {change.before or '无'} 改为 {change.after or '无'}"
            yield Break(place, False, text, "核对来源列与动词，用 medferry preview 看结果")
        yield from self._written_values(one, new)
        yield from self._code_table(one, old, new)

    def _written_values(self, one: _Mapped, new: Field) -> Iterator[Break]:
        """Constants and defaults that the new value set does not have."""
        known = self._known(new)
        if known is None or not isinstance(one.entry.value, Block):
            return
        for key in ("constant", "default"):
            node = _entry(one.entry.value, key)
            if isinstance(node, Scalar) and node.text not in known:
                text = f"{one.table}.{one.name} 的 {key} {node.text} 不在新值域 {new.value_set} 中"
                yield Break(node.place, True, text, "改成新值域的代码")

    def _code_table(self, one: _Mapped, old: Field, new: Field) -> Iterator[Break]:
        node = _entry(one.entry.value, "codes") if isinstance(one.entry.value, Block) else None
        code_file = self._codes.get(node.text) if isinstance(node, Scalar) else None
        known = self._known(new)
        if code_file is None or known is None:
            return
        if old.value_set == new.value_set and new.value_set not in self._sets_changed:
            return
        for local, standard in code_file.table.standard_of.items():
            if standard not in known:
                place = Place(code_file.file, code_file.lines[local], 1)
                text = f"标准代码 {standard} 不在新值域 {new.value_set} 中（{one.table}.{one.name}）"
                yield Break(place, True, text, "改 standard 一栏")

    def _known(self, field: Field) -> ValidCodes | None:
        """Codes of its value set; None where nothing is refused."""
        if field.value_set is None:
            return None
        sets = [self._after.value_set(one) for one in field.value_sets]
        return None if any(one.is_open for one in sets) else together([one.valid for one in sets])

    def waiver(self, table: str, name: str, place: Place) -> Iterator[Break]:
        if table not in self._before.table_names or name not in self._before.table(table).by_name:
            return
        there = table in self._after.table_names and self._after.table(table).by_name.get(name)
        if not there:
            yield Break(place, True, f"豁免的字段 {table}.{name} 已取消", "删去这条豁免")
        elif there.required != "R":
            text = f"豁免的字段 {table}.{name} 现为{REQUIRED_ZH[there.required]}"
            yield Break(place, False, text, "豁免已无必要，可以删去")


def _entry(block: Block, key: str) -> Node | None:
    found = block.entries.get(key)
    return found.value if found else None
