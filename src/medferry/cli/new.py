"""`medferry new FOLDER`: a small project that lints, tests and previews at once, on its own sample database."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click

SKELETON = Path(__file__).parent / "skeleton"
_SAMPLE = "sample_his.sql"
_DATABASE = "run/sample_his.sqlite"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(folder: Path, as_json: bool) -> None:
    """新建一个医院项目目录。

    带一张样例表、代码表、豁免、用例和一个虚构的样例库，马上可以 lint、test、preview。
    """
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} 不是空目录；请换一个目录名。")
    new_project(folder)
    if as_json:
        files = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
        click.echo(json.dumps({"folder": str(folder), "files": files}, ensure_ascii=False))
        return
    click.echo(f"已新建 {folder}。接着可以：")
    for line in ("lint", "test", "preview patient --reveal"):
        click.echo(f"  medferry {line} --project {folder}")


def new_project(folder: Path) -> None:
    """Copies the skeleton and makes its sample database."""
    shutil.copytree(SKELETON, folder, ignore=shutil.ignore_patterns(_SAMPLE), dirs_exist_ok=True)
    (folder / ".gitignore").write_text("# 账本与样例库，含患者数据\nrun/\n", encoding="utf-8")
    database = folder / _DATABASE
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript((SKELETON / _SAMPLE).read_text(encoding="utf-8"))
