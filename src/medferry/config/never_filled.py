"""Conditionally required fields that a mapping never gives, although its own rows can come to require them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medferry.catalog.model import Field, Table
from medferry.catalog.rules import RuleBook, rule_book_of
from medferry.config.complaint import Complaints, Place
from medferry.config.model import Project, Route
from medferry.config.nodes import Block, read_yaml
from medferry.mapping.model import FieldMapping, TableMapping

FILLED_BY_ENGINE = frozenset({"org_code", "org_name"})
_BOTH = frozenset({True, False})
_OPPOSITE = {"is_not": "is", "not_starts_with": "starts_with"}
Outcomes = frozenset[bool]
"""What a condition can come to; nothing where it can never be told."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a field of a mapped row can hold. values None: anything."""

    values: frozenset[str] | None
    can_be_empty: bool


_ANYTHING = Holding(None, can_be_empty=True)
_NOTHING = Holding(frozenset(), can_be_empty=True)


def warn_of_never_filled(project: Project, environ: Mapping[str, str], complaints: Complaints) -> None:
    """A warning per table of a mapping file, with the fields."""
    for route in project.routes:
        for block in route.mappings:
            table = project.catalog.table(block.table)
            waived = {name for owner, name in project.waived if owner == table.name}
            missing = [
                field
                for field in never_filled(project, route, block, rule_book_of(project.catalog, table.name))
                if field.name not in waived
            ]
            if missing:
                names = "、".join(f"{one.name}（{one.name_zh}）" for one in missing)
                complaints.warning(
                    _place(project.folder, route.file, table.name, environ),
                    f"表 {table.name} 有 {len(missing)} 个条件必填字段，条件可能成立而映射从不给值：{names}",
                    fix="映射它们；来源确实没有的，在 waivers.yaml 写明理由",
                )


def never_filled(project: Project, route: Route, block: TableMapping, book: RuleBook) -> list[Field]:
    """In the table's order."""
    table = project.catalog.table(block.table)
    given = {one.name for one in block.fields} | FILLED_BY_ENGINE
    holdings = Holdings(project, route, block, table)
    asked = {
        name
        for entry in (*book.required_when, *book.entries)
        if entry.kind == "filled" and entry.when and not entry.looks
        for name in _texts(entry.argument)
        if True in outcomes(entry.when, holdings)
    }
    return [
        one for one in table.fields if one.required == "C" and one.name in asked and one.name not in given
    ]


class Holdings:
    """What the fields of a block's rows can hold."""

    def __init__(self, project: Project, route: Route, block: TableMapping, table: Table) -> None:
        self._codes = project.codes
        self._fields = {one.name: one for one in block.fields}
        self._own = frozenset(table.field_names) - FILLED_BY_ENGINE
        self._local: dict[str, tuple[str, ...]] = dict(route.ready_when)
        if block.when is not None and block.when.is_:
            self._local[block.when.column] = block.when.is_

    def of(self, name: str) -> Holding:
        """A column of another record is not this mapping's to judge."""
        if name not in self._own:
            return _ANYTHING
        mapped = self._fields.get(name)
        return _NOTHING if mapped is None else self._of_mapped(mapped)

    def _of_mapped(self, one: FieldMapping) -> Holding:
        can_be_empty = one.default is None and (one.constant is None or one.when is not None)
        default = {one.default} if one.default is not None else set()
        if one.constant is not None and one.codes is None:
            return Holding(frozenset({one.constant} | default), can_be_empty)
        if one.codes is not None and one.codes in self._codes:
            standard_of = self._codes[one.codes].standard_of
            local = self._local.get(one.columns[0]) if len(one.columns) == 1 and not one.verbs else None
            codes = standard_of.values() if local is None else (standard_of.get(code, code) for code in local)
            return Holding(frozenset({code for code in codes if code} | default), can_be_empty)
        if not (one.columns or one.lookup):
            return Holding(frozenset(default), can_be_empty)
        return Holding(None, can_be_empty)


def outcomes(condition: Mapping[str, object], holdings: Holdings) -> Outcomes:
    """Parts are taken to be independent of each other: where in doubt, both can come about."""
    return _all([part for name, test in condition.items() for part in _parts(str(name), test, holdings)])


def _parts(name: str, test: object, holdings: Holdings) -> Iterator[Outcomes]:
    if name in ("any", "all") and isinstance(test, list):
        parts = [outcomes(one, holdings) for one in test]
        yield _all(parts) if name == "all" else _not(_all([_not(one) for one in parts]))
    elif name == "not" and isinstance(test, Mapping):
        yield _not(outcomes(test, holdings))
    elif isinstance(test, Mapping):
        for word, argument in test.items():
            yield _of_test(holdings.of(name), str(word), argument, holdings)
    else:
        yield _of_test(holdings.of(name), "is", test, holdings)


def _of_test(holding: Holding, word: str, argument: object, holdings: Holdings) -> Outcomes:
    if word == "filled":
        has_value = holding.values is None or bool(holding.values)
        found = frozenset(([True] if has_value else []) + ([False] if holding.can_be_empty else []))
        return found if argument is True else _not(found)
    if holding.values is None:
        return _BOTH
    if word in _OPPOSITE:
        return _not(_of_test(holding, _OPPOSITE[word], argument, holdings))
    texts = _texts(argument)
    if word == "is":
        return frozenset(value in texts for value in holding.values)
    if word == "starts_with":
        return frozenset(value.startswith(texts) for value in holding.values)
    return _BOTH if holding.values else frozenset()


def _texts(argument: object) -> tuple[str, ...]:
    several = argument if isinstance(argument, list) else [argument]
    return tuple(("T" if one else "F") if isinstance(one, bool) else str(one) for one in several)


def _all(parts: list[Outcomes]) -> Outcomes:
    can_be_true = all(True in one for one in parts)
    can_be_false = any(False in one for one in parts)
    return frozenset(([True] if can_be_true else []) + ([False] if can_be_false else []))


def _not(found: Outcomes) -> Outcomes:
    return frozenset(not one for one in found)


def _place(folder: Path, file: str, table: str, environ: Mapping[str, str]) -> Place:
    """Where the file names the table."""
    root = read_yaml(folder / file, file, environ, Complaints())
    tables = root.entries.get("tables") if isinstance(root, Block) else None
    named = tables.value.entries.get(table) if tables and isinstance(tables.value, Block) else None
    return named.key.place if named else Place(file, 1, 1)
