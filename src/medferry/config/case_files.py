"""tests/*.yaml of a project: its own cases, read with places. The format is told in `medferry.cli.test`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from medferry.config.complaint import Complaint, Complaints, Place
from medferry.config.model import Project
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Block, Listing, Node, Scalar, read_yaml

Row = Mapping[str, str | None]
ColumnType = Literal["text", "integer", "decimal", "float", "boolean", "date", "datetime", "time", "bytes"]
COLUMN_TYPES: tuple[ColumnType, ...] = (
    "text", "integer", "decimal", "float", "boolean", "date", "datetime", "time", "bytes",
)  # fmt: skip

FILE_KEYS = ("route", "types", "lookup_tables", "parents", "cases")
CASE_KEYS = (
    "name",
    "rows",
    "lookup_tables",
    "parents",
    "expect",
    "findings",
    "findings_complete",
    "not_ready",
)
FINDING_KEYS = ("table", "row", "field", "check", "severity")
_EARLIER_KEYS = {"frames": "lookup_tables"}


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """`row` counts from 1 in the rows of the table."""

    table: str
    row: int
    field: str
    check: str
    severity: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """Given rows of a route, and what they must become. `expect` names the fields that are compared, no others.

    parents  table -> rows that the platform's side would hold already: standard fields, the key among them
    """

    place: Place
    name: str
    route: str
    types: Mapping[str, ColumnType]
    rows: tuple[Row, ...]
    lookup_tables: Mapping[str, tuple[Row, ...]]
    parents: Mapping[str, tuple[Row, ...]]
    expect: Mapping[str, tuple[Row, ...]]
    findings: tuple[ExpectedFinding, ...]
    findings_complete: bool
    not_ready: int | None


def read_cases(project: Project) -> tuple[list[Case], list[Complaint]]:
    """All cases of a project, file by file, and what is wrong with the files."""
    complaints = Complaints()
    cases: list[Case] = []
    for path in sorted((project.folder / "tests").glob("*.yaml")):
        node = read_yaml(path, f"tests/{path.name}", {}, complaints)
        if node is not None:
            cases += _CaseReader(project, NodeReader(complaints)).cases(node)
    return cases, complaints.all


class _CaseReader:
    def __init__(self, project: Project, reading: NodeReader) -> None:
        self._project = project
        self._read = reading
        self._routes = {one.id: one for one in project.routes}

    def cases(self, node: Node) -> list[Case]:
        entries = self._read.block(
            node, "用例文件", FILE_KEYS, required=("route", "cases"), earlier=_EARLIER_KEYS
        )
        values = {key: one.value for key, one in entries.items()}
        route = self._read.one_of(values["route"], "路线", self._routes) if "route" in values else None
        types = self._types(values["types"]) if "types" in values else {}
        lookup_tables = self._lookup_tables(values)
        parents = self._parents(values["parents"], route) if "parents" in values and route else {}
        listing = values.get("cases")
        if route is None or not isinstance(listing, Listing):
            if listing is not None and not isinstance(listing, Listing):
                self._read.complaints.error(listing.place, "cases 应为列表")
            return []
        found = [self._case(one, route, types, lookup_tables, parents) for one in listing.items]
        return [one for one in found if one is not None]

    def _case(
        self,
        node: Node,
        route: str,
        types: Mapping[str, ColumnType],
        shared: Mapping[str, tuple[Row, ...]],
        shared_parents: Mapping[str, tuple[Row, ...]],
    ) -> Case | None:
        entries = self._read.block(node, "用例", CASE_KEYS, required=("name", "rows"), earlier=_EARLIER_KEYS)
        values = {key: one.value for key, one in entries.items()}
        name = self._read.text(values["name"], "用例名 name") if "name" in values else None
        rows = self._rows(values["rows"], "rows") if "rows" in values else None
        if name is None or rows is None:
            return None
        complete = values.get("findings_complete")
        not_ready = values.get("not_ready")
        return Case(
            place=node.place,
            name=name,
            route=route,
            types=types,
            rows=rows,
            lookup_tables={**shared, **self._lookup_tables(values)},
            parents={
                **shared_parents,
                **(self._parents(values["parents"], route) if "parents" in values else {}),
            },
            expect=self._expect(values["expect"], route) if "expect" in values else {},
            findings=self._findings(values["findings"], route) if "findings" in values else (),
            findings_complete=bool(self._read.boolean(complete, "findings_complete")) if complete else False,
            not_ready=self._read.integer(not_ready, "not_ready", 0) if not_ready else None,
        )

    def _types(self, node: Node) -> dict[str, ColumnType]:
        found: dict[str, ColumnType] = {}
        for column, entry in self._read.block(node, "types ").items():
            kind = self._read.one_of(entry.value, "列类型", COLUMN_TYPES)
            if kind is not None:
                found[column] = cast(ColumnType, kind)
        return found

    def _lookup_tables(self, values: Mapping[str, Node]) -> dict[str, tuple[Row, ...]]:
        if "lookup_tables" not in values:
            return {}
        entries = self._read.block(values["lookup_tables"], "lookup_tables ")
        return {name: self._rows(one.value, name) or () for name, one in entries.items()}

    def _parents(self, node: Node, route: str) -> dict[str, tuple[Row, ...]]:
        """By table, of those that the route's tables point to."""
        catalog = self._project.catalog
        pointers = [one for name in self._routes[route].tables for one in catalog.table(name).parents]
        known = sorted({one.key.table for one in pointers if one.key and one.key.table})
        found: dict[str, tuple[Row, ...]] = {}
        for name, entry in self._read.block(node, "parents ", known).items():
            table = catalog.table(name)
            found[name] = self._rows(entry.value, name) or ()
            for row in entry.value.items if isinstance(entry.value, Listing) else ():
                self._read.block(row, f"{name} ", table.field_names, required=(table.key_field,))
        return found

    def _expect(self, node: Node, route: str) -> dict[str, tuple[Row, ...]]:
        found: dict[str, tuple[Row, ...]] = {}
        for table, entry in self._read.block(node, "expect ", self._routes[route].tables).items():
            found[table] = self._rows(entry.value, table) or ()
            names = self._project.catalog.table(table).field_names
            for row in entry.value.items if isinstance(entry.value, Listing) else ():
                self._read.block(row, f"{table} ", names)
        return found

    def _rows(self, node: Node, what: str) -> tuple[Row, ...] | None:
        if not isinstance(node, Listing):
            self._read.complaints.error(node.place, f"{what} 应为若干行的列表", expected="- {列: 值, …}")
            return None
        return tuple(self._row(one) for one in node.items)

    def _row(self, node: Node) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for name, entry in self._read.block(node, "行").items():
            if isinstance(entry.value, Scalar):
                found[name] = None if entry.value.is_null else entry.value.text
            else:
                self._read.complaints.error(entry.value.place, f"{name} 应为一个值")
        return found

    def _findings(self, node: Node, route: str) -> tuple[ExpectedFinding, ...]:
        if not isinstance(node, Listing):
            self._read.complaints.error(
                node.place, "findings 应为列表", expected="- {field: 字段, check: required}"
            )
            return ()
        found = [self._finding(one, self._routes[route].tables) for one in node.items]
        return tuple(one for one in found if one is not None)

    def _finding(self, node: Node, tables: tuple[str, ...]) -> ExpectedFinding | None:
        entries = self._read.block(node, "finding ", FINDING_KEYS, required=("field", "check"))
        if not isinstance(node, Block) or not {"field", "check"} <= set(entries):
            return None
        readers: Mapping[str, Callable[[Node], str | None]] = {
            "table": lambda one: self._read.one_of(one, "本路线的表", tables),
            "field": lambda one: self._read.text(one, "finding 的 field"),
            "check": lambda one: self._read.text(one, "finding 的 check"),
            "severity": lambda one: self._read.text(one, "finding 的 severity"),
        }
        texts = {key: read(entries[key].value) for key, read in readers.items() if key in entries}
        row = self._read.integer(entries["row"].value, "finding 的 row", 1) if "row" in entries else 1
        field, check = texts["field"], texts["check"]
        table = texts.get("table", tables[0])
        if field is None or check is None or table is None or row is None:
            return None
        return ExpectedFinding(table, row, field, check, texts.get("severity"))
