"""`medferry catalog list|show|lint`: the standard shown and linted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from medferry.catalog.files import editions, value_set_file
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.catalog.model import Field, KeyKind, Table
from medferry.catalog.value_set import LoadedValueSet
from medferry.cli.catalog.output import MARK, print_table, write_json
from medferry.cli.consoles import say, wide_console
from medferry.errors import CatalogError

if TYPE_CHECKING:
    from medferry.catalog.findings import CatalogFinding
    from medferry.catalog.lint import Assumptions

REQUIRED_ZH: Mapping[str, str] = {"R": "必填", "C": "条件", "O": "选填"}
KEY_ZH: Mapping[KeyKind, str] = {KeyKind.PRIMARY: "主键", KeyKind.PARENT: "父", KeyKind.DIRECTORY: "目录"}

_F = TypeVar("_F", bound=Callable[..., object])


def _options(command: _F) -> _F:
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    click.option("--overlay", type=folder, help="本院叠加的标准文件夹")(command)
    click.option(
        "--edition", default="jiangxi", show_default=True, help="标准版本，或当前目录里本项目的版本"
    )(command)
    click.option("--json", "as_json", is_flag=True, help="标准输出只写一个 JSON 对象")(command)
    return command


def _project(command: _F) -> _F:
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    click.option("--project", type=folder, help="项目目录：可拦截之处照它的 checks 改")(command)
    return command


@dataclass(frozen=True, slots=True)
class TableLine:
    """What the list says of one table."""

    no: int
    category_zh: str
    table: str
    title_zh: str
    dataset_code: str | None
    fields: int
    required: int
    parents: tuple[str, ...]
    group: str
    tier: int
    assumed: bool
    fields_assumed: int


def _table_line(table: Table) -> TableLine:
    parents = dict.fromkeys(f.key.table for f in table.parents if f.key and f.key.table)
    return TableLine(
        no=table.no,
        category_zh=table.category_zh,
        table=table.name,
        title_zh=table.title_zh,
        dataset_code=table.dataset_code,
        fields=len(table.fields),
        required=sum(field.required == "R" for field in table.fields),
        parents=tuple(parents),
        group=table.group,
        tier=table.tier,
        assumed=table.assumed,
        fields_assumed=sum(field.assumed for field in table.fields),
    )


@click.command(name="list")
@_options
def list_tables(edition: str, overlay: Path | None, as_json: bool) -> None:
    """列出全部标准表。"""
    from medferry.catalog.schedule import read_schedule

    catalog = _open(edition, overlay)
    lines = [_table_line(catalog.table(name)) for name in catalog.table_names]
    if as_json:
        write_json({"edition": catalog.edition, "tables": [asdict(line) for line in lines]})
        return
    groups = {name: schedule.title_zh for name, schedule in read_schedule(catalog.files).items()}
    columns = ("序号", "类别", "表名", "中文名", "字段数", "必填数", "父表", "时限组", "依据")
    rows = [
        (
            str(line.no),
            line.category_zh,
            line.table,
            line.title_zh,
            str(line.fields),
            str(line.required),
            "、".join(line.parents),
            groups.get(line.group, line.group),
            MARK if line.assumed else "",
        )
        for line in lines
    ]
    screen = wide_console()
    print_table(screen, f"标准表（{catalog.edition}）", columns, rows)
    fields, required = sum(line.fields for line in lines), sum(line.required for line in lines)
    say(screen, f"共 {len(lines)} 张表、{fields} 个字段，其中必填 {required} 个。")
    say(
        screen,
        f"{MARK}：{sum(line.fields_assumed for line in lines)} 个字段，以及各时限组的全部时限。"
        "看一张表用 medferry catalog show 表名。",
    )


@click.command()
@click.argument("table", metavar="[表名]", required=False)
@click.option("--codes", "set_id", metavar="值域", help="改为列出一个值域，如 --codes 'GB/T 2261.1'")
@_project
@_options
def show(
    *,
    table: str | None,
    set_id: str | None,
    project: Path | None,
    edition: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    """列出一张表的全部字段，或一个值域的全部代码。"""
    catalog = _open(edition, overlay)
    if table is not None and set_id is None:
        _show_table(catalog, table, project, as_json=as_json)
    elif set_id is not None and table is None:
        _show_codes(catalog, set_id, as_json)
    else:
        raise click.UsageError("请给出一个表名，或用 --codes 给出一个值域编号，二者取一")


def _wire_names_told(table: Table) -> str:
    """What the platform calls the table and its fields, where it calls them otherwise."""
    called = [f"{ours} → {wire}" for ours, wire in table.wire_names.items() if wire]
    kept = [ours for ours, wire in table.wire_names.items() if not wire]
    parts = [f"表 {table.wire}"] if table.wire != table.name else []
    parts += ["、".join(called)] if called else []
    parts += [f"报文里不带 {'、'.join(kept)}"] if kept else []
    return f"平台的叫法：{'；'.join(parts)}。"


def _show_table(catalog: LoadedCatalog, name: str, project: Path | None, *, as_json: bool) -> None:
    from medferry.cli.catalog.holding import changes_told, holding_in, overrides_of, told

    table = _known(catalog, name, catalog.table_names, catalog.table)
    overrides = [one for one in overrides_of(project) if one.table == name]
    holding = holding_in(catalog, [name], overrides)
    if as_json:
        fields = [_field_json(catalog, field) for field in table.fields]
        shown = asdict(_table_line(table)) | {"note_zh": table.note_zh, "fields": fields}
        shown["holding"] = [one._asdict() for one in holding]
        write_json({"edition": catalog.edition} | shown)
        return
    columns = ("序号", "字段", "中文名", "格式", "必填", "键", "值域", "说明", "依据")
    rows = [
        (
            str(field.seq),
            field.name,
            field.name_zh,
            field.format.text,
            REQUIRED_ZH[field.required],
            _key_text(field),
            _set_text(catalog, field),
            field.description_zh,
            MARK if field.assumed else "",
        )
        for field in table.fields
    ]
    screen = wide_console()
    print_table(screen, f"{table.name} {table.title_zh}（{table.category_zh}）", columns, rows)
    line = _table_line(table)
    say(
        screen,
        f"{line.fields} 个字段，必填 {line.required} 个，{MARK} {line.fields_assumed} 个；"
        f"规则 {len(catalog.rules(name))} 条。",
    )
    say(
        screen,
        f"父表：{'、'.join(line.parents) or '无'}。子表：{'、'.join(catalog.child_tables(name)) or '无'}。",
    )
    if table.wire_names or table.wire != name:
        say(screen, _wire_names_told(table))
    say(screen, told(holding))
    for line_zh in changes_told(overrides):
        say(screen, line_zh, style="yellow")
    if table.note_zh:
        say(screen, f"{MARK}：{table.note_zh}。", style="yellow")


def _show_codes(catalog: LoadedCatalog, set_id: str, as_json: bool) -> None:
    # The file's name is accepted too: it needs no quotes on a command line.
    by_file = {value_set_file(known): known for known in catalog.value_set_ids}
    set_id = by_file.get(value_set_file(set_id), set_id)
    value_set = _known(catalog, set_id, catalog.value_set_ids, catalog.value_set)
    if as_json:
        write_json(
            {
                "edition": catalog.edition,
                "value_set": value_set.id,
                "title_zh": value_set.title_zh,
                "standard": value_set.standard,
                "source": value_set.source,
                "is_open": value_set.is_open,
                "complete": value_set.complete,
                "codes": dict(value_set.names),
            }
        )
        return
    screen = wide_console()
    title = f"{value_set.id} {value_set.title_zh}"
    if value_set.is_open:
        say(screen, f"{title}：外部目录，未随程序收录，校验时不拒绝任何代码。", style="yellow")
    else:
        print_table(screen, title, ("代码", "名称"), list(value_set.names.items()))
        say(screen, f"共 {len(value_set.names)} 个代码。标准：{value_set.standard}。来源：{value_set.source}")
        if not value_set.complete:
            say(screen, f"{MARK}：不能确认此表齐全。", style="yellow")


@click.command()
@_project
@_options
@click.pass_context
def lint(
    ctx: click.Context, *, project: Path | None, edition: str, overlay: Path | None, as_json: bool
) -> None:
    """检查标准数据本身；有错误时退出码为 1。"""
    from medferry.catalog.lint import assumptions, lint_catalog
    from medferry.checks.lint_rules import count_rules, lint_rule_books
    from medferry.cli.catalog.holding import changes_told, holding_in, overrides_of, told

    catalog, overrides = _open(edition, overlay), overrides_of(project)
    findings = lint_catalog(catalog)
    if not any(finding.severity == "error" for finding in findings):  # rules speak of tables that can be read
        findings += lint_rule_books(catalog)
    errors = sum(finding.severity == "error" for finding in findings)
    report: dict[str, object] = {
        "edition": catalog.edition,
        "tables": _table_count(catalog),
        "errors": errors,
        "warnings": len(findings) - errors,
        "findings": [asdict(finding) for finding in findings],
    }
    assumed, holding_zh = None, [""]
    if not errors:  # damaged data cannot be counted
        assumed = assumptions(catalog)
        holding = holding_in(catalog, catalog.table_names, overrides)
        holding_zh = [told(holding), *changes_told(overrides)]
        sets = [catalog.value_set(set_id) for set_id in catalog.value_set_ids]
        counted = count_rules(catalog)
        report |= {
            "rules_expressed": counted.expressed,
            "waivers": counted.waived,
            "conditions": counted.conditions,
            "fields": sum(len(catalog.table(name).fields) for name in catalog.table_names),
            "rules": sum(len(catalog.rules(name)) for name in catalog.table_names),
            "value_sets": len(sets),
            "codes": sum(value_set.entries for value_set in sets),
            "assumed": assumed.total,
            "assumptions": asdict(assumed),
            "holding": [one._asdict() for one in holding],
        }
    if as_json:
        write_json(report)
    else:
        _print_lint(report, findings, assumed, holding_zh)
    ctx.exit(1 if errors else 0)


def _print_lint(
    report: Mapping[str, object],
    findings: Sequence[CatalogFinding],
    assumed: Assumptions | None,
    holding_zh: Sequence[str],
) -> None:
    screen = wide_console()
    if findings:
        severity_zh = {"error": "错误", "warning": "提醒"}
        rows = [
            (severity_zh[f.severity], f"{f.file}:{f.line}" if f.line else f.file, f.text, f.fix)
            for f in findings
        ]
        print_table(screen, "标准数据检查", ("级别", "位置", "问题", "处理办法"), rows)
    say(screen, f"{report['tables']} 张表：错误 {report['errors']}，提醒 {report['warnings']}。")
    if assumed is None:
        return
    counted = {
        "字段": "fields", "规则": "rules", "已表达": "rules_expressed", "豁免": "waivers", "值域": "value_sets",
        "代码": "codes",
    }  # fmt: skip
    say(screen, "，".join(f"{name} {report[key]}" for name, key in counted.items()) + "。")
    for line_zh in holding_zh:
        say(screen, line_zh)
    say(
        screen,
        f"{MARK}共 {assumed.total} 处：字段 {assumed.fields_known_unread + assumed.fields_practice}，"
        f"表 {len(assumed.tables)}，不能确认齐全的值域 {assumed.value_sets_incomplete}，"
        f"未收录的外部目录 {assumed.value_sets_open}，时限组 {len(assumed.schedule_groups)}。",
    )


def _open(edition: str, overlay: Path | None) -> LoadedCatalog:
    """An edition of the package, laid under `overlay`, or one of the project in the current folder."""
    if edition in editions():
        return load_catalog(edition, overlay)
    if overlay is not None:
        raise click.UsageError("--overlay 只与随程序附带的版本同用；本项目的版本用 --edition 名称")
    from medferry.catalog.editions.folders import load_edition

    try:
        return load_edition(edition, Path())
    except CatalogError as error:
        known = error.values.get("known", "、".join(editions()))
        raise click.UsageError(f"没有标准版本 {edition}，已有：{known}") from error


_T = TypeVar("_T", Table, LoadedValueSet)


def _known(catalog: LoadedCatalog, name: str, names: Sequence[str], read: Callable[[str], _T]) -> _T:
    """A mistyped name is the user's mistake; a damaged file behind a known name is not."""
    try:
        return read(name)
    except CatalogError as error:
        if name in names:
            raise
        raise click.UsageError(f"标准 {catalog.edition} 里没有 {name}。{error.fix}") from error


def _table_count(catalog: LoadedCatalog) -> int:
    try:
        return len(catalog.table_names)
    except CatalogError:
        return 0


def _field_json(catalog: LoadedCatalog, field: Field) -> dict[str, object]:
    values = asdict(field) | {"format": field.format.text, "assumed": field.assumed}
    values["key"] = field.key and {
        "kind": field.key.kind.value, "table": field.key.table, "column": field.key.column,
    }  # fmt: skip
    values["codes"] = catalog.value_set(field.value_set).entries if field.value_set else None
    return values


def _key_text(field: Field) -> str:
    if field.key is None:
        return ""
    target = f" {field.key.table}" if field.key.table else ""
    return KEY_ZH[field.key.kind] + target


def _set_text(catalog: LoadedCatalog, field: Field) -> str:
    if field.value_set is None:
        return ""
    value_set = catalog.value_set(field.value_set)
    return f"{value_set.id}（{'未收录' if value_set.is_open else value_set.entries}）"
