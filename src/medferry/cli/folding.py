"""A text on several lines of a screen: broken where Chinese and names may be broken, never within a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A run of ASCII that may be a name or a number; one other character with the marks that may not begin a line.
_PIECE = re.compile(r"\s+|[（《“‘【]*(?:[!-~]+|[^\s!-~])[，。；、：）》”’】！？％]*")
_NAME_PART = re.compile(r"[^_./:\\-]*[_./:\\-]+|[^_./:\\-]+")


def width_of(text: str) -> int:
    """Cells of a terminal."""
    from rich.cells import cell_len

    return cell_len(text)


def fold(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells; a name that is longer is broken at its joints, if need be within them."""
    return [line for paragraph in text.split("\n") for line in _fold(paragraph, width)]


def _fold(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(paragraph, width):
        if width_of(line + piece.rstrip()) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    for piece in _PIECE.findall(paragraph):
        if width_of(piece) <= width or piece.isspace():
            yield piece
            continue
        for part in _NAME_PART.findall(piece):
            yield from _cut(part, width)


def _cut(part: str, width: int) -> Iterator[str]:
    from rich.cells import chop_cells

    yield from chop_cells(part, width)
