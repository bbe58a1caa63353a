"""The one table of all commands. Numbers are never cut and no text gets a column too narrow to be read: where the screen has
no room for the columns, long texts are folded; where they had too little room even then, each row becomes a short paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from medferry.cli.consoles import say
from medferry.cli.folding import fold, width_of

if TYPE_CHECKING:
    from rich.console import Console

TEXT_LEAST = 12  # cells of a folded text: six Chinese characters
_HEAD_WHOLE = 6  # titles up to three characters are not folded
_BETWEEN = 3  # cells between columns
_EDGES = 4  # cells of the frame's two edges, which are left out where room is short
_NOTHING = frozenset({"", "·"})


class Kind(Enum):
    """What becomes of a column where room is short."""

    TEXT = "text"  # folded
    WHOLE = "whole"  # never folded: a name to copy, a date, a word
    COUNT = "count"  # never folded, flush right
    GROUP = "group"  # a text, said once for the rows below it


@dataclass(frozen=True, slots=True)
class Column:
    """Title, and what may be done to its cells."""

    title: str
    kind: Kind = Kind.TEXT


def texts(*titles: str) -> list[Column]:
    return [Column(title) for title in titles]


def wholes(*titles: str) -> list[Column]:
    return [Column(title, Kind.WHOLE) for title in titles]


def counts(*titles: str) -> list[Column]:
    return [Column(title, Kind.COUNT) for title in titles]


def group(title: str) -> list[Column]:
    return [Column(title, Kind.GROUP)]


@dataclass(slots=True)
class _Row:
    cells: tuple[str, ...]
    style: str
    begins_section: bool


@dataclass(slots=True)
class Listing:
    """A title, columns, rows of plain text; `print` fits them to the screen."""

    title: str
    columns: Sequence[Column]
    _rows: list[_Row] = field(default_factory=list)
    _section: bool = False

    def add(self, *cells: str, style: str = "") -> None:
        assert len(cells) == len(self.columns), f"{len(cells)} cells, {len(self.columns)} columns"
        self._rows.append(_Row(cells, style, self._section or self._is_new_group(cells)))
        self._section = False

    def section(self) -> None:
        """What is added next stands apart from what is there."""
        self._section = bool(self._rows)

    def print(self, console: Console) -> None:
        if self.title:
            say(console, self.title, "bold")
        room = console.width - _BETWEEN * (len(self.columns) - 1)
        for edges in (_EDGES, 0):
            widths = self._widths(room - edges)
            if widths is not None:
                self._print_grid(console, widths, has_edges=edges > 0)
                return
        self._print_paragraphs(console)

    def _is_new_group(self, cells: tuple[str, ...]) -> bool:
        return bool(self._rows) and any(
            column.kind is Kind.GROUP and cell != before
            for column, cell, before in zip(self.columns, cells, self._rows[-1].cells, strict=True)
        )

    def _widths(self, room: int) -> list[int] | None:
        """Cells of each column; None where even folded texts have no room."""
        longest = [
            max((width_of(line) for row in self._rows for line in row.cells[at].split("\n")), default=0)
            for at in range(len(self.columns))
        ]
        titles = [width_of(one.title) for one in self.columns]
        natural = [max(pair) for pair in zip(longest, titles, strict=True)]
        if sum(natural) <= room:
            return natural
        widths = [
            max(min(cells, TEXT_LEAST), min(title, TEXT_LEAST))
            if column.kind in (Kind.TEXT, Kind.GROUP)
            else max(cells, _title_least(title))
            for column, cells, title in zip(self.columns, longest, titles, strict=True)
        ]
        if sum(widths) > room:
            return None
        for _ in range(room - sum(widths)):  # a cell at a time to the one that is folded most
            most = max(range(len(widths)), key=lambda at: natural[at] / max(widths[at], 1))
            if natural[most] <= widths[most]:
                break
            widths[most] += 1
        return widths

    def _print_grid(self, console: Console, widths: Sequence[int], *, has_edges: bool) -> None:
        from rich.table import Table
        from rich.text import Text

        grid = Table(header_style="bold", show_edge=has_edges, pad_edge=has_edges)
        for column, width in zip(self.columns, widths, strict=True):
            grid.add_column(
                Text("\n".join(fold(column.title, width))),
                justify="right" if column.kind is Kind.COUNT else "left",
                no_wrap=True,
                width=width,
            )
        before: tuple[str, ...] = ("",) * len(self.columns)
        for row in self._rows:
            if row.begins_section:
                grid.add_section()
            cells = (
                ""
                if column.kind is Kind.GROUP and cell == above and not row.begins_section
                else "\n".join(fold(cell, width))
                for column, cell, above, width in zip(self.columns, row.cells, before, widths, strict=True)
            )
            grid.add_row(*(Text(cell) for cell in cells), style=row.style)
            before = row.cells
        console.print(grid)

    def _print_paragraphs(self, console: Console) -> None:
        """Row by row: the first text as its heading, then the other cells with their titles, as many on a line as fit."""
        head = next((at for at, one in enumerate(self.columns) if one.kind is not Kind.COUNT), 0)
        room = max(console.width - 2, TEXT_LEAST)
        for row in self._rows:
            grouped = self.columns[head].kind is Kind.GROUP
            if not grouped or row is self._rows[0] or row.begins_section:
                for line in fold(row.cells[head].replace("\n", " "), console.width):
                    say(console, line, row.style or "bold")
            pairs = [
                f"{column.title}：{cell}".replace("\n", " ")
                for at, (column, cell) in enumerate(zip(self.columns, row.cells, strict=True))
                if at != head and cell not in _NOTHING
            ]
            for number, line in enumerate(_flow(pairs, room - 2 * grouped)):
                indent = "  " + ("- " if not number else "  ") * grouped
                say(console, indent + line, row.style)


def _title_least(title: int) -> int:
    """A title is folded once, in the middle: 等父记录 is 等父 above 记录."""
    return title if title <= _HEAD_WHOLE else 2 * ((title + 3) // 4)


def _flow(pairs: Sequence[str], room: int) -> list[str]:
    lines: list[str] = []
    has_room = False  # nothing stands behind the end of a folded text
    for pair in pairs:
        if has_room and width_of(lines[-1]) + 2 + width_of(pair) <= room:
            lines[-1] += f"  {pair}"
        else:
            folded = fold(pair, room)
            has_room = len(folded) == 1
            lines += folded
    return lines
