"""`medferry preview TABLE`: what would be sent, with findings; nothing is kept and nothing leaves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, wide_console
from medferry.cli.given_names import given_names
from medferry.cli.listing import Listing, texts
from medferry.cli.main import EXIT_FINDINGS
from medferry.errors import ConfigError, MedferryError, OutboxError
from medferry.log_center.mask import shape

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.catalog.model import Field, Table
    from medferry.config import Project, Route
    from medferry.outbox.reader import LedgerReader
    from medferry.records import CheckedBatch
    from medferry.way_in.trial import Trial

ROWS_SHOWN_MAX = 500
_OPEN_TYPES = frozenset({"code", "boolean"})
_NEVER_MASKED = frozenset({"org_code", "org_name"})
_SEVERITIES_ZH = {"error": "错误", "warning": "警告", "unknown": "无法判定", "waived": "豁免"}


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows of one table from one route. `shown` is the checked batch's first rows."""

    route: str
    table: Table
    rows_read: int
    not_ready: int
    lookup_misses: int
    checked: CheckedBatch


@click.command()
@click.argument("table")
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option(
    "--rows",
    "rows_max",
    type=click.IntRange(1, ROWS_SHOWN_MAX),
    default=5,
    show_default=True,
    help="每条路线读几行。",
)
@click.option("--route", "only", help="只看这条路线（来源.映射文件名）。")
@click.option("--reveal", is_flag=True, help="显示原值；默认遮盖，只露代码与标志。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(
    table: str,
    folder: Path,
    *,
    rows_max: int,
    only: str | None,
    reveal: bool,
    as_json: bool,
) -> None:
    """预览某张表将要发送的内容与校验结果。

    从每条供给这张表的路线读最早的几行，映射、校验后显示；不入账、不发送、不移动读取位置。
    要看父记录的规则，父记录取自账本（只读）与同来的行；两处都没有的不判。
    有行会被扣留时退出码为 1。
    """
    previews = preview_table(folder, table, rows_max=rows_max, only=only)
    if as_json:
        import orjson

        report = {"table": table, "routes": [_report(one, reveal) for one in previews]}
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        for one in previews:
            _print(one, reveal)
    if any(_held(one.checked) for one in previews):
        sys.exit(EXIT_FINDINGS)


def preview_table(folder: Path, table: str, *, rows_max: int, only: str | None) -> list[Preview]:
    """One preview per route that feeds the table.

    raises  UsageError: no such table or route; SourceError: a source cannot be read; MappingError
    """
    from medferry.clock import SystemClock
    from medferry.config import load_project
    from medferry.ferry.ferry import open_sources, read_plan
    from medferry.way_in.lookup_tables import LookupTables
    from medferry.way_in.trial import try_rows

    project = load_project(folder)
    clock = SystemClock()
    previews: list[Preview] = []
    failed: dict[str, MedferryError] = {}
    with ExitStack() as stack:
        source_of = open_sources(project, clock, stack)
        lookup_tables = LookupTables(project.lookup_tables, source_of, clock)
        known = _known_parents(project, stack)
        for route in _routes_of(project, table, only):
            try:
                named = lookup_tables.of(route.lookup_tables, route.campus.id)
                plan = replace(read_plan(route), rows_max=rows_max)
                batch = next(source_of(route.source).read(plan, None, "head"), None)
                if batch is None:
                    click.echo(f"路线 {route.id} 没有读到行。", err=True)
                    continue
                trial = try_rows(project, route, batch.frame, named, known)
                previews.append(_preview(route, project.catalog.table(table), trial))
            except MedferryError as error:  # one campus may be down while the other is to be looked at
                failed[route.id] = error
    if len(failed) == 1 and not previews:
        raise next(iter(failed.values()))
    for route_id, why in failed.items():
        click.echo(f"路线 {route_id}：{why}", err=True)
    if failed and not previews:
        raise ConfigError("预览", table=table, fix="上面各条路线都读不了，逐条处理后再看")
    return previews


def _known_parents(project: Project, stack: ExitStack) -> LedgerReader | None:
    """The ledger's, read beside a run that may be writing it. A project that has not run yet has none."""
    if not project.outbox.path.exists():
        return None
    try:
        reader = project.outbox.open_reader()
    except OutboxError as error:
        click.echo(f"不看账本，要看父记录的规则只看同来的行：{error}", err=True)
        return None
    stack.callback(reader.close)
    return reader


