"""`medferry catalog import`: the official book becomes an edition of the project."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medferry.cli.catalog.output import print_table, write_json
from medferry.cli.consoles import say, wide_console
from medferry.cli.given_names import given_names

if TYPE_CHECKING:
    from medferry.books.book_import import Imported
    from medferry.books.comparison import Change

EXIT_FINDINGS = 1
REMARKS_SHOWN_MAX = 60
TAKE_OVER = ("format", "required")
SYSTEM = ("org_code", "created_at", "updated_at", "record_status")


@click.command(name="import")
@click.argument("book", metavar="字段册", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", required=True, metavar="名称", help="新版本的名称，如 2026")
@click.option("--project", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录")
@click.option("--below", default="jiangxi", show_default=True, metavar="版本", help="叠加在哪个版本之上")
@click.option("--dry-run", is_flag=True, help="只读只报告，什么也不写")
@click.option("--whole", is_flag=True, help="整册：书中没有的表在新版本里取消")
@click.option(
    "--take-over", multiple=True, type=click.Choice(TAKE_OVER), help="书中没有格式或必填一栏时，沿用原版本的"
)
@click.option(
    "--system",
    multiple=True,
    metavar="名称=书中字段名",
    help="org_code、created_at、updated_at、record_status 在书中叫什么；书中没有写 -。可重复",
)
@click.option("--key", "keys", multiple=True, metavar="表=字段", help="这张表机构代码之外的主键字段。可重复")
@click.option(
    "--header",
    "header_row",
    type=click.IntRange(1),
    metavar="行号",
    help="各工作表的表头在第几行；不写则自动找",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="意思=书中栏名",
    help="书中的栏名是什么意思，如 中文名=属性名、必填=M/O。可重复",
)
@click.option(
    "--words",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="本院字段册的叫法（YAML）；不写则用项目的 catalog/words.yaml，没有也可",
)
@click.option("--replace", is_flag=True, help="替换同名的已有版本")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="把导入报告写到这个文件")
@click.option(
    "--understood",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把读成了什么逐字段写成工作簿（.xlsx）",
)
@click.option("--json", "as_json", is_flag=True, help="标准输出只写一个 JSON 对象")
@click.pass_context
def import_book_command(
    ctx: click.Context,
    book: Path,
    name: str,
    project: Path,
    below: str,
    dry_run: bool,
    whole: bool,
    take_over: tuple[str, ...],
    system: tuple[str, ...],
    keys: tuple[str, ...],
    header_row: int | None,
    columns: tuple[str, ...],
    words: Path | None,
    replace: bool,
    report: Path | None,
    understood: Path | None,
    as_json: bool,
) -> None:
    """把字段册（.xlsx、.docx、.xls、.csv）导入为本项目的一个标准版本。

    有错误时什么版本也不写，逐处列出位置与办法，退出码为 1；名称对不上的列入 catalog/<名称>.names.csv 供人填写。
    """
    from medferry.catalog.editions.folders import edition_path

    if not project.is_dir():
        raise click.UsageError(f"项目目录 {project} 不存在")
    final = edition_path(name, project)
    if final.exists() and not (replace or dry_run):
        raise click.UsageError(f"已有版本 {final.name}。换一个名称，或加 --replace 替换它")
    if below.removeprefix("catalog/") == final.name:
        raise click.UsageError("新版本不能叠加在自己之上")
    options = {
        "whole": whole,
        "take_over": frozenset(take_over),
        "system": _pairs("--system", system, SYSTEM),
        "keys": _pairs("--key", keys),
        "header_row": header_row,
    }
    more = _more_words(columns, words or project / "catalog" / "words.yaml")
    pages = _Pages(report, understood)
    done = _work(book, final, project, below=below, dry_run=dry_run, options=options, pages=pages, more=more)
    if as_json:
        write_json(_json(done, final.name))
    else:
        _print(done)
        _print_next(done, final)
    ctx.exit(EXIT_FINDINGS if done.imported.errors else 0)


def _pairs(option: str, said: tuple[str, ...], known: tuple[str, ...] = ()) -> dict[str, str]:
    """`name=book's name` of an option that may come again."""
    found: dict[str, str] = {}
    for text in said:
        name, sign, theirs = (part.strip() for part in text.partition("="))
        if not (name and sign and theirs) or (known and name not in known):
            expected = f"，名称是 {'、'.join(known)} 之一" if known else ""
            raise click.UsageError(f"{option} 应写成 名称=书中的写法{expected}，现在是 {text}")
        found[name] = theirs
    return found


def _more_words(columns: tuple[str, ...], file: Path) -> dict[str, dict[str, list[str]]]:
    """Words of the project, and what the columns of this book mean."""
    from medferry.books.headers import FIELD_ROLES, roles_of
    from medferry.books.words import read_words

    more = read_words(file) if file.is_file() else {}
    for meaning, title in _pairs("--column", columns).items():
        roles = roles_of(meaning, FIELD_ROLES)
        if not roles:
            known = "、".join(role.value for role in sorted(FIELD_ROLES))
            raise click.UsageError(f"--column 左边的“{meaning}”不是一种意思，可写：{known}")
        more.setdefault("headers", {}).setdefault(roles[0].name.lower(), []).append(title)
    return more


@dataclass(frozen=True, slots=True)
class _Pages:
    """Files that a person asked for beside the edition."""

    report: Path | None
    understood: Path | None


@dataclass(frozen=True, slots=True)
class _Done:
    """What an import came to. questions: how many names wait for a person, in `names`."""

    imported: Imported
    changes: list[Change]
    verdict: str
    written: bool
    names: Path
    questions: int
    dry_run: bool


def _work(
    book: Path,
    final: Path,
    project: Path,
    *,
    below: str,
    dry_run: bool,
    options: Mapping[str, Any],
    pages: _Pages,
    more: Mapping[str, Mapping[str, Sequence[str]]],
) -> _Done:
    from medferry.books.answers import read_answers, write_questions
    from medferry.books.book_import import ImportOptions, import_book
    from medferry.books.comparison import compare
    from medferry.books.report import report_page
    from medferry.books.sheets import read_book
    from medferry.books.understood import write_understood
    from medferry.books.words import with_more_words
    from medferry.books.writer import about, put_in_place, stage
    from medferry.catalog.editions.folders import load_edition
    from medferry.catalog.files import CatalogFiles
    from medferry.catalog.load import LoadedCatalog
    from medferry.cli.catalog.rules_aside import set_rules_aside
    from medferry.clock import SystemClock

    with given_names():
        base = load_edition(below, project)
    names = final.with_name(f"{final.name}.names.csv")
    answers = read_answers(names)
    with with_more_words(more):
        imported = import_book(read_book(book), base, answers, ImportOptions(**options))
    changes: list[Change] = []
    # Staged within the project, so that the last step is one rename on one file system.
    with tempfile.TemporaryDirectory(prefix=".staged-", dir=None if dry_run else project) as folder:
        staged = Path(folder) / final.name
        if not imported.errors:
            staged.mkdir()
            imported.remarks += stage(imported, staged)
        if not imported.errors:
            edition = LoadedCatalog(base.edition, CatalogFiles((staged, *base.files.folders)))
            changes = compare(base, edition)
            imported.remarks += set_rules_aside(imported, staged, edition)
        verdict = _verdict(imported, final.name, dry_run=dry_run)
        page = report_page(imported, changes, name=final.name, verdict=verdict)
        if pages.report:
            pages.report.write_text(page, encoding="utf-8")
        if pages.understood:
            write_understood(imported, pages.understood)
        written = not imported.errors and not dry_run
        if written:
            final.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(staged, final, about=about(imported, below, SystemClock().now()), report=page)
    questions = 0 if dry_run else write_questions(names, imported.questions, answers)
    return _Done(imported, changes, verdict, written, names, questions, dry_run)


def _verdict(imported: Imported, name: str, *, dry_run: bool) -> str:
    if imported.errors:
        return f"未导入：有 {imported.errors} 处错误，所有版本保持原样。"
    return f"可以导入为 {name}（试读，没有写入）。" if dry_run else f"已导入为 {name}。"


def _json(done: _Done, name: str) -> dict[str, object]:
    imported = done.imported
    return {
        "edition": name,
        "below": imported.below.edition,
        "book": imported.book,
        "written": done.written,
        "errors": imported.errors,
        "tables": [
            {
                "table": one.name, "title_zh": one.title_zh, "how": one.how, "new": one.is_new, "rows": len(one.lines),
                "fields": len(one.fields), "gone": list(one.gone),
            }
            for one in imported.tables
        ],
        "sheets": [asdict(one) for one in imported.sheets],
        "value_sets": list(imported.sets),
        "tables_not_in_book": list(imported.not_in_book),
        "remarks": [asdict(one) for one in imported.in_order()],
        "questions": [asdict(one) for one in imported.questions],
        "changes": [asdict(one) for one in done.changes],
    }  # fmt: skip


def _print(done: _Done) -> None:
    from medferry.books.causes import causes_of
    from medferry.books.report import SEVERITY_ZH, overview

    screen, imported = wide_console(), done.imported
    say(screen, done.verdict, style="red" if imported.errors else "green")
    for line in overview(imported, done.changes):
        say(screen, line)
    sheets = [
        (one.sheet, "、".join(one.tables) or "—", str(one.code_lists), str(one.lines))
        for one in imported.sheets
    ]
    print_table(screen, "各工作表", ("工作表", "标准表", "代码表数", "行数"), sheets)
    remarks = imported.in_order()
    if remarks:
        causes = causes_of(remarks)
        shown = causes[:REMARKS_SHOWN_MAX]
        rows = [(SEVERITY_ZH[one.severity], one.where, one.text, one.fix) for one in shown]
        print_table(screen, "没有完全读懂之处", ("级别", "位置", "情况", "办法"), rows)
        if len(causes) > len(shown):
            say(screen, f"另有 {len(causes) - len(shown)} 类，用 --report 文件名 写出全部。")


def _print_next(done: _Done, final: Path) -> None:
    screen = wide_console()
    open_names = len(done.imported.questions)
    if done.dry_run and open_names:
        text = f"有 {open_names} 个名称对不上：不加 --dry-run 再运行一次，会写出名称对照文件 {done.names}"
        say(screen, f"{text} 供人填写，版本仍不写。", style="yellow")
    if done.questions:
        text = f"有 {done.questions} 个名称要人确认：填好 {done.names} 的 name 栏，再运行同一条命令。"
        say(screen, text, style="yellow")
    if done.written:
        say(screen, f"已写入 {final}，报告在 {final / 'import.md'}。")
        say(
            screen,
            f"下一步：medferry catalog diff jiangxi {final.name} --project . 看哪些映射受影响；"
            f'改好后在 medferry.yaml 写 catalog: "{final.name}"',
        )
