"""medferry.yaml: campuses, sources, look-up tables, destination, outbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from medferry.config.member_block import MemberBlock, chosen
from medferry.config.model import LookupTableSettings, SourceBlock
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Entry, Node
from medferry.config.queries import JudgeQuery, read_query, unjudged
from medferry.destinations.registry import DESTINATIONS
from medferry.destinations.settings import DestinationSettings
from medferry.mapping.model import Campus
from medferry.members import Registry, Settings
from medferry.outbox.registry import OUTBOXES
from medferry.outbox.settings import OutboxSettings
from medferry.sources.registry import SOURCES

S = TypeVar("S", bound=Settings)

KEYS = (
    "project",
    "catalog",
    "campuses",
    "sources",
    "lookup_tables",
    "destination",
    "outbox",
    "score",
    "review",
    "checks",
    "codings",
)
REQUIRED = ("project", "campuses", "sources", "destination", "outbox")
EARLIER_KEYS = {"frames": "lookup_tables"}
REFRESH = timedelta(minutes=5)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ORG_CODE_LENGTH_MAX = 22
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,8}")
CAMPUS_KEYS = ("name", "branch_code", "org_code", "org_name", "prefix")
SOURCE_KEYS = ("type", "campus", "mappings", "options")
"""Of every source; the others are its type's own. `options` holds some of those, for whoever likes them apart."""
LOOKUP_TABLE_KEYS = ("source", "query", "refresh")


