"""`medferry gaps`: what is missing, per department, as a workbook to work off."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, wide_console
from medferry.cli.listing import Listing, counts, group, texts
from medferry.errors import ConfigError

if TYPE_CHECKING:
    from medferry.config import Project
    from medferry.score.gaps import DepartmentGaps, Gap


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="工作簿写到哪里（.xlsx）；不写则只在屏幕上列出。",
)
@click.option("--all", "show_all", is_flag=True, help="每项缺口列出全部记录号码，不只列例子。")
@click.option("--campus", help="只看这个院区。")
@click.option("--days", type=click.IntRange(1), help="只看最近几个业务日的行；不写则账本里的全部。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(
    folder: Path, out: Path | None, show_all: bool, campus: str | None, days: int | None, as_json: bool
) -> None:
    """按科室列出数据缺口：哪张表、哪个字段、缺什么、多少行、示例主键、在哪个界面补。

    工作簿每个科室一页，映射与代码对照的问题另成“信息科”一页。只写记录主键，不写患者的内容。
    """
    from medferry.catalog.platform.answer_codes import load_answer_codes
    from medferry.cli.ledger import reading_ledger
    from medferry.clock import SystemClock
    from medferry.score.gaps import ALL_MAX, gaps
    from medferry.score.ledger_view import survey_of, window_of
    from medferry.score.survey import EXAMPLES_MAX
    from medferry.score.words import Wording

    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--out 应是 .xlsx 文件：{out}")
    now, examples_max = SystemClock().now(), ALL_MAX if show_all else EXAMPLES_MAX
    with reading_ledger(folder) as (project, reader):
        if campus is not None and campus not in project.campuses:
            raise click.UsageError(f"没有院区 {campus}；已有：{'、'.join(project.campuses)}")
        survey = survey_of(project, reader, now, window_of(days, now), examples_max=examples_max)
    wording = Wording(project.catalog, load_answer_codes())
    found = gaps(project, survey, wording, examples_max=examples_max)
    found = [one for one in found if campus in {None, one.campus}]
    names = {one.id: one.name_zh for one in project.campuses.values() if campus in {None, one.id}}
    if out is not None:
        from medferry.score.workbook import write_workbook

        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            write_workbook(out, found, project=project.name, campuses=names, at=now, with_all=show_all)
        except OSError as error:
            raise ConfigError(
                "写工作簿", file=out, reason=error.strerror, fix="关闭正打开它的程序，或换一个 --out"
            ) from error
    if as_json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(_object(found, out), option=orjson.OPT_INDENT_2) + b"\n")
        return
    _print(found, names, project, show_all=show_all)
    if out is not None:
        click.echo(f"已写 {out}")


def _print(
    found: Sequence[DepartmentGaps], names: dict[str, str], project: Project, *, show_all: bool
) -> None:
    from medferry.score.gaps import department_title

    columns = [*group("科室"), *texts("哪张表", "补哪一项", "缺什么、改什么"), *counts("几条", "未上报")]
    shown = Listing(
        f"{project.name}：数据缺口",
        [*columns, *texts("全部院内号码" if show_all else "例（院内号码）", "在哪里补")],
    )
    for one in found:
        for gap in one.gaps:
            where = f"{gap.system} {gap.screen}".strip() or gap.source
            shown.add(
                department_title(one, names, alone=len(names) == 1), gap.title_zh, gap.name_zh or "（整条记录）",
                gap.missing, f"{gap.rows:,}", f"{gap.held:,}" if gap.held else "·",
                _numbers(gap, show_all=show_all), f"信息科：{gap.source}" if gap.for_it else where,
            )  # fmt: skip
    console = wide_console()
    if not found:
        say(console, "没有缺口。")
        return
    shown.print(console)
    total = sum(len(one.gaps) for one in found)
    ours = sum(gap.for_it for one in found for gap in one.gaps)
    rows = sum(one.rows for one in found)
    say(console, f"{len(found)} 处，{total} 项缺口（其中信息科 {ours} 项），涉及 {rows:,} 条")
    unlisted = sum(max(0, gap.rows - 1) for one in found for gap in one.gaps)
    if unlisted and not show_all:
        say(console, f"每项只列一个号码，另有 {unlisted:,} 个没有列出：medferry gaps --all 列出全部")


def _numbers(gap: Gap, *, show_all: bool) -> str:
    """Records by their local numbers: all, or one and how many more there are."""
    if not gap.examples:
        return ""
    if show_all:
        return "、".join(one.local_key for one in gap.examples)
    more = f"（另 {gap.rows - 1:,} 条）" if gap.rows > 1 else ""
    return gap.examples[0].local_key + more


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
