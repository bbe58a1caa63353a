"""`medferry codes`: local codes without a standard code: what they cost, what they may mean, and the decision."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.given_names import given_names
from medferry.cli.main import EXIT_FINDINGS

if TYPE_CHECKING:
    from medferry.codes_desk.bulk import Taken
    from medferry.codes_desk.remap import Healed
    from medferry.codes_desk.suggest import Suggestion
    from medferry.codes_desk.unmapped import UnmappedValue
    from medferry.config import Project

LINES_MAX = 30
WORTH_SHOWING = 0.5  # of the best suggestion of a code table that nobody asked for by name

_project = click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
_json = click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")


@click.group()
def group() -> None:
    """代码台：哪些院内代码还没有对照、可能是什么、登记对照并把被扣留的行补发。"""


@group.command()
@_project
@_json
def unmapped(folder: Path, *, as_json: bool) -> None:
    """列出还没有对照的院内代码：因它被扣留的行，和带着它送出的行；最贵的在前；有则退出码 1。"""
    from medferry.cli.ledger import reading_ledger
    from medferry.codes_desk.unmapped import unmapped_values

    with reading_ledger(folder) as (project, reader):
        found = unmapped_values(project, reader)
    if as_json:
        _write_json({"values": found})
    elif found:
        _print_unmapped(found, project)
    else:
        click.echo("没有未对照的院内代码。")
    if found:
        sys.exit(EXIT_FINDINGS)


@group.command()
@click.argument("value", default="")
@click.option("--codes", help="代码表名，即 codes/<名>.csv。")
@click.option("--value-set", "value_set", help="直接指定值域，不看代码表。")
@click.option("--name", default="", help="院内名称；不写则用代码表里的 local_name。")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="每个值列几条。")
@_project
@_json
def suggest(
    value: str,
    codes: str | None,
    value_set: str | None,
    name: str,
    limit: int,
    folder: Path,
    *,
    as_json: bool,
) -> None:
    """为院内代码 VALUE 找标准代码，各带分数与理由；不写 VALUE 就为全部未对照的代码找。

    分数是实测的正确机会。“建议”在 0.90 以上，每个值至多一条；“候选”没有把握，请人看。程序从不自行对照。
    """
    from medferry.codes_desk.held import editions_asked, tables_in_use
    from medferry.codes_desk.suggest import Suggester
    from medferry.codes_desk.unmapped import local_names
    from medferry.config import load_project

    project = load_project(folder)
    suggester = Suggester(project.catalog)
    answers: list[dict[str, object]] = []
    table_known = codes is not None or value_set is not None
    if not value and not name:
        asked = [(one.codes, one.value_set, one.value, one.name) for one in _unmapped_of(folder)]
    elif value_set or codes:
        known = name or _name_of(value, local_names(project.folder, [codes] if codes else []), codes or "")
        with given_names():
            sets = (value_set,) if value_set else editions_asked(project, codes or "")
        asked = [(codes or "", one, value, known) for one in sets]
    else:
        names = local_names(project.folder, project.codes)
        asked = [
            (table, one, value, name or _name_of(value, names, table))
            for table in project.codes
            if table in tables_in_use(project)
            for one in editions_asked(project, table)
        ]
    for table, set_id, local, known in asked:
        with given_names():
            found = suggester.suggest(set_id, known, local, limit) if set_id else []
        if not table_known and value and (not found or found[0].score < WORTH_SHOWING):
            continue  # asked of all code tables: those that have nothing like it are passed over
        answers.append(
            {"codes": table, "value_set": set_id, "value": local, "name": known, "suggestions": found}
        )
        if not as_json:
            _print_suggestions(project, table, set_id, local, known, found)
    if as_json:
        _write_json({"values": answers})
    if not answers and value and not as_json:
        click.echo("没有一个代码表的值域里有相近的；用 --codes 或 --value-set 指明在哪里找，可看全部候选")
    if (value and not answers) or not all(one["suggestions"] for one in answers):
        sys.exit(EXIT_FINDINGS)


@group.command()
@click.argument("codes", default="")
@click.argument("local", default="")
@click.argument("standard", default="")
@click.option("--by", required=True, help="经手人，写进代码表的 note 一栏。")
@click.option("--because", help="理由；对照就是给出的“建议”时可不写。")
@click.option("--name", default="", help="院内名称，代码表里没有时写入。")
@click.option("--replace", is_flag=True, help="院内代码已对照为别的标准代码时，改过来。")
@click.option(
    "--recommended", is_flag=True, help="登记全部“建议”（写了 CODES 就只登记这个代码表的），候选不动。"
)
@click.option("--dry-run", is_flag=True, help="与 --recommended 同用：只列出将登记什么，什么也不写。")
@_project
@_json
def accept(
    codes: str, local: str, standard: str, by: str, because: str | None, name: str, folder: Path, *,
    replace: bool, recommended: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """登记 CODES 代码表里 LOCAL 对照为 STANDARD，并把因它被扣留的行重新映射、补发。

    被扣留的行从账本里存的来源行重新映射，不读业务库；medferry run 在运行时由它来做，没有运行就当场做。
    """
    if recommended:
        if local or standard or name or replace:
            raise click.UsageError("--recommended 只可另写 CODES、--by、--because、--dry-run。")
        _accept_recommended(folder, codes, by, because, dry_run=dry_run, as_json=as_json)
        return
    if dry_run or not (codes and local and standard):
        raise click.UsageError("请写 CODES LOCAL STANDARD，或 --recommended（可加 --dry-run）。")
    from medferry.clock import SystemClock
    from medferry.codes_desk import decisions
    from medferry.codes_desk.unmapped import local_names
    from medferry.config import load_project

    clock = SystemClock()
    project = load_project(folder)
    known = name or local_names(project.folder, [codes]).get((codes, local), "")
    with given_names():
        reason = because or _reason(project, codes, local, standard, known)
    decision = decisions.Decision(codes, local, standard, by, reason, clock.now(), known)
    with given_names():
        written = decisions.accept(project, decision, replace=replace)
    healed = _heal_or_leave(folder, codes)
    if as_json:
        _write_json(
            {"codes": codes, "local": local, "standard": standard, "written": written, "healed": healed}
        )
        return
    click.echo(f"codes/{codes}.csv：{local} → {standard}" + ("，已写入。" if written else "，本来就是这样。"))
    click.echo(_healed_text(healed))


def _name_of(value: str, names: Mapping[tuple[str, str], str], codes: str) -> str:
    """The hospital's name for a value: from the code table, else what was given, if that is a name itself."""
    return names.get((codes, value), "") or ("" if value.isascii() else value)


