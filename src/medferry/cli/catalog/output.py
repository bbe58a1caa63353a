"""How `medferry catalog` speaks: one JSON object for programs, tables for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from medferry.cli.listing import Column, Kind, Listing

if TYPE_CHECKING:
    from rich.console import Console

MARK = "依据待确认"


def write_json(value: Mapping[str, object]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


_COUNTS = frozenset({"序号", "字段数", "必填数", "代码表数", "行数"})
_WHOLE = frozenset({"位置", "表名", "字段", "格式", "必填", "时限组", "级别", "变化", "依据", "代码"})
_GROUP = frozenset({"类别"})


def print_table(to: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    listing = Listing(title, [Column(one, _kind(one)) for one in columns])
    for row in rows:
        listing.add(*row)
    listing.print(to)


def _kind(title: str) -> Kind:
    if title in _COUNTS:
        return Kind.COUNT
    if title in _WHOLE:
        return Kind.WHOLE
    return Kind.GROUP if title in _GROUP else Kind.TEXT
