"""Typed reading of nodes: each function answers with a value, or with None after a complaint."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import time, timedelta
from types import MappingProxyType

from medferry.catalog.schedule import parse_duration
from medferry.config.complaint import Complaints
from medferry.config.nodes import Block, Entry, Listing, Node, Scalar

_INTEGER = re.compile(r"[+-]?[0-9]+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class NodeReader:
    """Reads nodes of one project, collecting complaints."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints

    def block(
        self,
        node: Node,
        what_zh: str,
        known: Collection[str] | None = None,
        required: Collection[str] = (),
        earlier: Mapping[str, str] = _NO_NAMES,
    ) -> Mapping[str, Entry]:
        """The entries under known names; unknown and missing ones are complained of.

        earlier  name of an earlier version -> name of today: read all the same, with a word about the new name
        """
        if not isinstance(node, Block):
            self.complaints.error(node.place, f"{what_zh}应写成“键: 值”的若干行")
            return {}
        entries = self.named_as_today(node.entries, earlier)
        for name in required:
            if name not in entries:
                self.complaints.error(node.place, f"{what_zh}缺少 {name}", fix=f"补上 {name}: …")
        if known is None:
            return entries
        good: dict[str, Entry] = {}
        for name, entry in entries.items():
            if name in known:
                good[name] = entry
            else:
                self.complaints.unknown(entry.key.place, f"{what_zh}的键", name, known)
        return good

    def named_as_today(self, entries: Mapping[str, Entry], earlier: Mapping[str, str]) -> Mapping[str, Entry]:
        found = dict(entries)
        for old, new in earlier.items():
            if old in entries and new not in entries:
                self.complaints.warning(
                    entries[old].key.place, f"{old} 是早先版本的名字，仍可读", fix=f"改名为 {new}"
                )
                found = {new if name == old else name: entry for name, entry in found.items()}
        return found

    def text(self, node: Node, what_zh: str) -> str | None:
        """Non-empty text."""
        if not isinstance(node, Scalar):
            self.complaints.error(node.place, f"{what_zh}应为一段文本")
            return None
        if not node.text:
            if not node.from_environment:  # an unset variable has been complained of at this place
                self.complaints.error(node.place, f"{what_zh}是空的", fix="填上内容，或删去这一行")
            return None
        return node.text

    def text_or_empty(self, node: Node, what_zh: str) -> str | None:
        """Text that may be empty when written as ""."""
        if isinstance(node, Scalar) and not node.is_null:
            return node.text
        self.complaints.error(node.place, f"{what_zh}应为一段文本", fix='空文本写作 ""')
        return None

    def texts(self, node: Node, what_zh: str) -> tuple[str, ...] | None:
        """One text or a list of them, not empty."""
        nodes = node.items if isinstance(node, Listing) else (node,)
        if not nodes:
            self.complaints.error(node.place, f"{what_zh}是空列表")
            return None
        found = [self.text_or_empty(one, what_zh) for one in nodes]
        return tuple(one for one in found if one is not None) if None not in found else None

    def pairs(self, node: Node, what_zh: str) -> dict[str, str] | None:
        """`{from: to}` texts, not empty."""
        if not isinstance(node, Block) or not node.entries:
            self.complaints.error(node.place, f"{what_zh}应写成 {{甲: 乙}}")
            return None
        found = {
            name: self.text_or_empty(one.value, f"{what_zh}的 {name}") for name, one in node.entries.items()
        }
        return (
            {name: one for name, one in found.items() if one is not None}
            if None not in found.values()
            else None
        )

    def integer(self, node: Node, what_zh: str, lowest: int | None = None) -> int | None:
        text = node.text if isinstance(node, Scalar) else None
        if text is None or not _INTEGER.fullmatch(text):
            self.complaints.error(node.place, f"{what_zh}应为整数")
            return None
        if lowest is not None and int(text) < lowest:
            self.complaints.error(node.place, f"{what_zh}太小", expected=f"不小于 {lowest} 的整数")
            return None
        return int(text)

    def boolean(self, node: Node, what_zh: str) -> bool | None:
        text = node.text if isinstance(node, Scalar) else None
        if text not in ("true", "false"):
            self.complaints.error(node.place, f"{what_zh}应为 true 或 false")
            return None
        return text == "true"

    def duration(self, node: Node, what_zh: str) -> timedelta | None:
        text = self.text(node, what_zh)
        if text is None:
            return None
        try:
            return parse_duration(text)
        except ValueError:
            self.complaints.error(
                node.place,
                f"{what_zh}不是时长：{shown(node, text)}",
                expected="整数加单位，如 10s、5m、2h、30d",
            )
            return None

    def clocks(self, node: Node, what_zh: str) -> tuple[time, ...] | None:
        """One or several times of day."""
        texts = self.texts(node, what_zh)
        if texts is None:
            return None
        wrong = [one for one in texts if not _CLOCK.fullmatch(one)]
        for one in wrong:
            self.complaints.error(
                node.place, f"{what_zh}不是时刻：{shown(node, one)}", expected='24 小时制时刻，如 "01:30"'
            )
        return None if wrong else tuple(time.fromisoformat(one) for one in texts)

    def one_of(self, node: Node, what_zh: str, known: Collection[str]) -> str | None:
        text = self.text(node, what_zh)
        if text is None or text in known:
            return text
        self.complaints.unknown(node.place, what_zh, shown(node, text), known)
        return None


def shown(node: Node, text: str) -> str:
    """A value from the environment may be a secret in the wrong place."""
    return "（来自环境变量）" if isinstance(node, Scalar) and node.from_environment else text