def _accept_recommended(
    folder: Path, codes: str, by: str, because: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Everything recommended is decided at once, table by table; the rest stays as it is."""
    from medferry.clock import SystemClock
    from medferry.codes_desk import decisions
    from medferry.codes_desk.bulk import recommended
    from medferry.codes_desk.suggest import Suggester
    from medferry.config import load_project

    project = load_project(folder)
    if codes and codes not in project.codes:
        raise click.UsageError(f"没有这个代码表：{codes}；有：{'、'.join(project.codes)}")
    values = [one for one in _unmapped_of(folder) if codes in {"", one.codes}]
    taken, left = recommended(project, values, Suggester(project.catalog))
    healed: dict[str, Healed | None] = {}
    if not dry_run:
        clock = SystemClock()
        for one in taken:
            reason = because or one.because
            decisions.accept(
                project,
                decisions.Decision(
                    one.codes, one.local, one.standard, by, reason, clock.now(), one.local_name
                ),
            )
        healed = {table: _heal_or_leave(folder, table) for table in dict.fromkeys(one.codes for one in taken)}
    if as_json:
        _write_json({"dry_run": dry_run, "accepted": taken, "left": left, "healed": healed})
        return
    _print_taken(taken, left, dry_run=dry_run)
    for table, one_healed in healed.items():
        click.echo(f"{table}：{_healed_text(one_healed)}")


def _unmapped_of(folder: Path) -> list[UnmappedValue]:
    from medferry.cli.ledger import reading_ledger
    from medferry.codes_desk.unmapped import unmapped_values

    with reading_ledger(folder) as (project, reader):
        return unmapped_values(project, reader)


def _reason(project: Project, codes: str, local: str, standard: str, name: str) -> str:
    """The suggestion's reason, where the decision is the recommended one.

    raises  UsageError: it is not, and the person gave no reason
    """
    from medferry.codes_desk.held import editions_asked
    from medferry.codes_desk.suggest import Suggester

    suggester = Suggester(project.catalog)
    for set_id in editions_asked(project, codes):
        for one in suggester.suggest(set_id, name, local):
            if one.code == standard and one.is_recommended:
                return f"按建议，{one.reason.value}（{one.score:.2f}）"
    raise click.UsageError("这个对照不是程序的“建议”，请用 --because 写明理由。")


def _heal_or_leave(folder: Path, codes: str) -> Healed | None:
    """Maps the held rows again here and now; None where a running `medferry run` was asked to."""
    from medferry.clock import SystemClock
    from medferry.codes_desk.remap import Healed
    from medferry.config import load_project
    from medferry.crypto.software import SoftwareProvider
    from medferry.ferry.ferry import open_ferry
    from medferry.ferry.mailbox import HealCodes, Mailbox
    from medferry.ferry.requests import Requests
    from medferry.outbox.errors import LedgerHeld

    clock = SystemClock()
    project = load_project(folder)
    if not project.outbox.path.exists():
        return Healed()
    # First: whoever holds the ledger next does it, even if this process dies.
    Mailbox.of(project).put(HealCodes(codes), clock)
    try:
        with ExitStack() as stack:
            ferry = open_ferry(project, clock, SoftwareProvider(), lambda _: None, stack)
            return Requests(ferry).heal()
    except LedgerHeld:
        return None


def _healed_text(healed: Healed | None) -> str:
    if healed is None:
        return "已交给正在运行（或下一次启动）的 medferry run：它重读代码表，重新映射因此被扣留的行并发送。"
    if not healed.tried and not healed.conflict:
        return "没有行因它被扣留；带着它送出的记录，window 以内的由下一次补读按新对照重做。"
    parts = [f"因此被扣留 {healed.tried + healed.conflict} 行，放行 {healed.rows} 行"]
    parts += [f"{table} {rows} 行" for table, rows in sorted(healed.freed.items())]
    if healed.still:
        parts.append(f"另有别的问题仍扣留 {healed.still} 行")
    if healed.conflict:
        parts.append(f"与同批另一版本冲突、待来源更正 {healed.conflict} 行")
    if healed.imageless:
        parts.append(f"没有存来源行、等下次清扫 {healed.imageless} 行")
    end = "。放行的行由 medferry run 发送。" if healed.rows else "。"
    return "，".join(parts) + end


def _print_unmapped(found: list[UnmappedValue], project: Project) -> None:
    from medferry.cli.consoles import wide_console
    from medferry.cli.listing import Listing, counts, texts, wholes
    from medferry.codes_desk.held import TRAVELLING_ROWS_MAX

    numbers = counts("扣留行", "只差它", "带着送出", "失分")
    columns = [
        *wholes("代码表", "院内代码"), *texts("院内名称", "对照到"), *numbers, *texts("在哪些表"), *wholes("首见", "末见"),
    ]  # fmt: skip
    shown = Listing("未对照的院内代码（失分多的在前）", columns)
    for one in found[:LINES_MAX]:
        tables = "、".join(
            f"{project.catalog.table(table).title_zh} {rows}" for table, rows in one.tables.most_common(3)
        )
        first, last = (f"{at:%m-%d %H:%M}" if at else "" for at in (one.first_seen, one.last_seen))
        shown.add(
            one.codes or "（映射未写 codes）", one.value, one.name, _wanted(project, one.value_set),
            f"{one.rows:,}", f"{one.freed:,}", f"{one.travelling:,}", f"{one.points:,}", tables, first, last,
        )  # fmt: skip
    shown.print(wide_console())
    if len(found) > LINES_MAX:
        click.echo(f"另有 {len(found) - LINES_MAX} 个，用 medferry codes unmapped --json 看全部")
    if any(one.travelling for one in found):
        click.echo(
            "“带着送出”：值域不封闭，记录带着院内代码到了平台。登记对照后，window 以内的行由下一次补读按新对照重做、"
            "作为新版本送出；更早的照 docs/operations.md 给路线改名重读"
        )
    if sum(one.travelling for one in found) >= TRAVELLING_ROWS_MAX:
        click.echo(f"“带着送出”只数了最近的 {TRAVELLING_ROWS_MAX:,} 条，更早的没有数")
    click.echo(
        "接着：medferry codes suggest 看建议；medferry codes accept 代码表 院内代码 标准代码 --by 姓名 登记"
    )


def _wanted(project: Project, set_id: str) -> str:
    """Id and name of a value set."""
    return f"{set_id} {project.catalog.value_set(set_id).title_zh}" if set_id else "（不是值域字段）"


def _print_suggestions(
    project: Project, codes: str, set_id: str, value: str, name: str, found: list[Suggestion]
) -> None:
    place = f"{codes} → {_wanted(project, set_id)}" if codes else _wanted(project, set_id)
    click.echo(f"{place}：院内代码 {value}  {name}".rstrip())
    for one in found:
        click.echo(f"  {one.grade.value} {one.score:.2f}  {one.code}  {one.name}（{one.reason.value}）")
    if found and not found[0].is_recommended:
        click.echo("  没有把握，以上只是候选，请人看。")
    if not found:
        click.echo(
            "  没有相近的标准代码。院内名称写在代码表的 local_name 一栏，或用 --name 给出；"
            f'全部标准代码：medferry catalog show --codes "{set_id}"'
        )


def _print_taken(taken: list[Taken], left: int, *, dry_run: bool) -> None:
    for one in taken:
        said = "将登记" if dry_run else "已登记"
        click.echo(
            f"{said} codes/{one.codes}.csv：{one.local} {one.local_name} → {one.standard} {one.standard_name}"
            f"（{one.reason.value}，{one.score:.2f}）"
        )
    click.echo(
        f"共 {len(taken)} 个建议；另有 {left} 个值没有建议，请逐个看：medferry codes suggest"
        if left
        else f"共 {len(taken)} 个建议。"
    )
    if dry_run and taken:
        click.echo("什么也没有写。确认后去掉 --dry-run 再执行一次。")


def _write_json(value: dict[str, object]) -> None:
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n")
