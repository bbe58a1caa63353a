"""`medferry probe`: can everything be reached, and only read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.main import EXIT_FINDINGS

if TYPE_CHECKING:
    from medferry.config import Project
    from medferry.records import ProbeFinding


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--source", "sources", multiple=True, help="只试这个数据源，可重复；不给则全部。")
@click.option("--no-platform", is_flag=True, help="不试平台。")
@click.option("--all", "show_all", is_flag=True, help="正常的也逐条列出。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, sources: tuple[str, ...], no_platform: bool, show_all: bool, as_json: bool) -> None:
    """试连数据源与平台，只看不动。

    数据源：能否连上、账号是否只读、每条路线的查询计划与索引；平台：能否到达、时钟差、令牌与签名。
    """
    from medferry.config import load_project

    project = load_project(folder)
    unknown = sorted(set(sources) - set(project.sources))
    if unknown:
        raise click.UsageError(f"没有数据源 {'、'.join(unknown)}；已有：{'、'.join(project.sources)}")
    found: list[tuple[str, ProbeFinding]] = []
    for place, finding in _probes(project, sources, with_platform=not no_platform):
        found.append((place, finding))
        if not as_json and (show_all or not finding.ok):
            _print(place, finding)
    wrong = sum(not finding.ok for _, finding in found)
    if as_json:
        import orjson

        listed = [
            {"place": place, "subject": one.subject, "ok": one.ok, "text": one.text, "fix": one.fix}
            for place, one in found
        ]
        sys.stdout.buffer.write(
            orjson.dumps(
                {"probed": len(found), "wrong": wrong, "findings": listed}, option=orjson.OPT_INDENT_2
            )
            + b"\n"
        )
    else:
        click.echo(f"共看了 {len(found)} 处，{wrong} 处需要处理" + ("" if wrong else "：都正常"))
    if wrong:
        sys.exit(EXIT_FINDINGS)


def _probes(
    project: Project, wanted: tuple[str, ...], *, with_platform: bool
) -> Iterator[tuple[str, ProbeFinding]]:
    from medferry.clock import SystemClock
    from medferry.crypto.software import SoftwareProvider
    from medferry.ferry.ferry import open_project_destination, open_sources, read_plan

    clock = SystemClock()
    with ExitStack() as stack:
        source_of = open_sources(project, clock, stack)
        for source_id in wanted or tuple(project.sources):
            source = source_of(source_id)
            general = source.probe()
            yield from ((f"数据源 {source_id}", finding) for finding in general)
            if not all(finding.ok for finding in general if finding.subject == general[0].subject):
                continue  # not reached: its routes would only repeat it
            for route in project.routes:
                if route.source == source_id:
                    yield from ((f"路线 {route.id}", finding) for finding in source.probe(read_plan(route)))
        if with_platform:
            destination, _ = open_project_destination(project, clock, SoftwareProvider())
            stack.callback(destination.close)
            yield from (("平台", finding) for finding in destination.probe())


def _print(place: str, finding: ProbeFinding) -> None:
    mark = click.style("正常", fg="green") if finding.ok else click.style("注意", fg="red")
    click.echo(f"{mark} {place}｜{finding.subject}：{finding.text}")
    if finding.fix and not finding.ok:
        click.echo(f"     处理办法：{finding.fix}")
