"""`medferry status`: where everything stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.log_center.status import Status
    from medferry.outbox.reader import StillGroup

STILL_MAX = 20


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, as_json: bool) -> None:
    """各表现状、积压多久、停着的行与原因、上次复核的发现、平台是否可达。"""
    from medferry.cli.ledger import reading_ledger
    from medferry.cli.review import print_last
    from medferry.log_center.status import status_of

    with reading_ledger(folder) as (project, reader):
        status = status_of(reader)
        titles = {name: project.catalog.table(name).title_zh for name in project.catalog.table_names}
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps(status, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
        return
    console = wide_console()
    _print_platform(console, status)
    _print_tables(console, status, titles)
    print_still(console, status)
    print_last(console, status.review, status.review_groups, project.catalog)
    for failure in status.failures:
        console.print(
            f"{failure.at:%m-%d %H:%M:%S} {failure.text}", highlight=False, markup=False, style="red"
        )


def _print_platform(console: Console, status: Status) -> None:
    if status.platform_lost_since is None:
        console.print("平台：[green]可达[/]（或尚未投递）")
    else:
        console.print(
            f"平台：[red]自 {status.platform_lost_since:%Y-%m-%d %H:%M:%S} 起不可达[/]，数据在本地等待"
        )
        console.print(f"  {status.platform_text}", highlight=False, markup=False)


def _print_tables(console: Console, status: Status, titles: dict[str, str]) -> None:
    from rich.table import Table

    from medferry.log_center.trail import STATE_ZH
    from medferry.records import State

    present = [state for state in State if any(table.rows.get(state) for table in status.tables)]
    shown = Table(title="各表现状（版本数）", title_justify="left", header_style="bold")
    shown.add_column("数据表", no_wrap=True)
    for state in present:
        shown.add_column(STATE_ZH[state], justify="right")
    shown.add_column("最早积压")
    for table in status.tables:
        counts = [f"{table.rows[state]:,}" if table.rows.get(state) else "·" for state in present]
        waiting = f"{table.oldest:%m-%d %H:%M:%S}" if table.oldest else ""
        shown.add_row(f"{titles.get(table.table, '')} [dim]{table.table}[/]", *counts, waiting)
    console.print(shown)


def print_still(console: Console, status: Status) -> None:
    """The table of rows that stand still, with what keeps them."""
    from rich.table import Table

    from medferry.log_center.trail import STATE_ZH

    if not status.still:
        return
    shown = Table(title="停着的行与原因（行数多的在前）", title_justify="left", header_style="bold")
    for title in ("数据表", "院区", "现状", "原因", "字段"):
        shown.add_column(title, no_wrap=True)
    shown.add_column("行", justify="right")
    for group in status.still[:STILL_MAX]:
        reason = _reason(group)
        shown.add_row(
            group.table, group.campus, STATE_ZH[group.state], reason, group.field or "", f"{group.rows:,}"
        )
    console.print(shown)
    if len(status.still) > STILL_MAX:
        console.print(f"另有 {len(status.still) - STILL_MAX} 组，用 --json 看全部")


def _reason(group: StillGroup) -> str:
    """What keeps a group of rows, in words."""
    from medferry.checks.findings import MEANINGS
    from medferry.log_center.trail import STATE_ZH
    from medferry.records import State

    if group.state is State.WAITING_PARENT:
        return "父记录未到" if group.code == "absent" else f"父记录{STATE_ZH[State(group.code)]}"
    said = "平台：" if group.check == "platform" else ""
    return f"{said}{group.code} {MEANINGS.get(group.code, group.check)}".strip()
