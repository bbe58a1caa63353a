"""medferry.yaml: campuses, sources, look-up tables, destination, outbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from medferry.config.model import DestinationSettings, LookupTableSettings, OutboxSettings, SourceSettings
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Entry, Listing, Node, Scalar
from medferry.config.queries import backend_of, read_query
from medferry.mapping.model import Campus

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
)
REQUIRED = ("project", "campuses", "sources", "destination", "outbox")
EARLIER_KEYS = {"frames": "lookup_tables"}
SOURCE_TYPES = ("sql_query",)
DESTINATION_TYPES = ("rest",)
OUTBOX_TYPES = ("sqlite",)
ROWS_MAX = 5_000
STATEMENT_TIMEOUT_S = 60
IN_FLIGHT_MAX = 8
REFRESH = timedelta(minutes=5)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ORG_CODE_LENGTH_MAX = 22
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,8}")
_CAMPUS_KEYS = ("name", "branch_code", "org_code", "org_name", "prefix")
_SOURCE_KEYS = ("type", "campus", "url", "mappings", "rows_max", "statement_timeout_s", "options")
_LOOKUP_TABLE_KEYS = ("source", "query", "refresh")
_EARLIER_OPTIONS = {"frame_rows_max": "lookup_rows_max"}
_DESTINATION_TEXTS = ("type", "url", "app_key", "app_secret")
_DESTINATION_PATHS = ("profile", "ca_file")
_DESTINATION_SECONDS = ("connect_timeout_s", "read_timeout_s", "answer_timeout_s")
_DESTINATION_COUNTS = ("in_flight_max", "reply_bytes_max")
_DESTINATION_KEYS = (*_DESTINATION_TEXTS, *_DESTINATION_PATHS, *_DESTINATION_COUNTS, *_DESTINATION_SECONDS)


class MainFile:
    """Reads the parts of medferry.yaml one after another, each knowing the names of those before it."""

    def __init__(self, folder: Path, reading: NodeReader) -> None:
        self._folder = folder
        self._read = reading
        self._complaints = reading.complaints
        self.source_names: tuple[str, ...] = ()
        self.lookup_table_campuses: dict[str, tuple[str, ...]] = {}
        self._backends: dict[str, str] = {}
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
            node, f"院区 {name} ", _CAMPUS_KEYS, required=("name", "org_code", "org_name")
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

    def sources(self, node: Node, campuses: Mapping[str, Campus]) -> dict[str, SourceSettings]:
        found: dict[str, SourceSettings] = {}
        entries = self.named(node, "数据源 sources")
        self.source_names = tuple(entries)
        for name, entry in entries.items():
            one = self._source(name, entry.value, campuses)
            if one:
                found[name] = one
                self._backends[name] = backend_of(one.url.get_secret_value())
        return found

    def _source(self, name: str, node: Node, campuses: Mapping[str, Campus]) -> SourceSettings | None:
        what = f"数据源 {name} "
        entries = self._read.block(node, what, _SOURCE_KEYS, required=("type", "campus", "url"))
        values = {key: one.value for key, one in entries.items()}
        kind = self._read.one_of(values["type"], "数据源类型", SOURCE_TYPES) if "type" in values else None
        campus = self._read.one_of(values["campus"], "院区", campuses) if "campus" in values else None
        url = self._url(values["url"], f"{what}的 url") if "url" in values else None
        rows_max = self._count(values, "rows_max", what, ROWS_MAX)
        timeout_s = self._count(values, "statement_timeout_s", what, STATEMENT_TIMEOUT_S)
        mappings = self._mappings_folder(values["mappings"], what) if "mappings" in values else None
        options = self._options(values["options"], f"{what}的 options") if "options" in values else {}
        if kind is None or campus is None or url is None:
            return None
        return SourceSettings(
            id=name,
            type=kind,
            campus=campuses[campus],
            url=SecretStr(url),
            rows_max=rows_max,
            statement_timeout_s=timeout_s,
            mappings=mappings,
            options=options,
        )

    def _options(self, node: Node, what: str) -> dict[str, str | tuple[str, ...]]:
        """Texts and lists of texts; the source's type judges them when it opens."""
        found: dict[str, str | tuple[str, ...]] = {}
        for name, entry in self._read.block(node, what, earlier=_EARLIER_OPTIONS).items():
            is_list = isinstance(entry.value, Listing)
            value = self._read.texts(entry.value, name) if is_list else self._read.text(entry.value, name)
            if value is not None:
                found[name] = value
        return found

    def _mappings_folder(self, node: Node, what: str) -> Path | None:
        text = self._read.text(node, f"{what}的 mappings")
        if text is None:
            return None
        if not (self._folder / text).is_dir():
            self._complaints.error(node.place, f"映射目录不存在：{text}", fix="新建该目录，或改正路径")
            return None
        return self._folder / text

    def _count(self, values: Mapping[str, Node], key: str, what: str, default: int) -> int:
        if key not in values:
            return default
        return self._read.integer(values[key], f"{what}的 {key}", lowest=1) or default

    def _url(self, node: Node, what: str) -> str | None:
        """A database address; a relative SQLite path counts from the project folder."""
        text = self._read.text(node, what)
        if text is None:
            return None
        if "://" not in text:
            self._complaints.error(
                node.place, f"{what}不是数据库地址", expected="如 sqlite:///run/his.sqlite"
            )
            return None
        head, path = "sqlite:///", text.removeprefix("sqlite:///")
        if text.startswith(head) and path and not path.startswith("/") and path != ":memory:":
            return f"{head}{(self._folder / path).resolve()}"
        return text

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
        entries = self._read.block(node, f"对照表 {name} ", _LOOKUP_TABLE_KEYS, required=("source", "query"))
        values = {key: one.value for key, one in entries.items()}
        source = (
            self._read.one_of(values["source"], "数据源", self.source_names) if "source" in values else None
        )
        backend = self._backends.get(source or "", "")
        query = read_query(self._folder, values["query"], self._read, backend) if "query" in values else None
        refresh = self._read.duration(values["refresh"], "refresh") if "refresh" in values else REFRESH
        if source is None or query is None or refresh is None:
            return None
        return LookupTableSettings(name, campus, source, query.text, query.file, refresh)

    def destination(self, node: Node) -> DestinationSettings | None:
        entries = self._read.block(node, "destination ", _DESTINATION_KEYS, required=_DESTINATION_TEXTS)
        values = {key: one.value for key, one in entries.items()}
        settings: dict[str, object] = {}
        for key, one in values.items():
            value = self._destination_value(key, one)
            if value is not None:
                settings[key] = value
        if not set(_DESTINATION_TEXTS) <= set(settings):
            return None
        in_flight_max = settings.get("in_flight_max", IN_FLIGHT_MAX)
        assert isinstance(in_flight_max, int)
        return DestinationSettings(str(settings["type"]), str(settings["url"]), in_flight_max, settings)

    def _destination_value(self, key: str, node: Node) -> object:
        what = f"destination 的 {key}"
        readers: dict[str, Callable[[], object]] = {
            "type": lambda: self._read.one_of(node, "送达方式", DESTINATION_TYPES),
            "url": lambda: self._platform_url(node),
            "app_secret": lambda: self._secret(node),
        }
        if key in readers:
            return readers[key]()
        if key in _DESTINATION_COUNTS:
            return self._read.integer(node, what, lowest=1)
        if key in _DESTINATION_SECONDS:
            seconds = self._read.integer(node, what, lowest=1)
            return None if seconds is None else float(seconds)
        text = self._read.text(node, what)
        if text is None or key not in _DESTINATION_PATHS:
            return text
        if not (self._folder / text).is_file():
            self._complaints.error(node.place, f"{what}指的文件不存在：{text}")
            return None
        return self._folder / text

    def _platform_url(self, node: Node) -> str | None:
        text = self._read.text(node, "destination 的 url")
        if text is None:
            return None
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            self._complaints.error(
                node.place,
                "destination 的 url 不是平台地址",
                expected="http:// 或 https:// 开头，不含账号与查询参数",
            )
            return None
        return text.rstrip("/")

    def _secret(self, node: Node) -> SecretStr | None:
        text = self._read.text(node, "destination 的 app_secret")
        if isinstance(node, Scalar) and text and not node.from_environment:
            self._complaints.warning(
                node.place, "口令直接写在文件里", fix="改为环境变量：app_secret: ${MEDFERRY_APP_SECRET}"
            )
        return None if text is None else SecretStr(text)

    def outbox(self, node: Node) -> OutboxSettings | None:
        entries = self._read.block(node, "outbox ", ("type", "path"), required=("type", "path"))
        values = {key: one.value for key, one in entries.items()}
        kind = self._read.one_of(values["type"], "账本类型", OUTBOX_TYPES) if "type" in values else None
        path = self._read.text(values["path"], "outbox 的 path") if "path" in values else None
        if kind is None or path is None:
            return None
        return OutboxSettings(kind, self._folder / path)