def _preview(route: Route, table: Table, trial: Trial) -> Preview:
    return Preview(
        route=route.id,
        table=table,
        rows_read=trial.rows,
        not_ready=trial.not_ready,
        lookup_misses=trial.lookup_misses,
        checked=trial.tables[table.name],
    )


def _routes_of(project: Project, table: str, only: str | None) -> list[Route]:
    from medferry.mapping.model import nearest

    if only is not None:
        with given_names():
            route = project.route(only)
        if table not in route.tables:
            raise click.UsageError(f"路线 {only} 不供给表 {table}，它供给：{'、'.join(route.tables)}")
        return [route]
    routes = [one for one in project.routes if table in one.tables]
    if not routes:
        fed = sorted({name for one in project.routes for name in one.tables})
        near = nearest(table, fed)
        hint = f"是不是 {near}？" if near else f"本项目供给：{'、'.join(fed)}"
        raise click.UsageError(f"没有路线供给表 {table}。{hint}")
    return routes


def masked(field: Field, value: str | None, reveal: bool) -> str | None:
    """Codes and flags as they are; of anything else only the shape."""
    if value is None or reveal or field.type in _OPEN_TYPES or field.name in _NEVER_MASKED:
        return value
    return shape(value)


def _findings_by_row(checked: CheckedBatch) -> Mapping[int, list[Mapping[str, str]]]:
    found: dict[int, list[Mapping[str, str]]] = {}
    for one in checked.findings.to_dicts():
        found.setdefault(one["row"], []).append(one)
    return found


def _dropped(checked: CheckedBatch) -> list[bool]:
    return [False] * len(checked.sound) if checked.dropped is None else checked.dropped.to_list()


def _held(checked: CheckedBatch) -> int:
    pairs = zip(checked.sound, _dropped(checked), strict=True)
    return sum(not sound and not dropped for sound, dropped in pairs)


def _report(one: Preview, reveal: bool) -> dict[str, object]:
    findings = _findings_by_row(one.checked)
    fields = one.table.by_name
    rows = []
    for place, row in enumerate(one.checked.batch.frame.iter_rows(named=True)):
        rows.append(
            {
                "sound": one.checked.sound[place],
                "dropped": _dropped(one.checked)[place],
                "fields": {k: masked(fields[k], v, reveal) for k, v in row.items() if v is not None},
                "findings": [
                    {key: finding[key] for key in ("field", "check", "code", "severity")}
                    for finding in findings.get(place, [])
                ],
            }
        )
    return {
        "route": one.route,
        "rows_read": one.rows_read,
        "not_ready": one.not_ready,
        "lookup_misses": one.lookup_misses,
        "rows": rows,
    }


def _print(one: Preview, reveal: bool) -> None:
    console = wide_console()
    height = one.checked.batch.frame.height
    say(
        console,
        f"{one.table.name} {one.table.title_zh}  路线 {one.route}：读 {one.rows_read} 行，"
        f"未就绪 {one.not_ready}，得 {height} 行，扣留 {_held(one.checked)}，对照未命中 {one.lookup_misses}",
        "bold",
    )
    findings = _findings_by_row(one.checked)
    for place, row in enumerate(one.checked.batch.frame.iter_rows(named=True)):
        _print_row(console, one, place, row, findings.get(place, []), reveal)
    if not reveal:
        say(console, "内容已遮盖，加 --reveal 显示原值。", "dim")


def _print_row(
    console: Console,
    one: Preview,
    place: int,
    row: Mapping[str, str | None],
    findings: list[Mapping[str, str]],
    reveal: bool,
) -> None:
    from medferry.checks import MEANINGS

    by_field: dict[str, list[str]] = {}
    for finding in findings:
        text = f"{_SEVERITIES_ZH[finding['severity']]} {finding['code']} {MEANINGS.get(finding['code'], '')}"
        by_field.setdefault(finding["field"], []).append(text)
    dropped = _dropped(one.checked)[place]
    state = "将发送" if one.checked.sound[place] else "同批另有版本，不发" if dropped else "将扣留"
    shown = Listing(f"第 {place + 1} 行：{state}", texts("字段", "中文名", "值", "校验结果"))
    for field in one.table.fields:
        value = masked(field, row[field.name], reveal)
        notes = by_field.get(field.name, [])
        if value is not None or notes:
            shown.add(field.name, field.name_zh, value or "（缺失）", "；".join(notes))
    shown.print(console)
