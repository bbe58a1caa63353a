"""How `medferry catalog` speaks: one JSON object for programs, tables for people. Rich is imported only for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 160  # columns when no terminal says otherwise
MARK = "依据待确认"


def write_json(value: Mapping[str, object]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def console() -> Console:
    from rich.console import Console

    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False, highlight=False
    )


_RIGHT = frozenset({"序号", "字段数", "必填数"})
_WHOLE = frozenset(
    {"序号", "表名", "字段", "格式", "必填", "字段数", "必填数", "时限组", "级别", "依据", "代码"}
)


def print_table(to: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        grid.add_column(
            column, justify="right" if column in _RIGHT else "left", no_wrap=column in _WHOLE, overflow="fold"
        )
    for row in rows:
        grid.add_row(*(Text(cell, style="yellow" if cell == MARK else "") for cell in row))
    to.print(grid)
