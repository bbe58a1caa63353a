"""`medferry trail`: where is this record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, say_beside, wide_console
from medferry.cli.given_names import given_names
from medferry.cli.main import EXIT_FINDINGS

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.log_center.trail import Trail, VersionTrail


@click.command()
@click.argument("table")
@click.argument("key")
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
@click.option("--fields", is_flag=True, help="连同各字段的值形（数字作 9，字母作 A，汉字作 字）。")
def command(table: str, key: str, folder: Path, as_json: bool, fields: bool) -> None:
    """一条记录走到了哪里：逐版本、逐步列出，取值一律遮蔽。

    TABLE 是标准表名，KEY 是记录主键（含院区前缀）。
    """
    from medferry.cli.ledger import reading_ledger
    from medferry.log_center.trail import trail_of

    with reading_ledger(folder) as (project, reader):
        with given_names():
            known = project.catalog.table(table)
        trails = trail_of(reader, known, key)
    if as_json:
        import orjson

        sys.stdout.buffer.write(
            orjson.dumps({"trails": trails}, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"
        )
    elif not trails:
        click.echo(
            f"账本里没有 {table} 的这个主键。主键须含院区前缀；被扣留的行可用 medferry status 查看原因。",
            err=True,
        )
    else:
        for trail in trails:
            _print(trail, fields)
    if not trails:
        sys.exit(EXIT_FINDINGS)


def _print(trail: Trail, fields: bool) -> None:
    console = wide_console()
    say(console, f"{trail.table} 主键 {trail.key}，院区 {trail.campus}，机构 {trail.org_code}", "bold")
    for number, version in enumerate(trail.versions, 1):
        _print_version(console, number, version, fields=fields)
    for finding in trail.review:
        say_beside(console, "复核 ", finding)


def _print_version(console: Console, number: int, version: VersionTrail, *, fields: bool) -> None:
    from medferry.log_center.trail import STATE_ZH

    said = f"源时间 {version.source_time}  标准版本 {version.edition}  现状 {STATE_ZH[version.state]}"
    say(console, f"\n第 {number} 个版本  {said}", "bold")
    for step in version.steps:
        say_beside(console, f"  {step.at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + "  ", step.text)
    for finding in version.findings:
        say_beside(console, "  校验 ", finding)
    for parent in version.waiting_for:
        say_beside(console, "  等待 ", parent)
    if fields:
        for name, masked in version.shapes.items():
            say(console, f"    {name:<32} {masked}")
