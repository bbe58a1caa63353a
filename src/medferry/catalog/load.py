"""Reads an edition of the standard on first use: a table is one small file, codes are read when asked for."""

from __future__ import annotations

import heapq
import re
import threading
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from medferry.catalog.field_words import parted_by
from medferry.catalog.files import CatalogFiles, CsvRow, Reader, edition_files
from medferry.catalog.formats import KNOWN_ZH, parse_format
from medferry.catalog.model import Field, Key, KeyKind, Rule, Table
from medferry.catalog.rules import RuleBook, read_rule_book
from medferry.catalog.scales import Scale, read_scales
from medferry.catalog.value_set import SET_COLUMNS, Codings, LoadedValueSet, ids_of
from medferry.errors import CatalogError

TABLE_COLUMNS = (
    "no", "category_zh", "dataset_code", "dataset_zh", "table_zh", "table", "group", "tier", "note_zh",
)  # fmt: skip
FIELD_COLUMNS = (
    "seq", "name", "name_zh", "type", "format", "required", "key",
    "code_system", "element_id", "description_zh", "source", "confidence",
)  # fmt: skip
RULE_COLUMNS = ("table", "rule_id", "scope", "expression_zh", "severity", "source")
REMOVED_COLUMNS = ("table", "source")

FieldType = Literal["string", "code", "text", "boolean", "integer", "decimal", "date", "datetime"]
TYPES: tuple[str, ...] = get_args(FieldType)
NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Names become columns of SQL and of JSON, so nothing else is let in."""

WIRE_NAME = re.compile(r"""[^\s"'\\/?#&{}\x00-\x1f\x7f]{1,64}""")
"""What a platform may call a table or a field: it becomes part of an address and of JSON."""

_T = TypeVar("_T")


class LoadedCatalog:
    """An edition read from files. Safe to use from several threads.

    codings  which editions of a list are valid, where a project says so
    """

    def __init__(self, edition: str, files: CatalogFiles, codings: Codings | None = None) -> None:
        self.files = files
        self.codings = dict(codings or {})
        self._edition = edition
        self._lock = threading.RLock()
        self._tables: dict[str, Table] = {}
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._rule_books: dict[str, RuleBook] = {}

    @property
    def edition(self) -> str:
        return self._edition

    @property
    def table_names(self) -> tuple[str, ...]:
        """In the platform's order."""
        return tuple(self._table_rows)

    @property
    def value_set_ids(self) -> tuple[str, ...]:
        """In the index's order."""
        return tuple(self._value_sets)

    def table(self, name: str) -> Table:
        """Reads the table's fields.csv once; raises CatalogError for unknown names and damaged files."""
        row = self._known(self._table_rows, name, "查找标准表", "table")
        return self._once(self._tables, name, lambda: build_table(row, self.files, self._edition))

    def rules(self, name: str) -> tuple[Rule, ...]:
        """The table's rules in words."""
        self._known(self._table_rows, name, "查找标准表", "table")
        return self._once(self._rules, name, lambda: _read_rules(name, self.files))

    def rule_book(self, name: str) -> RuleBook:
        """The table's rules as data; an empty book where it has none."""
        self._known(self._table_rows, name, "查找标准表", "table")
        return self._once(self._rule_books, name, lambda: read_rule_book(name, self.files))

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Field name -> the least and the most that its numbers can be at all."""
        with self._lock:
            return self._scales

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        return read_scales(self.files)

    def severities(self, name: str) -> Mapping[str, Literal["error", "warning"]]:
        """Rule id -> severity in rules.csv."""
        return {rule.rule_id: rule.severity for rule in self.rules(name)}

    def value_set(self, set_id: str) -> LoadedValueSet:
        """Raises CatalogError for an unknown id; reads no codes."""
        return self._known(self._value_sets, set_id, "查找值域", "value_set")

    def with_codings(self, codings: Codings) -> LoadedCatalog:
        """The same edition where these editions of lists are valid, the others as they were."""
        return LoadedCatalog(self._edition, self.files, {**self.codings, **codings}) if codings else self

    def child_tables(self, name: str) -> tuple[str, ...]:
        """Tables with an FK to this one, in the platform's order, itself left out."""
        self.table(name)
        return tuple(
            child
            for child in self.table_names
            if child != name and any(f.key and f.key.table == name for f in self.table(child).parents)
        )

    def dependency_order(self) -> tuple[str, ...]:
        """Parents before children by FK; among the free ones lower tier first, then the platform's order."""
        waits_for = {name: _parent_names(self.table(name)) for name in self.table_names}
        for name, parents in waits_for.items():
            for parent in parents:
                if parent not in waits_for:
                    raise CatalogError("排定表的先后", table=name, parent=parent, fix="外键须指向已有的表")
        position = {name: (self.table(name).tier, i) for i, name in enumerate(self.table_names)}
        free = [(*position[name], name) for name, parents in waits_for.items() if not parents]
        heapq.heapify(free)
        order: list[str] = []
        while free:
            done = heapq.heappop(free)[2]
            order.append(done)
            for name, parents in waits_for.items():
                if done in parents:
                    parents.discard(done)
                    if not parents:
                        heapq.heappush(free, (*position[name], name))
        if len(order) < len(waits_for):
            rest = "、".join(name for name in waits_for if name not in order)
            raise CatalogError(
                "排定表的先后", tables=rest, expected="外键不成环", fix="断开其中一条外键，或改为 REF"
            )
        return tuple(order)

    @cached_property
    def _table_rows_unlocked(self) -> dict[str, CsvRow]:
        rows: dict[str, CsvRow] = {}
        for path in self.files.layers("tables.csv") or (self.files.path("tables.csv"),):
            for row in self.files.rows(path, TABLE_COLUMNS):
                rows[row["table"]] = row
        dropped = removed_tables(self.files)
        return {name: row for name, row in rows.items() if name not in dropped}

    @property
    def _table_rows(self) -> dict[str, CsvRow]:
        with self._lock:
            return self._table_rows_unlocked

    @cached_property
    def _value_sets_unlocked(self) -> dict[str, LoadedValueSet]:
        sets: dict[str, LoadedValueSet] = {}
        for path in self.files.layers("value_sets.csv") or (self.files.path("value_sets.csv"),):
            for row in self.files.rows(path, SET_COLUMNS):
                said = self.codings.get(row["id"])
                sets[row["id"]] = LoadedValueSet(row, self.files, self.value_set, said)
        return sets

    @property
    def _value_sets(self) -> dict[str, LoadedValueSet]:
        with self._lock:
            return self._value_sets_unlocked

    def _once(self, cache: dict[str, _T], name: str, build: Callable[[], _T]) -> _T:
        if name not in cache:
            with self._lock:
                if name not in cache:
                    cache[name] = build()
        return cache[name]

    def _known(self, known: Mapping[str, _T], name: str, doing: str, label: str) -> _T:
        if name in known:
            return known[name]
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        fix = f"最接近的名字：{'、'.join(near)}" if near else "用 medferry catalog list 查看全部名字"
        raise CatalogError(doing, **{label: name, "edition": self.edition}, fix=fix)


