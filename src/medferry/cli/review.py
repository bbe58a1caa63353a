"""`medferry review`: the rules that read other records, over everything the platform accepted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, wide_console
from medferry.cli.listing import Listing, counts, texts, wholes
from medferry.cli.main import EXIT_FINDINGS
from medferry.cli.names import Names

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.config import Project
    from medferry.outbox.reviews import Review, ReviewGroup
    from medferry.review.review_pass import Reviewed

GROUPS_MAX = 20
TABLES_MAX = 10
REASONS_MAX = 2  # of a table


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, as_json: bool) -> None:
    """复核：父子、兄弟、前后记录之间的规则，对平台已接收的全部记录判断一遍。

    只有发现，不扣留、不撤回任何一行；结果替换上一次的，在 status 与 trail 里看。medferry run 每晚自动做一次；它正在运行时，
    本命令请它马上做一次。有发现时退出码为 1。
    """
    from medferry.clock import SystemClock
    from medferry.config import load_project
    from medferry.ferry.mailbox import Mailbox, ReviewNow
    from medferry.outbox.errors import LedgerHeld

    project = load_project(folder)
    try:
        done, groups = review_project(project)
    except LedgerHeld:
        Mailbox.of(project).put(ReviewNow(), SystemClock())
        if as_json:
            click.echo('{"requested": true}')
        click.echo("medferry run 正在运行，已请它复核；做完后用 medferry status 看结果。", err=True)
        return
    if as_json:
        import orjson

        report = {"requested": False, "rows": done.rows, "left_out": done.left_out, "findings": groups}
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        click.echo(f"复核了 {done.rows:,} 条平台已接收的记录，发现 {done.findings:,} 处。")
        print_groups(wide_console(), groups, project)
    if groups:
        sys.exit(EXIT_FINDINGS)


def review_project(project: Project) -> tuple[Reviewed, Sequence[ReviewGroup]]:
    """raises  OutboxError: another process writes the ledger, or there is none; ReviewFailed"""
    from rich.console import Console

    from medferry.clock import SystemClock
    from medferry.ferry.ferry import tiers_of
    from medferry.outbox.settings import OutboxTools
    from medferry.review.review_pass import review

    project.outbox.open_reader().close()  # a ledger that is not there is not made
    with ExitStack() as stack:
        outbox = project.outbox.open(OutboxTools(SystemClock(), tiers_of(project), project.name))
        stack.callback(outbox.close)
        reader = project.outbox.open_reader()
        stack.callback(reader.close)
        status = stack.enter_context(Console(stderr=True).status("……"))

        def progress(doing: str, rows: int) -> None:
            status.update(f"{doing}：{rows:,} 条")

        return review(project, outbox, reader, progress=progress), reader.review_groups()


def print_last(
    console: Console, last: Review | None, groups: Sequence[ReviewGroup], project: Project
) -> None:
    """The last review: what it found per table, and the leading reasons."""
    if last is None:
        return
    found = sum(group.rows for group in groups)
    whole = (
        f"复核：{last.ended_at:%m-%d %H:%M} 做完，看了 {last.rows:,} 条平台已接收的记录，发现 {found:,} 处"
    )
    only_visits = f"复核：全部记录还没有复核过，已结束的就诊里发现 {found:,} 处"
    say(console, whole if last.rows or last.left_out else only_visits)
    if not groups:
        return
    columns = [*texts("数据表"), *counts("处"), *texts("主要问题")]
    shown = Listing("复核发现（不扣留、不撤回；明细见 medferry review）", columns)
    by_table = _by_table(groups)
    names = Names(project)
    for table, mine in by_table[:TABLES_MAX]:
        reasons: dict[str, int] = {}
        for group in mine:
            reasons[_words(names, group)] = reasons.get(_words(names, group), 0) + group.rows
        leading = sorted(reasons.items(), key=lambda one: -one[1])[:REASONS_MAX]
        said = "\n".join(f"{reason}（{rows:,} 处）" for reason, rows in leading)
        shown.add(names.table(table), f"{sum(group.rows for group in mine):,}", said)
    shown.print(console)
    if len(by_table) > TABLES_MAX:
        say(console, f"另有 {len(by_table) - TABLES_MAX} 张表，用 medferry review 或 --json 看全部")


def _by_table(groups: Sequence[ReviewGroup]) -> list[tuple[str, list[ReviewGroup]]]:
    """Most findings first."""
    tables: dict[str, list[ReviewGroup]] = {}
    for group in groups:
        tables.setdefault(group.table, []).append(group)
    return sorted(tables.items(), key=lambda one: (-sum(group.rows for group in one[1]), one[0]))


def print_groups(console: Console, groups: Sequence[ReviewGroup], project: Project) -> None:
    """Findings by table, campus and rule, most records first."""
    from medferry.log_center.trail import SEVERITY_ZH

    if not groups:
        return
    columns = [
        *texts("数据表"),
        *wholes("院区"),
        *texts("规则", "字段"),
        *wholes("轻重"),
        *texts("问题"),
        *counts("记录"),
    ]
    shown = Listing("复核发现（记录多的在前）", columns)
    names = Names(project)
    for one in groups[:GROUPS_MAX]:
        rule = one.rule_id or one.check
        # On two lines: the words of the rule need the room.
        table, field = (
            "\n（".join(text.rsplit("（", 1))
            for text in (names.table(one.table), names.field(one.table, one.field))
        )
        shown.add(
            table, names.campus(one.campus), rule, field, SEVERITY_ZH[one.severity], _words(names, one),
            f"{one.rows:,}",
        )  # fmt: skip
    shown.print(console)
    if len(groups) > GROUPS_MAX:
        say(console, f"另有 {len(groups) - GROUPS_MAX} 组，用 medferry review --json 看全部")


def _words(names: Names, group: ReviewGroup) -> str:
    """What a group's records have wrong."""
    return names.rule(group.table, group.rule_id, check=group.check, code=group.code, field=group.field)
