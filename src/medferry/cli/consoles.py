"""Where commands print: a terminal as it is; a file or a pipe wide enough for one line per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_IN_FILES = 160


def wide_console() -> Console:
    """A console for tables on standard output."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=WIDTH_IN_FILES)