def removed_tables(files: CatalogFiles) -> frozenset[str]:
    """Tables that an upper folder takes out (removed_tables.csv) and none above it lists again."""
    if not files.layers("removed_tables.csv"):
        return frozenset()  # the usual case reads no file twice
    gone: set[str] = set()
    for folder in reversed(files.folders):
        for name, columns in (("tables.csv", TABLE_COLUMNS), ("removed_tables.csv", REMOVED_COLUMNS)):
            path = folder / name
            listed = {row["table"] for row in files.rows(path, columns)} if path.is_file() else set()
            gone = gone | listed if columns is REMOVED_COLUMNS else gone - listed
    return frozenset(gone)


def load_catalog(
    edition: str = "jiangxi", overlay: Path | None = None, *, reader: Reader = Path.read_bytes
) -> LoadedCatalog:
    """An edition of the standard; reads nothing yet.

    overlay  a folder of the hospital's project with the same layout: its files replace the shipped ones, its
             lines in tables.csv and value_sets.csv replace lines of the same name or are added
    raises   CatalogError for an unknown edition or a missing overlay folder
    """
    return LoadedCatalog(*edition_files(edition, overlay, reader))


def build_table(row: CsvRow, files: CatalogFiles, edition: str = "") -> Table:
    """A table from its line in tables.csv and its fields.csv; raises CatalogError at file:line."""
    name = row["table"]
    if not NAME.fullmatch(name):
        row.fault("表名只含小写字母、数字、下划线", fix="改表名", table=name)
    for column in ("no", "tier"):
        if not re.fullmatch("[0-9]+", row[column]):
            row.fault(f"{column} 为整数", fix="改为整数", table=name)
    path = files.path(f"tables/{name}/fields.csv")
    fields = tuple(build_field(name, line) for line in files.rows(path, FIELD_COLUMNS))
    names: set[str] = set()
    for field in fields:
        if field.name in names:
            raise CatalogError(
                "读取标准数据", file=path, field=field.name, expected="字段名不重复", fix="删去或改名"
            )
        names.add(field.name)
    wires = [field.wire for field in fields if field.wire is not None]
    twice = sorted({wire for wire in wires if wires.count(wire) > 1})
    if twice:
        raise CatalogError(
            "读取标准数据",
            file=path,
            wire_name="、".join(twice),
            expected="平台的字段名不重复",
            fix="改 wire_name",
        )
    own = [f.name for f in fields if f.key and f.key.kind is KeyKind.PRIMARY and f.name != "org_code"]
    if len(own) != 1 or "org_code" not in names:
        raise CatalogError(
            "读取标准数据", file=path, keys="、".join(own) or "无", expected="主键为 org_code 加一个字段",
            fix="在 key 列标 PK",
        )  # fmt: skip
    if next(f for f in fields if f.name == own[0]).wire is None:
        raise CatalogError(
            "读取标准数据",
            file=path,
            field=own[0],
            expected="主键要在报文里",
            fix="wire_name 不写 -：没有主键平台认不出是哪条记录",
        )
    return Table(
        no=int(row["no"]),
        name=name,
        title_zh=row["table_zh"],
        category_zh=row["category_zh"],
        dataset_code=row["dataset_code"] or None,
        dataset_zh=row["dataset_zh"],
        group=row["group"],
        tier=int(row["tier"]),
        fields=fields,
        note_zh=row["note_zh"],
        edition=edition,
        wire_name=_wire_name(row, name),
    )


