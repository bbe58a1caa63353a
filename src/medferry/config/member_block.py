"""The block of a source, destination or outbox: its `type` chooses the member, the member's settings judge the rest.

Nothing here knows a member. Settings complain by type of mistake; the words and the places are made here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from medferry.config.node_reader import NodeReader, shown
from medferry.config.nodes import Block, Entry, Listing, Node, Scalar
from medferry.errors import ConfigError
from medferry.members import NO_SUCH_FILE, Registry, Secret, Settings

S = TypeVar("S", bound=Settings)

_NOT_SO = {
    "int": "应为整数",
    "float": "应为数字",
    "finite": "应为数字",
    "bool": "应为 true 或 false",
    "string": "应为一段文本",
    "tuple": "应为一段文本或列表",
    "list": "应为列表",
    "dict": "应写成“键: 值”的若干行",
    "model": "应写成“键: 值”的若干行",
}
"""First word of pydantic's name for a mistake of type -> what it should be."""
_OUT_OF_RANGE = {
    "greater_than_equal": ("太小", "不小于 {ge}"),
    "greater_than": ("太小", "大于 {gt}"),
    "less_than_equal": ("太大", "不大于 {le}"),
    "less_than": ("太大", "小于 {lt}"),
    "string_too_short": ("太短", "至少 {min_length} 个字符"),
    "string_too_long": ("太长", "至多 {max_length} 个字符"),
    "string_pattern_mismatch": ("写法不对", "{pattern}"),
}


def chosen(reading: NodeReader, node: Node | None, registry: Registry[S]) -> type[S] | None:
    """The settings class that a block's `type:` names; None after a complaint, also about a package that is broken."""
    name = reading.one_of(node, registry.family_zh, registry.names) if node else None
    if node is None or name is None:
        return None
    try:
        return registry.settings_of(name)
    except ConfigError as error:
        told = "，".join(f"{key}={value}" for key, value in error.values.items())
        reading.complaints.error(node.place, f"{error.doing}时出错：{told}", fix=error.fix)
        return None


class MemberBlock:
    """Reads one block by the settings of its type.

    what      as complaints begin: "数据源 his "
    known     keys of the block that are not the member's: named among the known ones, judged by others
    variable  begins the name of an environment variable that is proposed for a secret
    """

    def __init__(
        self, reading: NodeReader, block: Node, what: str, known: tuple[str, ...], variable: str
    ) -> None:
        self._reading = reading
        self._complaints = reading.complaints
        self._block = block
        self._what = what
        self._known = known
        self._variable = variable
        self._unreadable: set[str] = set()

    def read(
        self, kind: type[S], entries: Mapping[str, Entry], context: Mapping[str, object], **given: str
    ) -> S | None:
        """The member's settings; None after complaints, each at its place. No value is repeated that may be secret."""
        entries = self._reading.named_as_today(entries, kind.earlier)
        values: dict[str, object] = dict(given)
        for name, entry in entries.items():
            if name in kind.given:  # by the program, not by the project
                known = (*self._known, *kind.writable())
                self._complaints.unknown(entry.key.place, f"{self._what}的键", name, known)
                self._unreadable.add(name)
                continue
            found = self._plain(entry.value, name)
            if name in self._unreadable:
                continue
            values[name] = found
            self._warn_of_secret(kind, name, entry.value)
        try:
            settings = kind.model_validate(values, context=dict(context))
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                self._complain(kind, entries, one)
            return None
        return None if self._unreadable else settings

    def _plain(self, node: Node, name: str) -> object:
        """A node as texts, lists and mappings; an empty one is complained of."""
        if isinstance(node, Block):
            return {key: self._plain(one.value, name) for key, one in node.entries.items()}
        if isinstance(node, Listing):
            return [self._plain(one, name) for one in node.items]
        if not node.text:
            self._unreadable.add(name)
            if not node.from_environment:  # an unset variable has been complained of at this place
                self._complaints.error(
                    node.place, f"{self._what}的 {name} 是空的", fix="填上内容，或删去这一行"
                )
        return node.text

    def _warn_of_secret(self, kind: type[S], name: str, node: Node) -> None:
        field = kind.model_fields.get(name)
        if field is None or not isinstance(node, Scalar) or node.from_environment:
            return
        if any(isinstance(mark, Secret) and mark.within(node.text) for mark in field.metadata):
            variable = f"{self._variable}_{name}".upper()
            self._complaints.warning(
                node.place, "口令直接写在文件里", fix=f"改为环境变量：{name}: ${{{variable}}}"
            )

    def _complain(self, kind: type[S], entries: Mapping[str, Entry], error: ErrorDetails) -> None:
        path, ctx = error["loc"], error.get("ctx", {})
        if path and path[0] in self._unreadable:
            return
        node, holder, entry = self._at(entries, path)
        what = f"{self._what}的 {'.'.join(map(str, path))}" if path else self._what
        match error["type"]:
            case "missing":
                name = str(path[-1])
                self._complaints.error(holder.place, f"{self._what}缺少 {name}", fix=f"补上 {name}: …")
            case "extra_forbidden":
                place = entry.key.place if entry else node.place
                known = self._known_beside(kind, path)
                self._complaints.unknown(place, f"{self._what}的键", str(path[-1]), known)
            case "literal_error" | "enum":
                written = shown(node, node.text) if isinstance(node, Scalar) else "…"
                choices = re.findall(r"'([^']*)'", str(ctx.get("expected", "")))
                self._complaints.unknown(node.place, what, written, choices)
            case "value_error" | "assertion_error":
                self._complaints.error(node.place, f"{what} {ctx['error']}")
            case other if other == NO_SUCH_FILE:
                written = shown(node, node.text) if isinstance(node, Scalar) else "…"
                self._complaints.error(node.place, f"{what} {error['msg']}：{written}")
            case other:
                told, expected = _told(other, ctx, error["msg"])
                self._complaints.error(node.place, f"{what} {told}", expected=expected)

    def _at(
        self, entries: Mapping[str, Entry], path: tuple[int | str, ...]
    ) -> tuple[Node, Node, Entry | None]:
        """The node that a path leads to as far as it goes, the block around it, and its entry."""
        node, holder, entry = self._block, self._block, None
        inside: Mapping[str, Entry] = entries
        for step in path:
            if isinstance(step, str) and step in inside:
                entry = inside[step]
                holder, node = node, entry.value
            elif isinstance(step, int) and isinstance(node, Listing) and step < len(node.items):
                holder, node, entry = node, node.items[step], None
            else:
                return node, node, entry
            inside = node.entries if isinstance(node, Block) else {}
        return node, holder, entry

    def _known_beside(self, kind: type[S], path: tuple[int | str, ...]) -> tuple[str, ...]:
        """Keys that may stand where a path's last key stands."""
        if len(path) == 1:
            return (*self._known, *kind.writable())
        part: type[BaseModel] = kind
        for step in path[:-1]:
            inner = part.model_fields[step].annotation if step in part.model_fields else None
            if not isinstance(inner, type) or not issubclass(inner, BaseModel):
                return ()
            part = inner
        return tuple(part.model_fields)


def _told(kind: str, ctx: Mapping[str, Any], message: str) -> tuple[str, str]:
    """What is wrong, and what was expected."""
    if kind in _OUT_OF_RANGE:
        told, expected = _OUT_OF_RANGE[kind]
        return told, expected.format(**ctx)
    return _NOT_SO.get(kind.partition("_")[0], f"不能用：{message}"), ""
