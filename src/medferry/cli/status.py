"""`medferry status`: where everything stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, wide_console
from medferry.cli.listing import Listing, counts, group, texts, wholes

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.cli.names import Names
    from medferry.config.model import Project
    from medferry.log_center.status import JobFailure, RouteFailure, Status
    from medferry.outbox.reader import StillGroup

STILL_MAX = 20
RIVALS_SHOWN_MAX = 10
_PARENTS_ZH = {"absent": "还没有来", "held": "被扣留"}


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, as_json: bool) -> None:
    """各表现状、积压多久、停着的行与原因、上次复核的发现、平台是否可达。"""
    from medferry.cli.ledger import reading_ledger
    from medferry.cli.names import Names
    from medferry.cli.review import print_last
    from medferry.log_center.status import status_of

    with reading_ledger(folder) as (project, reader):
        status = status_of(reader)
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps(status, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
        return
    console, names = wide_console(), Names(project)
    _print_platform(console, status)
    _print_tables(console, status, names)
    print_still(console, status, names)
    _print_rivals(console, status, names)

    _print_left_behind(console, status, names, project)
    if status.visits_look is not None:
        say(console, f"{status.visits_look.at:%m-%d %H:%M} {status.visits_look.text}")
    print_last(console, status.review, status.review_groups, project)
    for notice in status.notices:
        say(console, f"{notice.at:%m-%d %H:%M:%S} {notice.text}", "yellow")
    failed: list[RouteFailure | JobFailure] = [*status.failures, *status.failed_jobs]
    for failure in failed:
        say(console, f"{failure.at:%m-%d %H:%M:%S} {failure.text}", "red")


def _print_platform(console: Console, status: Status) -> None:
    from medferry.events import PlatformLost
    from medferry.records import State

    if status.platform_lost_since is None:
        has_answered = any(table.rows.get(State.ACCEPTED) for table in status.tables)
        console.print("平台：[green]可达[/]" if has_answered else "平台：还没有收到过数据")
    else:
        console.print(
            f"平台：[red]自 {status.platform_lost_since:%Y-%m-%d %H:%M:%S} 起不可达[/]，数据在本地等待"
        )
        say(console, f"  {status.platform_text.removeprefix(f'{PlatformLost.HEAD}：')}")


def _print_tables(console: Console, status: Status, names: Names) -> None:
    from medferry.log_center.trail import STATE_ZH
    from medferry.records import State

    present = [state for state in State if any(table.rows.get(state) for table in status.tables)]
    titles = [STATE_ZH[state] for state in present]
    shown = Listing("各表现状（版本数）", [*texts("数据表"), *counts(*titles), *wholes("最早积压")])
    for table in sorted(status.tables, key=lambda one: names.place(one.table)):
        rows = [f"{table.rows[state]:,}" if table.rows.get(state) else "·" for state in present]
        waiting = f"{table.oldest:%m-%d %H:%M:%S}" if table.oldest else ""
        shown.add(names.table(table.table), *rows, waiting)
    shown.print(console)


def print_still(console: Console, status: Status, names: Names) -> None:
    """The table of rows that stand still, with what keeps them: first what people must mend, then what waits for it."""
    from medferry.log_center.trail import STATE_ZH
    from medferry.records import State

    if not status.still:
        return
    columns = [*texts("数据表"), *wholes("院区", "现状"), *texts("原因", "字段"), *counts("行")]
    shown = Listing("停着的行与原因（要处理的在前，等父记录的在后）", columns)
    groups = sorted(status.still, key=lambda still: (still.state is State.WAITING_PARENT, -still.rows))
    for one in groups[:STILL_MAX]:
        field = names.field(one.table, one.field or "")
        shown.add(
            names.table(one.table), names.campus(one.campus), STATE_ZH[one.state], _reason(one, names),
            field, f"{one.rows:,}",
        )  # fmt: skip
    shown.print(console)
    if len(groups) > STILL_MAX:
        rest = groups[STILL_MAX:]
        waiting = sum(one.rows for one in rest if one.state is State.WAITING_PARENT)
        and_waiting = f"（其中等父记录的 {waiting:,} 行，父记录被接收后自己送出）" if waiting else ""
        say(console, f"另有 {len(rest)} 组{and_waiting}，用 medferry status --json 看全部")


def _print_rivals(console: Console, status: Status, names: Names) -> None:
    """Records whose key several source rows gave, with the places of these rows."""
    from medferry.log_center.trail import STATE_ZH

    if not status.rivals:
        return
    columns = [
        *group("数据表"), *group("主键"), *texts("路线"), *wholes("源时间", "入账", "现状"), *texts("批次"),
    ]  # fmt: skip
    shown = Listing("几个源行给了同一个主键（最近几天的；先来的在前）", columns)
    for one in status.rivals[:RIVALS_SHOWN_MAX]:
        for row in one.rows:
            shown.add(
                f"{names.table(one.table)} {names.campus(one.campus)}", one.key, row.route, row.source_time,
                f"{row.put_at:%m-%d %H:%M:%S}", STATE_ZH[row.state], row.batch_id,
            )  # fmt: skip
    shown.print(console)
    if len(status.rivals) > RIVALS_SHOWN_MAX:
        say(console, f"另有 {len(status.rivals) - RIVALS_SHOWN_MAX} 个，用 medferry status --json 看全部")
    if not any("确是不同的记录" in one.text for one in status.notices):  # once
        say(console, "确是不同的记录时，改映射让主键分得开；是同一记录时，只由一条路线、一行给出")


def _print_left_behind(console: Console, status: Status, names: Names, project: Project) -> None:
    """Held rows of routes that the project no longer has: who works them now, or what to do."""
    from medferry.config.heirs import Heirs

    heirs = Heirs(project)
    for one in status.held_by_route:
        if not heirs.is_gone(one.route):
            continue
        heir = heirs.of(one.route, one.table, one.campus)
        text = f"路线 {one.route} 已不在项目里，{names.table(one.table)}还有它读来的 {one.rows:,} 行被扣留。"
        if heir is not None:
            text += f"由路线 {heir.id} 接管：登记代码对照、重读来源都由它重做这些行"
        else:
            text += (
                "没有路线接管：项目里给出这张表（同一院区）的路线没有或不止一条。"
                "交接：把映射文件改回原名，或只留一条路线给出它。"
                "不再要：不用管，它们不会送出；来源行由别的路线读到时，新版本代替它们"
            )
        say(console, text, "yellow")


def _reason(group: StillGroup, names: Names) -> str:
    """What keeps a group of rows, in words."""
    from medferry.checks.findings import MEANINGS
    from medferry.log_center.trail import STATE_ZH
    from medferry.records import State

    if group.state is State.WAITING_PARENT:
        parent = _PARENTS_ZH.get(group.code) or STATE_ZH[State(group.code)]
        return f"父记录{parent}"
    if not group.code:
        return "多次未成而搁置，经过见 trail"
    if group.check == "platform":
        return f"平台：{group.code} {names.answer(group.code)}".strip()
    if group.rule_id:
        field = group.field or ""
        words = names.rule(group.table, group.rule_id, check=group.check, code=group.code, field=field)
        return f"{group.code} {words}"
    return f"{group.code} {MEANINGS.get(group.code, group.check)}"