def build_field(table: str, row: CsvRow) -> Field:
    """A field from its line; raises CatalogError at file:line."""
    name = row["name"]
    if not NAME.fullmatch(name):
        row.fault("字段名只含小写字母、数字、下划线", fix="改字段名", field=name)
    if not re.fullmatch("[0-9]+", row["seq"]):
        row.fault("seq 为整数", fix="改为该字段的序号", field=name)
    for column, allowed in (("type", TYPES), ("required", ("R", "C", "O")), ("confidence", ("A", "B", "C"))):
        if row[column] not in allowed:
            row.fault(
                f"{column} 为 {'/'.join(allowed)} 之一", fix=f"改 {column}", field=name, found=row[column]
            )
    try:
        parsed = parse_format(row["format"])
    except ValueError:
        row.fault(f"格式写法为 {KNOWN_ZH}", fix="改 format", field=name, found=row["format"])
    return Field(
        table=table,
        seq=int(row["seq"]),
        name=name,
        name_zh=row["name_zh"],
        type=cast(FieldType, row["type"]),
        format=parsed,
        required=cast(Literal["R", "C", "O"], row["required"]),
        key=_key(row),
        value_set=value_set[0] if (value_set := ids_of(row["code_system"])) else None,
        more_sets=value_set[1:],
        many=row.values.get("many") or parted_by(row["description_zh"]),
        element_id=row["element_id"] or None,
        description_zh=row["description_zh"],
        source=row["source"],
        confidence=cast(Literal["A", "B", "C"], row["confidence"]),
        wire_name=_wire_name(row, name),
    )


def _wire_name(row: CsvRow, name: str) -> str:
    """The optional column: a platform's own name of a table or field; "" where it is ours."""
    said = row.values.get("wire_name", "").strip()
    if said and not WIRE_NAME.fullmatch(said):
        row.fault("wire_name 为 64 个字符以内、不含引号空白的名字", fix="改 wire_name", name=name)
    return "" if said == name else said


def _key(row: CsvRow) -> Key | None:
    text = row["key"]
    if not text:
        return None
    if text == "PK":
        return Key(KeyKind.PRIMARY)
    found = re.fullmatch(r"(FK|REF):([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)", text)
    if not found:
        row.fault("key 为空、PK、FK:表.字段 或 REF:表.字段", fix="改 key", field=row["name"], found=text)
    return Key(KeyKind(found[1]), found[2], found[3])


def _read_rules(name: str, files: CatalogFiles) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for row in files.rows(files.path(f"tables/{name}/rules.csv"), RULE_COLUMNS):
        if row["severity"] not in ("error", "warning"):
            row.fault("severity 为 error 或 warning", fix="改 severity", found=row["severity"])
        rules.append(
            Rule(
                name, row["rule_id"], row["scope"], row["expression_zh"],
                cast(Literal["error", "warning"], row["severity"]), row["source"],
            )
        )  # fmt: skip
    return tuple(rules)


def _parent_names(table: Table) -> set[str]:
    return {f.key.table for f in table.parents if f.key and f.key.table and f.key.table != table.name}
