"""`medferry gaps`: what is missing, per department, as a workbook to work off."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console
from medferry.errors import ConfigError

if TYPE_CHECKING:
    from medferry.config import Project
    from medferry.score.gaps import DepartmentGaps


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="工作簿写到哪里（.xlsx）；不写则只在屏幕上列出。",
)
@click.option("--campus", help="只看这个院区。")
@click.option("--days", type=click.IntRange(1), help="只看最近几个业务日的行；不写则账本里的全部。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, out: Path | None, campus: str | None, days: int | None, as_json: bool) -> None:
    """按科室列出数据缺口：哪张表、哪个字段、缺什么、多少行、示例主键、在哪个界面补。

    工作簿每个科室一页，映射与代码对照的问题另成“信息科”一页。只写记录主键，不写患者的内容。
    """
    from medferry.catalog.platform.answer_codes import load_answer_codes
    from medferry.cli.ledger import reading_ledger
    from medferry.clock import SystemClock
    from medferry.score.gaps import gaps
    from medferry.score.ledger_view import survey_of, window_of
    from medferry.score.words import Wording

    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--out 应是 .xlsx 文件：{out}")
    now = SystemClock().now()
    with reading_ledger(folder) as (project, reader):
        if campus is not None and campus not in project.campuses:
            raise click.UsageError(f"没有院区 {campus}；已有：{'、'.join(project.campuses)}")
        survey = survey_of(project, reader, now, window_of(days, now))
    found = gaps(project, survey, Wording(project.catalog, load_answer_codes()))
    found = [one for one in found if campus in {None, one.campus}]
    names = {one.id: one.name_zh for one in project.campuses.values() if campus in {None, one.id}}
    if out is not None:
        from medferry.score.workbook import write_workbook

        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            write_workbook(out, found, project=project.name, campuses=names, at=now)
        except OSError as error:
            raise ConfigError(
                "写工作簿", file=out, reason=error.strerror, fix="关闭正打开它的程序，或换一个 --out"
            ) from error
    if as_json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(_object(found, out), option=orjson.OPT_INDENT_2) + b"\n")
        return
    _print(found, names, project)
    if out is not None:
        click.echo(f"已写 {out}")


def _print(found: Sequence[DepartmentGaps], names: dict[str, str], project: Project) -> None:
    from rich.markup import escape
    from rich.table import Table

    from medferry.score.gaps import department_title

    shown = Table(title=f"{project.name}：数据缺口", title_justify="left", header_style="bold")
    shown.add_column("科室", overflow="fold", min_width=10)
    for title in ("哪张表", "补哪一项"):
        shown.add_column(title, overflow="fold")
    shown.add_column("缺什么、改什么", overflow="fold", ratio=3)
    for title in ("几条", "未上报"):
        shown.add_column(title, justify="right", no_wrap=True)
    shown.add_column("例（院内号码）", overflow="fold")
    shown.add_column("在哪里补", overflow="fold", ratio=2)
    for one in found:
        title = department_title(one, names, alone=len(names) == 1)
        for gap in one.gaps:
            where = f"{gap.system} {gap.screen}".strip() or gap.source
            shown.add_row(
                escape(title), gap.title_zh, gap.name_zh or "（整条记录）", escape(gap.missing), f"{gap.rows:,}",
                f"{gap.held:,}" if gap.held else "·", escape(gap.examples[0].local_key) if gap.examples else "",
                escape(f"信息科：{gap.source}" if gap.for_it else where),
            )  # fmt: skip
            title = ""
        shown.add_section()
    console = wide_console()
    if not found:
        console.print("没有缺口。")
        return
    console.print(shown)
    total = sum(len(one.gaps) for one in found)
    ours = sum(gap.for_it for one in found for gap in one.gaps)
    console.print(
        f"{len(found)} 处，{total} 项缺口（其中信息科 {ours} 项），涉及 {sum(one.rows for one in found):,} 条"
    )


def _object(found: Sequence[DepartmentGaps], out: Path | None) -> dict[str, object]:
    return {
        "departments_total": len(found),
        "gaps_total": sum(len(one.gaps) for one in found),
        "rows": sum(one.rows for one in found),
        "file": str(out) if out else None,
        "departments": [
            {
                "campus": one.campus, "department": one.code, "name": one.name, "rows": one.rows,
                "gaps": [
                    {
                        "table": gap.table, "field": gap.field, "title": gap.name_zh, "missing": gap.missing,
                        "rows": gap.rows, "held": gap.held, "examples": [each.key for each in gap.examples],
                        "local_keys": [each.local_key for each in gap.examples],
                        "of": [each.of for each in gap.examples], "of_title": gap.of_zh, "system": gap.system,
                        "screen": gap.screen, "source": gap.source, "for_it": gap.for_it,
                    }
                    for gap in one.gaps
                ],
            }
            for one in found
        ],
    }  # fmt: skip
