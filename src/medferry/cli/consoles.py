"""Where commands print: a terminal as it is; a file or a pipe as wide as COLUMNS says, else wide enough for a line a row."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_IN_FILES = 160
_BESIDE_LEAST = 24  # cells of a text beside its head


def wide_console() -> Console:
    """A console for tables on standard output. Digits in Chinese sentences are not coloured."""
    from rich.console import Console

    console = Console(highlight=False)
    if console.is_terminal or os.environ.get("COLUMNS", "").isdecimal():
        return console
    return Console(width=WIDTH_IN_FILES, highlight=False)


def say(console: Console, text: str, style: str = "") -> None:
    """A sentence as it is: breaking lines is left to the terminal, which cuts neither words nor numbers at blanks alone."""
    from rich.text import Text

    console.print(Text(text, style=style), soft_wrap=True)


def say_beside(console: Console, head: str, text: str) -> None:
    """A text beside its head, its further lines below its first; where the head leaves little room, as the terminal does."""
    from medferry.cli.folding import fold, width_of

    begin = width_of(head)
    lines = fold(text, console.width - begin) if console.width - begin >= _BESIDE_LEAST else [text]
    for number, line in enumerate(lines):
        say(console, (" " * begin if number else head) + line)
