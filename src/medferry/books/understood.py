"""How a book was understood, field by field with its place, as a workbook that a person lays beside the book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from medferry.books.book_import import Imported
from medferry.books.causes import causes_of
from medferry.books.comparison import REQUIRED_ZH
from medferry.books.headers import Role
from medferry.books.report import SEVERITY_ZH
from medferry.catalog.model import NOT_SENT
from medferry.errors import CatalogError

FIELDS, TABLES, REMARKS = "逐字段", "逐表", "没有完全读懂之处"


def write_understood(imported: Imported, path: Path) -> None:
    """Three sheets: every field as read, every table, every remark by cause.

    raises  CatalogError when the file cannot be written
    """
    import openpyxl

    from medferry.workbooks import style
    from medferry.workbooks.whole_file import save

    column = style.Column
    fields = (
        column("书中位置", 26), column("书中写法", 24), column("表", 24), column("字段", 24), column("平台字段名", 18),
        column("中文名", 24), column("类型", 10), column("格式", 10), column("约束", 9), column("键", 20),
        column("值域", 18), column("说明", 36),
    )  # fmt: skip
    tables = (
        column("表", 28), column("平台表名", 18), column("中文名", 28), column("怎样对上", 14),
        column("书中行数", 9, "right"),
        column("收下字段", 9, "right"), column("原有而书中没有", 50),
    )  # fmt: skip
    remarks = (
        column("级别", 8), column("处数", 7, "right"), column("情况", 60), column("办法", 60), column("位置", 60),
    )  # fmt: skip
    book = openpyxl.Workbook(write_only=True)
    footer = f"字段册 {imported.book}"
    style.write_lines(book.create_sheet(FIELDS), fields, _fields(imported), footer=footer)
    style.write_lines(book.create_sheet(TABLES), tables, _tables(imported), footer=footer)
    lines = (
        (
            SEVERITY_ZH[one.severity],
            str(len(one.places)),
            one.text,
            one.fix,
            "、".join(filter(None, one.places)),
        )
        for one in causes_of(imported.in_order())
    )
    style.write_lines(book.create_sheet(REMARKS), remarks, lines, footer=footer)
    try:
        save(book, path)
    except OSError as error:
        raise CatalogError(
            "写读成了什么", file=path, reason=error.strerror, fix="检查目录是否存在、文件是否正打开着"
        ) from error


def _fields(imported: Imported) -> Iterator[tuple[str, ...]]:
    for table in imported.tables:
        for one in table.fields:
            added = one.wire_name == NOT_SENT
            written = "（书中没有）" if added else one.line[Role.NAME] or one.line[Role.NAME_ZH]
            yield (
                "" if added else f"{one.line.sheet}!{one.line.row}", written, table.name, one.name,
                "不送" if added else one.wire_name or one.name, one.name_zh, one.type, one.format,
                REQUIRED_ZH[one.required], one.key, one.value_set, one.description_zh,
            )  # fmt: skip


def _tables(imported: Imported) -> Iterator[tuple[str, ...]]:
    for table in imported.tables:
        yield (
            table.name, table.wire_name or table.name, table.title_zh, table.how, str(len(table.lines)),
            str(len(table.fields)), "、".join(table.gone),
        )  # fmt: skip
