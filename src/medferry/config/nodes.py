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

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_QUOTE = '写在 { } 或 [ ] 里的 ${名字} 要加双引号："${名字}"'
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
    start = Place(file, 1, 1)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        complaints.error(start, "文件不存在", fix=f"请新建 {file}")
        return None
    except UnicodeDecodeError:
        complaints.error(start, "文件不是 UTF-8 编码", fix="请用编辑器另存为 UTF-8")
        return None
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else start
        lines = text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        fix = _QUOTE if "${" in line else "检查缩进、冒号后的空格与引号；不要用 Tab"
        complaints.error(place, f"不是合法的 YAML：{error.problem}", fix=fix)
        return None
    except yaml.YAMLError:
        complaints.error(start, "不是合法的 YAML：含有不允许的字符", fix="删去控制字符")
        return None
    if root is None:
        complaints.error(start, "文件是空的")
        return None
    return _Builder(file, environ, complaints).node(root)


class _Builder:
    def __init__(self, file: str, environ: Mapping[str, str], complaints: Complaints) -> None:
        self._file = file
        self._environ = environ
        self._complaints = complaints

    def node(self, node: yaml.Node) -> Node:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
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
