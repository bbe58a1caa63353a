"""mappings/<system>/<name>.yaml: one route, what is read and the tables that its rows become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.model import Table
from medferry.catalog.schedule import Schedule
from medferry.config.field_reader import FieldReader
from medferry.config.model import Route, SourceBlock
from medferry.config.never_filled import FILLED_BY_ENGINE
from medferry.config.nodes import Block, Entry, Listing, Node, read_yaml
from medferry.config.queries import Query, read_query
from medferry.config.score_block import read_counts
from medferry.config.waiver_file import NEVER_WAIVED
from medferry.mapping.model import FieldMapping, Guard, TableMapping

READ_KEYS = (
    "query", "key", "changed_at", "ready_when", "every", "at", "sweep_every", "overlap", "window", "deadline",
    "rows_max", "count",
)  # fmt: skip
_QUERY_KEYS = frozenset({"query", "count"})  # of sources that are asked by queries
_GUARD = "when"


@dataclass(frozen=True, slots=True)
class _Read:
    """The `read:` section as written; None where the group's default holds."""

    query: Query
    key: tuple[str, ...]
    changed_at: str | None
    ready_when: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, timedelta]
    at: tuple[time, ...]
    rows_max: int | None
    count: Node | None


class RouteFile:
    """Reads one mapping file of one source."""

    def __init__(
        self,
        folder: Path,
        source: SourceBlock,
        fields: FieldReader,
        schedules: Mapping[str, Schedule],
        waived: Mapping[tuple[str, str], str],
    ) -> None:
        self._folder = folder
        self._source = source
        self._fields = fields
        self._read = fields.reading
        self._schedules = schedules
        self._waived = waived

    def route(self, path: Path, environ: Mapping[str, str]) -> Route | None:
        """None after a complaint that leaves no route to speak of."""
        file = str(path.relative_to(self._folder))
        node = read_yaml(path, file, environ, self._read.complaints)
        if node is None:
            return None
        entries = self._read.block(node, "映射文件", ("read", "tables"), required=("read", "tables"))
        read = self._read_section(entries["read"].value) if "read" in entries else None
        mappings = self._tables(entries["tables"].value) if "tables" in entries else ()
        if read is None or not mappings:
            return None
        group = self._schedule(mappings)
        tables = tuple(dict.fromkeys(one.table for one in mappings))
        return Route(
            id=f"{self._source.id}.{path.stem}",
            source=self._source.id,
            campus=self._source.campus,
            file=file,
            query=read.query.text,
            query_file=read.query.file,
            key=read.key,
            changed_at=read.changed_at,
            ready_when=read.ready_when,
            every=read.spans.get("every") or (None if read.at or group.at else group.every),
            at=read.at or ((group.at,) if group.at and "every" not in read.spans else ()),
            sweep_every=read.spans.get("sweep_every", group.sweep_every),
            overlap=read.spans.get("overlap", group.overlap),
            window=read.spans.get("window", group.window),
            deadline=read.spans.get("deadline", group.deadline),
            rows_max=read.rows_max or self._source.settings.rows_max,
            mappings=mappings,
            counts=read_counts(
                self._folder, read.count, tables, self._read, self._source.settings.wrong_query
            )
            if read.count
            else {},
        )

    def _schedule(self, mappings: tuple[TableMapping, ...]) -> Schedule:
        """The most urgent of the groups that the tables belong to."""
        groups = {self._fields.catalog.table(one.table).group for one in mappings}
        return min((self._schedules[one] for one in groups), key=lambda one: one.every)

    def _read_section(self, node: Node) -> _Read | None:
        by_query = self._source.settings.reads_queries
        known = [key for key in READ_KEYS if by_query or key not in _QUERY_KEYS]
        entries = self._read.block(node, "read ", known, required=("query", "key") if by_query else ("key",))
        values = {key: one.value for key, one in entries.items()}
        query: Query | None = None if by_query else Query("", "")
        if "query" in values:
            judge = self._source.settings.wrong_query
            query = read_query(self._folder, values["query"], self._read, judge)
        key = self._read.texts(values["key"], "read 的 key") if "key" in values else None
        changed_at = (
            self._read.text(values["changed_at"], "read 的 changed_at") if "changed_at" in values else None
        )
        ready_when = self._ready_when(values["ready_when"]) if "ready_when" in values else {}
        at = (self._read.clocks(values["at"], "read 的 at") or ()) if "at" in values else ()
        rows_max = (
            self._read.integer(values["rows_max"], "read 的 rows_max", 1) if "rows_max" in values else None
        )
        spans = {}
        for name in ("every", "sweep_every", "overlap", "window", "deadline"):
            span = self._read.duration(values[name], f"read 的 {name}") if name in values else None
            if span is not None:
                spans[name] = span
        if "every" in values and "at" in values:
            self._read.complaints.error(values["at"].place, "every 与 at 只能写一个")
        if query is None or key is None:
            return None
        return _Read(query, key, changed_at, ready_when, spans, at, rows_max, values.get("count"))

    def _ready_when(self, node: Node) -> dict[str, tuple[str, ...]]:
        if not isinstance(node, Block) or not node.entries:
            self._read.complaints.error(node.place, "ready_when 写法不对", expected='{列名: ["1", "2"]}')
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for column, entry in node.entries.items():
            texts = self._read.texts(entry.value, f"ready_when 的 {column}")
            if texts is not None:
                found[column] = texts
        return found

    def _tables(self, node: Node) -> tuple[TableMapping, ...]:
        blocks: list[TableMapping] = []
        entries = self._read.block(node, "tables ")
        for name, entry in entries.items():
            if name not in self._fields.catalog.table_names:
                if self._is_of_other_edition(name):
                    continue
                self._read.complaints.unknown(
                    entry.key.place, "标准表", name, self._fields.catalog.table_names
                )
                continue
            table = self._fields.catalog.table(name)
            nodes = entry.value.items if isinstance(entry.value, Listing) else (entry.value,)
            blocks += [self._table(table, one, entry) for one in nodes]
        if not entries:
            self._read.complaints.error(node.place, "tables 里一张表也没有")
        return tuple(blocks)

    def _table(self, table: Table, node: Node, entry: Entry) -> TableMapping:
        entries = dict(self._read.block(node, f"表 {table.name} "))
        guard: Guard | None = None
        if _GUARD in entries:
            guard = self._fields.guard(entries.pop(_GUARD).value)
        fields: list[FieldMapping] = []
        for name, one in entries.items():
            if name in FILLED_BY_ENGINE:
                self._read.complaints.error(
                    one.key.place, f"{name} 由程序按院区填写，不要映射", fix="删去这一行"
                )
            elif name not in table.by_name and self._is_of_other_edition(table.name, name):
                continue
            elif name not in table.by_name:
                self._read.complaints.unknown(one.key.place, f"{table.name} 的字段", name, table.field_names)
            else:
                field = self._fields.field(table.by_name[name], one.value)
                if field is not None:
                    fields.append(field)
        self._check_complete(table, frozenset(entries), entry)
        return TableMapping(table.name, tuple(fields), guard)

    def _is_of_other_edition(self, table: str, field: str | None = None) -> bool:
        """One mapping file serves two editions: what the other one has is neither mapped nor wrong today."""
        catalog = self._fields.catalog
        return isinstance(catalog, SwitchedCatalog) and catalog.knows(table, field)

    def _check_complete(self, table: Table, mapped: frozenset[str], entry: Entry) -> None:
        if table.key_field not in mapped:
            self._read.complaints.error(
                entry.key.place, f"表 {table.name} 没有映射主键 {table.key_field}", fix="补上主键的来源列"
            )
        missing = [
            field
            for field in table.fields
            if (field.required == "R" or field.name in NEVER_WAIVED)
            and field.name not in mapped | FILLED_BY_ENGINE | {table.key_field}
            and (table.name, field.name) not in self._waived
        ]
        if missing:
            names = "、".join(f"{one.name}（{one.name_zh}）" for one in missing)
            self._read.complaints.error(
                entry.key.place,
                f"表 {table.name} 有 {len(missing)} 个必填字段既未映射也未豁免：{names}",
                fix="映射它们，或在 waivers.yaml 写明理由",
            )
