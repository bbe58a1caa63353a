"""`medferry coverage`: every field of the standard, and what the hospital gives for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import wide_console
from medferry.cli.listing import Listing, counts, texts, wholes
from medferry.errors import ConfigError

if TYPE_CHECKING:
    from medferry.config import Project
    from medferry.score.coverage import FieldCoverage, TableCoverage

_REQUIRED_ZH = {"R": "必填", "C": "条件", "O": "可选"}


@click.command()
@click.argument("table", required=False)
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--campus", help="只看这个院区；不写则全部院区合计。")
@click.option("--days", type=click.IntRange(1), help="只看最近几个业务日的行；不写则账本里的全部。")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另写一个工作簿（.xlsx）：每张表一行，每个字段一行。",
)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(
    table: str | None, folder: Path, campus: str | None, days: int | None, out: Path | None, as_json: bool
) -> None:
    """63 张表逐字段：映射了没有、填充率、不同取值数、最近一次出现。

    不写 TABLE 每张表一行；写了逐字段列出。看的是账本里每条记录的最新版本；占位词（“-”“不详”等）算没有填。
    """
    from medferry.cli.ledger import reading_ledger
    from medferry.clock import SystemClock
    from medferry.score.coverage import coverage
    from medferry.score.ledger_view import survey_of, window_of

    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--out 应是 .xlsx 文件：{out}")
    with reading_ledger(folder) as (project, reader):
        names = _wanted("标准表", table, project.catalog.table_names)
        campuses = _wanted("院区", campus, tuple(project.campuses))
        now = SystemClock().now()
        survey = survey_of(project, reader, now, window_of(days, now), tables=names, with_uses=True)
        found = coverage(project, survey.uses, names, campuses)
    if out is not None:
        _write(out, found, project, now)
    if as_json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(_object(found), option=orjson.OPT_INDENT_2) + b"\n")
    elif table:
        _print_fields(found[0], project)
    else:
        _print_tables(found)
    if out is not None and not as_json:
        click.echo(f"已写 {out}")


def _write(out: Path, found: Sequence[TableCoverage], project: Project, now: datetime) -> None:
    from medferry.score.coverage_workbook import write_workbook

    names = {one.id: one.name_zh for one in project.campuses.values()}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(out, found, project=project.name, campuses=names, at=now)
    except OSError as error:
        raise ConfigError(
            "写工作簿", file=out, reason=error.strerror, fix="关闭正打开它的程序，或换一个 --out"
        ) from error


def _wanted(what: str, given: str | None, known: Sequence[str]) -> Sequence[str]:
    from medferry.mapping.model import nearest

    if given is None:
        return known
    if given not in known:
        near = nearest(given, known)
        raise click.UsageError(
            f"没有{what} {given}" + (f"，是不是 {near}？" if near else f"；已有：{'、'.join(known)}")
        )
    return (given,)


def _print_tables(found: Sequence[TableCoverage]) -> None:
    numbers = counts("院区", "字段", "已映射", "必填", "记录", "必填率", "条件率", "可选率", "全空")
    shown = Listing("覆盖：字段与填充", [*counts("序"), *texts("数据表"), *numbers, *wholes("最近")])
    for one in found:
        required = [field for field in one.fields if field.field.required == "R"]
        shown.add(
            str(one.table.no), f"{one.table.title_zh} {one.table.name}",
            str(len(one.campuses)) if one.campuses else "未接入",
            str(len(one.fields)), str(one.mapped),
            f"{sum(bool(field.mapped_in) for field in required)}/{len(required)}",
            f"{one.rows:,}" if one.rows else "·",
            *(_percent(one.rate(kind)) for kind in "RCO"),
            str(one.never_filled or "·"), _day(one.last), style="" if one.campuses else "dim",
        )  # fmt: skip
    fields = [field for one in found for field in one.fields]
    shown.section()
    shown.add(
        "", f"合计 {sum(bool(one.campuses) for one in found)}/{len(found)} 张表已接入", "", str(len(fields)),
        str(sum(bool(one.mapped_in) for one in fields)), "", f"{sum(one.rows for one in found):,}",
        *[""] * 5, style="bold",
    )  # fmt: skip
    shown.print(wide_console())
    click.echo(
        "必填：已映射的必填字段/全部必填字段；三个率：必填、条件必填、可选字段有值的占比；全空：映射了而没有一行有值的字段。"
        "看一张表的字段：medferry coverage 表名"
    )


def _print_fields(one: TableCoverage, project: Project) -> None:
    from medferry.score.coverage import mapped_zh

    names = {campus.id: campus.name_zh for campus in project.campuses.values()}
    rows = f"{one.rows:,} 条记录" if one.rows else "账本里没有记录"
    columns = [
        *counts("序"), *texts("字段", "中文名"), *wholes("要求"), *texts("映射"), *counts("填充", "不同取值"),
        *wholes("最近"),
    ]  # fmt: skip
    shown = Listing(f"{one.table.title_zh} {one.table.name}：{rows}", columns)
    for field in one.fields:
        style = (
            "red" if field.field.required == "R" and not field.waived and field.filled < field.rows else ""
        )
        shown.add(
            str(field.field.seq), field.field.name, field.field.name_zh,
            _REQUIRED_ZH[field.field.required] + ("（豁免）" if field.waived else ""),
            mapped_zh(field, one, names), _percent(field.rate), _distinct(field), _day(field.last), style=style,
        )  # fmt: skip
    shown.print(wide_console())


def _distinct(field: FieldCoverage) -> str:
    return f"> {field.distinct:,}" if field.more else f"{field.distinct:,}" if field.distinct else "·"


def _percent(rate: float | None) -> str:
    """Cut, not rounded: 100 % means all."""
    return "·" if rate is None else f"{int(rate * 1000) / 10:.1f}%"


def _day(moment: str) -> str:
    return f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}" if moment else "·"


def _object(found: Sequence[TableCoverage]) -> dict[str, object]:
    fields = [field for one in found for field in one.fields]
    return {
        "tables_total": len(found),
        "tables_fed": sum(bool(one.campuses) for one in found),
        "fields_total": len(fields),
        "fields_mapped": sum(bool(one.mapped_in) for one in fields),
        "tables": [
            {
                "table": one.table.name, "title": one.table.title_zh, "campuses": one.campuses, "rows": one.rows,
                "fields_mapped": one.mapped, "never_filled": one.never_filled, "last_seen": one.last or None,
                "fields": [_field(field) for field in one.fields],
            }
            for one in found
        ],
    }  # fmt: skip


def _field(one: FieldCoverage) -> dict[str, object]:
    return {
        "field": one.field.name, "title": one.field.name_zh, "required": one.field.required,
        "mapped_in": one.mapped_in, "waived": one.waived, "rows": one.rows, "filled": one.filled,
        "fill_rate": one.rate, "distinct": one.distinct, "distinct_more": one.more, "last_seen": one.last or None,
    }  # fmt: skip
