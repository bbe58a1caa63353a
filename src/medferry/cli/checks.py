"""`medferry checks learn`: what the platform's answers teach about what should hold here; and the person's decision."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.listing import Listing, counts, texts, wholes
from medferry.cli.main import EXIT_FINDINGS

if TYPE_CHECKING:
    from medferry.cli.names import Names
    from medferry.lessons.learn import Lesson, RefusalLine

LINES_MAX = 30
_ADVICE_ZH: Mapping[str, str] = {
    "hold": "改为扣留", "look": "看一看", "untried": "平台没见过", "let_go": "已放行",
}  # fmt: skip


@click.group()
def group() -> None:
    """校验：平台的应答教了什么。"""


@group.command()
@click.option(
    "--days", type=click.IntRange(1, 3_650), default=30, show_default=True, help="看最近几个入账日。"
)
@click.option("--accept", "accepted", metavar="编号", help="同意一条，写进 medferry.yaml 的 checks。")
@click.option("--reason", help="理由，与 --accept 同写；不要写患者信息。")
@click.option("--by", "author", help="经手人，与 --accept 同写。")
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def learn(
    *, days: int, accepted: str | None, reason: str | None, author: str | None, folder: Path, as_json: bool
) -> None:
    """平台拒收了什么，哪些提醒本可预告，哪些扣留平台从未要求。

    不加 --accept 只看不改。同意的一条写进本项目的 medferry.yaml，改动照原样列出；重启 medferry run 后生效，
    沙箱用 medferry sandbox serve --project 跟上。
    """
    from medferry.cli.ledger import reading_ledger
    from medferry.cli.names import Names
    from medferry.lessons.learn import lessons, refusal_lines

    if accepted is not None and not (reason and author):
        raise click.UsageError("--accept 要同时写 --reason 理由 与 --by 经手人")
    if accepted is None and (reason or author):
        raise click.UsageError("--reason 与 --by 只与 --accept 同写")
    with reading_ledger(folder) as (project, reader):
        answers, still = reader.answers(days), reader.held_summary()
    refusals, found = refusal_lines(answers), lessons(project, answers, still)
    if accepted is not None:
        _accept(folder, _named(found, accepted), str(reason), str(author), as_json=as_json)
    elif as_json:
        _write_json(
            {"refusals": [asdict(one) for one in refusals], "lessons": [asdict(one) for one in found]}
        )
    else:
        _print(refusals, found, Names(project))
    if accepted is None and any(one.advice == "hold" for one in found):
        sys.exit(EXIT_FINDINGS)


def _named(found: Sequence[Lesson], name: str) -> Lesson:
    from difflib import get_close_matches

    for one in found:
        if one.id == name:
            return one
    near = get_close_matches(name, [one.id for one in found], n=1)
    hint = f"，是不是 {near[0]}？" if near else "。"
    raise click.UsageError(f"没有编号为 {name} 的一条{hint}先运行 medferry checks learn 看有哪些")


def _accept(folder: Path, lesson: Lesson, reason: str, author: str, *, as_json: bool) -> None:
    from medferry.clock import SystemClock
    from medferry.config.checks_writer import add_override
    from medferry.lessons.learn import override_of

    if lesson.advice == "let_go":
        raise click.UsageError(f"{lesson.id} 由 medferry.yaml 的 checks: warn: 放行；要恢复扣留，删去那一项")
    today = SystemClock().now().date().isoformat()
    entry = {**override_of(lesson), "reason": reason, "author": author, "date": today}
    changed = add_override(folder, lesson.wish, entry)
    if as_json:
        _write_json({"accepted": lesson.id, "wish": lesson.wish, "entry": entry, "diff": changed})
    else:
        click.echo(changed, nl=False)
        click.echo("已写入。重启 medferry run 后生效；沙箱：medferry sandbox serve --project 项目目录")


def _print(refusals: Sequence[RefusalLine], found: Sequence[Lesson], names: Names) -> None:
    from medferry.cli.consoles import say, wide_console

    console = wide_console()
    if not refusals and not found:
        click.echo("平台没有拒收过，也没有被扣留的行：没有什么可学的。")
        return
    columns = [*texts("数据表"), *wholes("代码"), *texts("意思", "字段"), *counts("行", "预告")]
    shown = Listing("平台拒收（预告：本地在同一字段有提醒的行）", columns)
    for line in refusals[:LINES_MAX]:
        field = names.field(line.table, line.field)
        shown.add(
            names.table(line.table), line.code, names.answer(line.code), field, f"{line.rows:,}",
            f"{line.foretold:,}",
        )  # fmt: skip
    if refusals:
        shown.print(console)
    told = Listing("校验与平台的应答", [*wholes("编号", "建议"), *texts("数据表", "说明")])
    for one in found[:LINES_MAX]:
        told.add(one.id, _ADVICE_ZH[one.advice], names.table(one.table), _said(one))
    if found:
        told.print(console)
    hidden = max(0, len(refusals) - LINES_MAX) + max(0, len(found) - LINES_MAX)
    if hidden:
        say(console, f"另有 {hidden} 行，用 medferry checks learn --json 看全部")
    say(console, "同意一条：medferry checks learn --accept 编号 --reason 理由 --by 经手人")


def _said(one: Lesson) -> str:
    match one.advice:
        case "hold":
            return f"提醒过的 {one.refused:,} 行都被平台退回，没有一行被接收：扣留可省 {one.refused:,} 次退回"
        case "look":
            return f"提醒过的行退回 {one.refused:,}、接收 {one.accepted:,}：平台并不因它一概拒收，扣留会误伤"
        case "untried":
            return f"扣留着 {one.held:,} 行，一行也没送过，无从知道平台收不收；与平台问清，或同意后放行一试"
        case "let_go":
            return f"放行后接收 {one.accepted:,} 行、退回 {one.refused:,} 行" + (
                "：平台要它，删去 checks: warn: 里的这一项" if one.refused and not one.accepted else ""
            )


def _write_json(report: Mapping[str, object]) -> None:
    import orjson

    sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
