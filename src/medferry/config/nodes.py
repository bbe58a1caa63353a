"""YAML with places: every scalar is text, every node knows its file, line and column.

Reading all scalars as text keeps YAML 1.1 from biting: `no`, `on`, `08:00`, `010` mean what is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from medferry.config.complaint import Complaints, Place
from medferry.config.text_file import read_text_file

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_QUOTE = '写在 { } 或 [ ] 里的 ${名字} 要加双引号："${名字}"'
DEPTH_MAX = 50
NODES_MAX = 1_000_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """`from_environment`: the text holds a substituted variable and is never shown."""

    place: Place
    text: str
    is_null: bool = False
    from_environment: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """`key: value` lines, keys unique."""

    place: Place
    entries: Mapping[str, Entry]


Node = Scalar | Listing | Block


def read_yaml(path: Path, file: str, environ: Mapping[str, str], complaints: Complaints) -> Node | None:
    """The file's only document; None after a complaint when it cannot be read."""
    text = read_text_file(path, file, complaints, encoding_fix="请用编辑器另存为 UTF-8")
    root = None if text is None else _composed(text, file, complaints)
    if root is None:
        return None
    try:
        return _Builder(file, environ, complaints).node(root)
    except _TooMuch as error:
        complaints.error(
            error.place, f"引用（&名字 与 *名字）展开得没有尽头，或超过 {NODES_MAX} 项", fix="写开，不用引用"
        )
        return None


def _composed(text: str, file: str, complaints: Complaints) -> yaml.Node | None:
    start = Place(file, 1, 1)
    root: yaml.Node | None = None
    try:
        if (deep := _too_deep(text)) is not None:
            complaints.error(
                Place(file, *deep), f"嵌套超过 {DEPTH_MAX} 层", fix="多半是括号没有成对；检查 [ ] 与 { }"
            )
            return None
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else start
        lines = text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        fix = _QUOTE if "${" in line else "检查缩进、冒号后的空格与引号；不要用 Tab"
        complaints.error(place, f"不是合法的 YAML：{error.problem}", fix=fix)
    except yaml.YAMLError:
        complaints.error(start, "不是合法的 YAML：含有不允许的字符", fix="删去控制字符")
    else:
        if root is None:
            complaints.error(start, "文件是空的")
    return root


class _TooMuch(Exception):
    """References that contain themselves, or multiply."""

    def __init__(self, place: Place) -> None:
        self.place = place


def _too_deep(text: str) -> tuple[int, int] | None:
    """Line and column where the nesting passes what the parser's own recursion stands."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_MAX:
                mark = event.start_mark
                assert mark is not None
                return mark.line + 1, mark.column + 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


class _Builder:
    def __init__(self, file: str, environ: Mapping[str, str], complaints: Complaints) -> None:
        self._file = file
        self._environ = environ
        self._complaints = complaints
        self._nodes = 0
        self._open: set[int] = set()  # collections that are being built: one within itself has no end

    def node(self, node: yaml.Node) -> Node:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        self._nodes += 1
        if self._nodes > NODES_MAX or id(node) in self._open:
            raise _TooMuch(place)
        self._open.add(id(node))
        try:
            return self._built(node, place)
        finally:
            self._open.discard(id(node))

    def _built(self, node: yaml.Node, place: Place) -> Node:
        if isinstance(node, yaml.MappingNode):
            return Block(place, self._entries(node))
        if isinstance(node, yaml.SequenceNode):
            return Listing(place, tuple(self.node(one) for one in node.value))
        assert isinstance(node, yaml.ScalarNode)
        is_null = not node.style and node.value in _NULLS
        return self._substituted(Scalar(place, "" if is_null else str(node.value), is_null))

    def _entries(self, node: yaml.MappingNode) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key = self.node(key_node)
            if not isinstance(key, Scalar):
                self._complaints.error(key.place, "键必须是一段文本")
                continue
            if key.text in entries:
                first = entries[key.text].key.place.line
                self._complaints.error(
                    key.place, f"键 {key.text} 重复，第 {first} 行已有", fix="删去其中一处"
                )
                continue
            entries[key.text] = Entry(key, self.node(value_node))
        return entries

    def _substituted(self, scalar: Scalar) -> Scalar:
        if "${" not in scalar.text:
            return scalar

        def value_of(found: re.Match[str]) -> str:
            name, default = found[1], found[2]
            value = self._environ.get(name) or default
            if value is None:
                self._complaints.error(
                    scalar.place,
                    f"环境变量 {name} 没有设置",
                    fix=f"启动前设置 {name}，或写成 ${{{name}:-默认值}}（口令不要写默认值）",
                )
                return ""
            return value

        return Scalar(scalar.place, _VARIABLE.sub(value_of, scalar.text), from_environment=True)
