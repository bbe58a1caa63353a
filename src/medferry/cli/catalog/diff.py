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

EXIT_FINDINGS = 1


@click.command()
@click.argument("before", metavar="旧版本")
@click.argument("after", metavar="新版本")
@click.option(
    "--project", type=click.Path(path_type=Path, file_okay=False), help="项目目录：也列出受影响的映射"
)
@click.option("--json", "as_json", is_flag=True, help="标准输出只写一个 JSON 对象")
@click.pass_context
def diff(ctx: click.Context, before: str, after: str, project: Path | None, as_json: bool) -> None:
    """比较两个版本：表、字段、格式、必填、键、值域的增、减、改。

    给出 --project 时列出受影响的映射、代码表、豁免，各带 文件:行:列；有必须改的地方时退出码为 1。
    """
    from medferry.books.comparison import compare
    from medferry.catalog.editions.folders import load_edition

    with given_names():
        old, new = load_edition(before, project or Path()), load_edition(after, project or Path())
    changes = compare(old, new)
    breaks: list[Break] = []
    if project is not None:
        from medferry.books.breaks import breaks_of

        breaks = breaks_of(project, old, new, changes)
    sure = sum(one.is_sure for one in breaks)
    if as_json:
        shown: dict[str, object] = {
            "before": old.edition,
            "after": new.edition,
            "changes": [asdict(one) for one in changes],
        }
        if project is not None:
            shown["breaks"] = [asdict(one) for one in breaks]
        write_json(shown)
    else:
        _print(old.edition, new.edition, changes)
        if project is not None:
            _print_breaks(breaks, sure)
    ctx.exit(EXIT_FINDINGS if sure else 0)


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
