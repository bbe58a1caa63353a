"""`python -m examples.real DUMPS`: every real system whose dump is in the folder, one after another."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
import orjson
from rich.console import Console
from sqlalchemy.engine import URL, make_url

from examples.real.ferrying import Outcome, ferry
from examples.real.project import RealProject, ServerKind, real_projects
from examples.real.servers import DEFAULT_URLS, load_dump, why_absent
from examples.real.showing import as_json, show, succeeded
from medferry.cli.main import EXIT_FINDINGS, EXIT_WORLD
from medferry.errors import MedferryError

SHOWN_COLUMNS_MIN = 140


@click.command()
@click.argument("dumps", required=False, default="")
@click.option("--only", help="只跑这一个示例项目，如 openhis。")
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="账本与平台数据留在这个文件夹。"
)
@click.option("--postgresql", default=DEFAULT_URLS["postgresql"], help="本机 PostgreSQL，能建库的账号。")
@click.option("--mariadb", default=DEFAULT_URLS["mariadb"], help="本机 MariaDB，能建库的账号。")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="把结果写进这个 JSON 文件。"
)
def command(
    dumps: str, only: str | None, keep: Path | None, postgresql: str, mariadb: str, json_file: Path | None
) -> None:
    """把真实系统的转储装入本机数据库，摆渡进沙箱平台，逐表说明结果。DUMPS 是存放转储的文件夹。"""
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, SHOWN_COLUMNS_MIN)
    servers: Mapping[ServerKind, URL] = {"postgresql": make_url(postgresql), "mariadb": make_url(mariadb)}
    results: dict[str, object] = {}
    fine = True
    for project in real_projects():
        if only and project.name != only:
            continue
        reason = why_skipped(project, dumps, servers[project.server])
        if reason:
            console.print(f"[yellow]跳过[/] {project.title}：{reason}", highlight=False)
            results[project.name] = {"skipped": reason}
            continue
        outcome = run_one(project, Path(dumps), servers[project.server], keep, console)
        show(console, project, outcome)
        results[project.name] = as_json(project, outcome)
        fine = fine and succeeded(project, outcome)
    if json_file is not None:
        json_file.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    if not fine:
        sys.exit(EXIT_FINDINGS)


def why_skipped(project: RealProject, dumps: str, server: URL) -> str:
    """Chinese; empty when the project can run."""
    if not dumps:
        return "没有给出转储文件夹，用法：make real DUMPS=<文件夹>"
    if not Path(dumps).is_dir():
        return f"文件夹不存在：{dumps}"
    if not (Path(dumps) / project.dump).is_file():
        return f"文件夹里没有 {project.dump}"
    return why_absent(project.server, server)


def run_one(project: RealProject, dumps: Path, server: URL, keep: Path | None, console: Console) -> Outcome:
    """Loads the dump, ferries, and answers with what became of the rows."""
    with console.status(f"装入 {project.dump} …"):
        url = load_dump(project.server, server, project.database, dumps / project.dump)
    environ = {**os.environ, project.url_variable: url}
    with (
        console.status(f"摆渡 {project.title} …"),
        tempfile.TemporaryDirectory(prefix="medferry-real-") as fresh,
    ):
        if keep is None:
            return ferry(project.folder, environ, Path(fresh))
        kept = Path(tempfile.mkdtemp(prefix=f"{project.name}-", dir=_made(keep)))
        return ferry(project.folder, environ, kept)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main() -> None:
    """Errors a user may see come in Chinese, without a traceback."""
    try:
        command()
    except MedferryError as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_WORLD)


if __name__ == "__main__":
    main()
