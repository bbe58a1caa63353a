"""`medferry catalog export`: an edition as a workbook or a page."""

from __future__ import annotations

from pathlib import Path

import click

from medferry.cli.given_names import given_names


@click.command(name="export")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--edition", default="jiangxi", show_default=True, metavar="版本", help="标准版本")
@click.option("--project", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录")
@click.option("--table", "tables", multiple=True, metavar="表名", help="只导出这张表，可重复")
def export(file: Path, edition: str, project: Path, tables: tuple[str, ...]) -> None:
    """把一个版本导出为工作簿（.xlsx，可改后再导入）或网页（.html）。"""
    from medferry.catalog.editions.folders import load_edition

    with given_names():
        catalog = load_edition(edition, project)
        for name in tables:
            catalog.table(name)  # an unknown name is answered with the nearest
    if not file.parent.is_dir():  # before the work, not after it
        raise click.UsageError(f"没有文件夹 {file.parent}，请先建好，或换一个位置")
    if file.suffix.lower() == ".xlsx":
        from medferry.books.workbook import write_workbook

        write_workbook(catalog, file, tables)
    elif file.suffix.lower() in (".html", ".htm"):
        from medferry.books.page import write_page

        write_page(catalog, file, tables)
    else:
        raise click.UsageError("文件名以 .xlsx 或 .html 结尾")
    click.echo(f"已把 {catalog.edition} 的 {len(tables or catalog.table_names)} 张表写入 {file}。")
