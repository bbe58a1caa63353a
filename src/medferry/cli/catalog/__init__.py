"""`medferry catalog`: the standard shown, linted, read from books, compared, written as books."""

from __future__ import annotations

import click

from medferry.cli.catalog.book_import import import_book_command
from medferry.cli.catalog.diff import diff
from medferry.cli.catalog.export import export
from medferry.cli.catalog.show import lint, list_tables, show


@click.group()
def group() -> None:
    """省平台标准：标准表、字段、值域；导入正式字段册、比较版本、导出。"""


for _command in (list_tables, show, lint, import_book_command, diff, export):
    group.add_command(_command)