class MainFile:
    """Reads the parts of medferry.yaml one after another, each knowing the names of those before it."""

    def __init__(self, folder: Path, reading: NodeReader) -> None:
        self._folder = folder
        self._read = reading
        self._context = {"folder": folder}
        self._complaints = reading.complaints
        self.source_names: tuple[str, ...] = ()
        self.lookup_table_campuses: dict[str, tuple[str, ...]] = {}
        self._judges: dict[str, JudgeQuery] = {}
        self._without_queries: set[str] = set()
        # Names as written, sound or not: a mistake inside a source is not told again at every use.

    def named(self, node: Node, what_zh: str) -> Mapping[str, Entry]:
        """Entries under free names of lower-case letters, digits and underscores."""
        entries = self._read.block(node, what_zh)
        if not entries:
            self._complaints.error(node.place, f"{what_zh}一个也没有")
        for name, entry in entries.items():
            if not _NAME.fullmatch(name):
                self._complaints.error(
                    entry.key.place,
                    f"{what_zh}的名字 {name} 不合规",
                    expected="小写字母开头，含小写字母、数字、下划线",
                )
        return entries

    def campuses(self, node: Node) -> dict[str, Campus]:
        found: dict[str, Campus] = {}
        entries = self.named(node, "院区 campuses")
        for name, entry in entries.items():
            found[name] = self._campus(name, entry.value)
        by_org: dict[str, list[str]] = {}
        for name, campus in found.items():
            if campus.org_code:
                by_org.setdefault(campus.org_code, []).append(name)
        for sharing in by_org.values():
            if len(sharing) > 1:
                self._check_prefixes(sharing, found, entries)
        return found

    def _campus(self, name: str, node: Node) -> Campus:
        entries = self._read.block(
            node, f"院区 {name} ", CAMPUS_KEYS, required=("name", "org_code", "org_name")
        )
        texts = {
            key: self._read.text(one.value, f"院区 {name} 的 {key}") or "" for key, one in entries.items()
        }
        org_code, prefix = texts.get("org_code", ""), texts.get("prefix", "")
        if len(org_code) > _ORG_CODE_LENGTH_MAX:
            place = entries["org_code"].value.place
            self._complaints.error(place, f"院区 {name} 的 org_code 长于 {_ORG_CODE_LENGTH_MAX} 个字符")
        if prefix and not _PREFIX.fullmatch(prefix):
            place = entries["prefix"].value.place
            self._complaints.error(
                place, f"院区 {name} 的 prefix 不合规", expected="1 至 8 个字母、数字、- 或 _"
            )
        return Campus(
            id=name,
            name_zh=texts.get("name", ""),
            branch_code=texts.get("branch_code", ""),
            org_code=org_code,
            org_name=texts.get("org_name", ""),
            prefix=prefix,
        )

    def _check_prefixes(
        self, sharing: list[str], campuses: Mapping[str, Campus], entries: Mapping[str, Entry]
    ) -> None:
        """Equal ids of two campuses under one org_code would be one record at the platform."""
        seen: dict[str, str] = {}
        for name in sharing:
            prefix, place = campuses[name].prefix, entries[name].key.place
            if not prefix:
                others = "、".join(one for one in sharing if one != name)
                self._complaints.error(
                    place,
                    f"院区 {name} 与 {others} 共用 org_code，却没有 prefix",
                    fix='各写一个不同的 prefix，如 "DH-"',
                )
                continue
            for other, owner in seen.items():
                if prefix.startswith(other) or other.startswith(prefix):
                    same = "相同" if prefix == other else "互为开头"
                    self._complaints.error(
                        place, f"院区 {name} 与 {owner} 的 prefix {same}", fix="改成互不相同的前缀"
                    )
            seen.setdefault(prefix, name)

    def sources(self, node: Node, campuses: Mapping[str, Campus]) -> dict[str, SourceBlock]:
        found: dict[str, SourceBlock] = {}
        entries = self.named(node, "数据源 sources")
        self.source_names = tuple(entries)
        for name, entry in entries.items():
            one = self._source(name, entry.value, campuses)
            if one:
                found[name] = one
                self._judges[name] = one.settings.wrong_query
        return found

    def _source(self, name: str, node: Node, campuses: Mapping[str, Campus]) -> SourceBlock | None:
        what = f"数据源 {name} "
        entries = self._read.block(node, what, required=("type", "campus"))
        values = {key: one.value for key, one in entries.items()}
        campus = self._read.one_of(values["campus"], "院区", campuses) if "campus" in values else None
        mappings = self._mappings_folder(values["mappings"], what) if "mappings" in values else None
        own = self._with_options(entries, what)
        kind = chosen(self._read, values.get("type"), SOURCES)
        if kind is None:
            return None
        if not kind.reads_queries:
            self._without_queries.add(name)
        block = MemberBlock(self._read, node, what, SOURCE_KEYS, name.upper())
        given = {"type": kind.member_name(), "name": name, "campus": campus or ""}
        settings = block.read(kind, own, self._context, **given)
        if settings is None or campus is None:
            return None
        return SourceBlock(name, campuses[campus], mappings, settings)

    def _with_options(self, entries: Mapping[str, Entry], what: str) -> dict[str, Entry]:
        """What the source's type judges, whether it stands in the block or under `options:`."""
        own = {key: one for key, one in entries.items() if key not in SOURCE_KEYS}
        apart = (
            self._read.block(entries["options"].value, f"{what}的 options ") if "options" in entries else {}
        )
        for key, entry in apart.items():
            if key in own:
                line = own[key].key.place.line
                self._complaints.error(
                    entry.key.place, f"{what}的 {key} 重复，第 {line} 行已有", fix="删去其中一处"
                )
            else:
                own[key] = entry
        return own

    def _mappings_folder(self, node: Node, what: str) -> Path | None:
        text = self._read.text(node, f"{what}的 mappings")
        if text is None:
            return None
        if not (self._folder / text).is_dir():
            self._complaints.error(node.place, f"映射目录不存在：{text}", fix="新建该目录，或改正路径")
            return None
        return self._folder / text

    def lookup_tables(
        self, node: Node, campuses: Mapping[str, Campus]
    ) -> dict[str, dict[str, LookupTableSettings]]:
        found: dict[str, dict[str, LookupTableSettings]] = {}
        for name, entry in self.named(node, "对照表 lookup_tables").items():
            entries = self._read.block(entry.value, f"对照表 {name} ")
            shared = "query" in entries
            if not shared:
                entries = self._read.block(entry.value, f"对照表 {name} 的院区", tuple(campuses))
            nodes = (
                dict.fromkeys(campuses, entry.value) if shared else {k: e.value for k, e in entries.items()}
            )
            self.lookup_table_campuses[name] = tuple(nodes)
            for campus, one in nodes.items():
                table = self._lookup_table(name, campus, one)
                if table:
                    found.setdefault(name, {})[campus] = table
            found.setdefault(name, {})
        return found

    def _lookup_table(self, name: str, campus: str, node: Node) -> LookupTableSettings | None:
        entries = self._read.block(node, f"对照表 {name} ", LOOKUP_TABLE_KEYS, required=("source", "query"))
        values = {key: one.value for key, one in entries.items()}
        source = (
            self._read.one_of(values["source"], "数据源", self.source_names) if "source" in values else None
        )
        if source in self._without_queries:
            place = values["source"].place
            self._complaints.error(place, f"数据源 {source} 不能查询，供不了对照表", fix="改用能查询的数据源")
            return None
        judge = self._judges.get(source or "", unjudged)
        query = read_query(self._folder, values["query"], self._read, judge) if "query" in values else None
        refresh = self._read.duration(values["refresh"], "refresh") if "refresh" in values else REFRESH
        if source is None or query is None or refresh is None:
            return None
        return LookupTableSettings(name, campus, source, query.text, query.file, refresh)

    def destination(self, node: Node) -> DestinationSettings | None:
        return self._member(node, "destination", DESTINATIONS)

    def outbox(self, node: Node) -> OutboxSettings | None:
        return self._member(node, "outbox", OUTBOXES)

    def _member(self, node: Node, name: str, registry: Registry[S]) -> S | None:
        what = f"{name} "
        entries = dict(self._read.block(node, what, required=("type",)))
        type_entry = entries.pop("type", None)
        kind = chosen(self._read, type_entry.value if type_entry else None, registry)
        if kind is None:
            return None
        block = MemberBlock(self._read, node, what, ("type",), "MEDFERRY")
        return block.read(kind, entries, self._context, type=kind.member_name())
