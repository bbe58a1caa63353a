"""A mistake in a project's files and the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from medferry.errors import ConfigError
from medferry.mapping.model import nearest


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """file relative to the project folder; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, what was expected, which known name is nearest, what to do. All texts Chinese."""

    place: Place
    message_zh: str
    expected: str = ""
    nearest: str = ""
    fix: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    def __str__(self) -> str:
        parts = [f"{self.place} {'错误' if self.severity == 'error' else '警告'}：{self.message_zh}"]
        if self.nearest:
            parts.append(f"是不是 {self.nearest}？")
        if self.expected:
            parts.append(f"应为：{self.expected}")
        if self.fix:
            parts.append(f"办法：{self.fix}")
        return "；".join(parts)


class ProjectError(ConfigError):
    """Everything that is wrong with a project, sorted by file and line."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = in_order(complaints)
        errors = sum(one.severity == "error" for one in self.complaints)
        super().__init__("检查项目配置", errors=errors, fix="逐条改正下列各处，再运行 medferry lint")

    def _text(self) -> str:
        return "\n".join([super()._text(), *map(str, self.complaints)])


def in_order(complaints: Iterable[Complaint]) -> list[Complaint]:
    return sorted(set(complaints), key=lambda one: (one.place, one.message_zh))


SHOWN_MAX = 8  # known names in one complaint, the nearest first


@dataclass(slots=True)
class Complaints:
    """Collects complaints; reading goes on after each."""

    all: list[Complaint] = field(default_factory=list)

    def error(
        self, place: Place, message_zh: str, *, expected: str = "", near: str = "", fix: str = ""
    ) -> None:
        self.all.append(Complaint(place, message_zh, expected, near, fix))

    def warning(self, place: Place, message_zh: str, *, expected: str = "", fix: str = "") -> None:
        self.all.append(Complaint(place, message_zh, expected, "", fix, "warning"))

    def unknown(self, place: Place, what_zh: str, name: str, known: Iterable[str], *, fix: str = "") -> None:
        """A name that is not among the known ones; a long list is cut, the nearest name always shown."""
        names = list(known)
        close = get_close_matches(name, names, n=SHOWN_MAX, cutoff=0.0) if len(names) > SHOWN_MAX else names
        shown = "、".join(close) + (f" 等 {len(names)} 个" if len(names) > SHOWN_MAX else "")
        near = nearest(name, names) or ""
        self.error(
            place, f"没有这个{what_zh}：{name}", expected=shown or "（一个也没有）", near=near, fix=fix
        )

    @property
    def has_errors(self) -> bool:
        return any(one.severity == "error" for one in self.all)
