"""`medferry catalog diff`: what changes from one edition to the next, and what it breaks in a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.catalog.output import print_table, write_json
from medferry.cli.consoles import say, wide_console
from medferry.cli.given_names import given_names

if TYPE_CHECKING:
    from medferry.books.breaks import Break
    from medferry.books.comparison import Change
    from medferry.catalog.load import LoadedCatalog
    from medferry.cli.catalog.would_hold import WouldHold

EXIT_FINDINGS = 1


@click.command()
@click.argument("before", metavar="旧版本")
@click.argument("after", metavar="新版本")
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="项目目录：也列出受影响的映射；站在项目目录里不必写",
)
@click.option("--json", "as_json", is_flag=True, help="标准输出只写一个 JSON 对象")
@click.pass_context
def diff(ctx: click.Context, before: str, after: str, project: Path | None, as_json: bool) -> None:
    """比较两个版本：表、字段、格式、必填、键、值域的增、减、改。

    在项目目录里（或给出 --project）时列出受影响的映射、代码表、豁免，各带 文件:行:列；并照新版本把账本里每条记录的
    最新一版判断一遍，说出会多扣留几行。有必须改的地方时退出码为 1。
    """
    from medferry.books.comparison import compare
    from medferry.catalog.editions.folders import load_edition

    if project is None and Path("medferry.yaml").is_file():
        project = Path()
    with given_names():
        old, new = load_edition(before, project or Path()), load_edition(after, project or Path())
    changes = compare(old, new)
    breaks: list[Break] = []
    held: list[WouldHold] = []
    if project is not None:
        from medferry.books.breaks import breaks_of

        breaks = breaks_of(project, old, new, changes)
        tables = [name for name in new.table_names if any(one.table == name for one in changes)]
        held = _would_hold(project, new, tables)
    sure = sum(one.is_sure for one in breaks)
    if as_json:
        shown: dict[str, object] = {
            "before": old.edition,
            "after": new.edition,
            "changes": [asdict(one) for one in changes],
        }
        if project is not None:
            shown["breaks"] = [asdict(one) for one in breaks]
            shown["would_hold"] = {one.table: {"judged": one.judged, "held": one.held} for one in held}
        write_json(shown)
    else:
        _print(old.edition, new.edition, changes)
        if project is not None:
            _print_breaks(breaks, sure)
            _print_held(held)
    ctx.exit(EXIT_FINDINGS if sure else 0)


def _would_hold(project: Path, new: LoadedCatalog, tables: Sequence[str]) -> list[WouldHold]:
    """Nothing where the project has no ledger yet, or is not sound: what is wrong with it was told already."""
    from medferry.cli.catalog.would_hold import would_hold
    from medferry.cli.ledger import reading_ledger
    from medferry.errors import MedferryError

    if not tables:
        return []
    try:
        with reading_ledger(project) as (opened, reader):
            return list(would_hold(opened, reader, new, tables))
    except MedferryError:
        return []


def _print_held(held: Sequence[WouldHold]) -> None:
    screen = wide_console()
    if not held:
        say(screen, "账本里没有可照新版本判断的记录。")
        return
    rows = [(one.table, f"{one.judged:,}", f"{one.held:,}", one.told) for one in held]
    print_table(screen, "照现在的映射，新版本会多扣留", ("表", "判断的记录", "会扣留", "因为"), rows)


def _print(old: str, new: str, changes: Sequence[Change]) -> None:
    from medferry.books.comparison import WHAT_ZH
    from medferry.books.report import change_place, change_texts

    screen = wide_console()
    if not changes:
        say(screen, f"{old} 与 {new} 没有差别。")
        return
    rows = [(WHAT_ZH[one.what], change_place(one), *change_texts(one)) for one in changes]
    print_table(screen, f"{old} → {new}", ("变化", "何处", "原来", "现在"), rows)
    counts = Counter(WHAT_ZH[one.what] for one in changes)
    say(screen, "，".join(f"{what} {count}" for what, count in counts.items()) + "。")


def _print_breaks(breaks: Sequence[Break], sure: int) -> None:
    screen = wide_console()
    if not breaks:
        say(screen, "本项目的映射、代码表、豁免都不受影响。", style="green")
        return
    rows = [("必须改" if one.is_sure else "请核对", str(one.place), one.text, one.fix) for one in breaks]
    print_table(screen, "受影响的项目文件", ("级别", "位置", "情况", "办法"), rows)
    say(screen, f"必须改 {sure} 处，请核对 {len(breaks) - sure} 处。")
