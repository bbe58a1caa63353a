"""An edition as a workbook that a person edits and `import` reads back without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from medferry.books.codes import rows_of
from medferry.books.comparison import REQUIRED_ZH
from medferry.books.writer import field_row
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.catalog.value_set import LoadedValueSet
from medferry.errors import CatalogError

LIST_SHEET, SETS_SHEET, CODES_SHEET = "表清单", "值域清单", "代码"
SHEET_NAME_MAX = 31  # of the xlsx format
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def write_workbook(catalog: LoadedCatalog, path: Path, tables: Sequence[str] = ()) -> None:
    """One sheet per table, the list of tables, the value sets they use and all their codes.

    tables  names; empty: all
    raises  CatalogError when the file cannot be written
    """
    import openpyxl

    from medferry.workbooks import style
    from medferry.workbooks.whole_file import save

    column = style.Column
    listed = (
        column("序号", 6, "center"), column("类别", 18), column("数据集编码", 12), column("数据集名称", 20),
        column("中文表名", 24), column("表名", 38), column("时限组", 10, "center"), column("层级", 6, "center"),
        column("说明", 34),
    )  # fmt: skip
    fields = (
        column("序号", 6, "center"), column("字段名", 27), column("中文名", 22), column("数据类型", 10, "center"),
        column("表示格式", 10, "center"), column("约束", 9, "center"), column("键", 20), column("值域", 17),
        column("数据元标识符", 15), column("说明", 36), column("来源", 20, quiet=True), column("可信度", 7, "center"),
    )  # fmt: skip
    with_wire = any(table.wire_names for table in map(catalog.table, tables or catalog.table_names))
    of_fields: Sequence[style.Column] = (*fields, column("平台字段名", 20)) if with_wire else fields
    value_sets = (
        column("值域编号", 22), column("值域名称", 34), column("依据标准", 30), column("代码数", 9, "right"),
        column("是否齐全", 10, "center"), column("来源", 50, quiet=True),
    )  # fmt: skip
    codes = (
        column("值域编号", 22), column("代码", 16), column("代码名称", 44), column("备注", 30), column("医保代码", 18),
        column("医保名称", 40),
    )  # fmt: skip
    chosen = sorted((catalog.table(name) for name in tables or catalog.table_names), key=lambda one: one.no)
    stamp = f"标准 {catalog.edition}　可信度 A：公开文件或正式字段册；B、C：依据待确认"
    book = openpyxl.Workbook(write_only=True)
    taken = {LIST_SHEET, SETS_SHEET, CODES_SHEET}
    sheets = {table.name: _sheet_name(table, taken) for table in chosen}
    rows = map(_list_row, chosen)
    style.write_lines(book.create_sheet(LIST_SHEET), listed, rows, footer=stamp, links=sheets)
    for table in chosen:
        rows_of_table = (field_row(one, with_wire=with_wire) for one in table.fields)
        lines = ((*row[:5], REQUIRED_ZH[row[5]], *row[6:]) for row in rows_of_table)
        title = f"{table.title_zh}（{table.wire}）"
        style.write_lines(
            book.create_sheet(sheets[table.name]), of_fields, lines, title=title, footer=f"{stamp}　{title}"
        )
    set_ids = _sets_used(catalog, chosen) if tables else catalog.value_set_ids
    index = map(_set_row, map(catalog.value_set, set_ids))
    style.write_lines(book.create_sheet(SETS_SHEET), value_sets, index, footer=stamp)
    style.write_lines(
        book.create_sheet(CODES_SHEET), codes, _code_rows(catalog, set_ids), footer=stamp, quick=True
    )
    try:
        save(book, path)
    except OSError as error:
        raise CatalogError(
            "导出标准", file=path, reason=error.strerror, fix="检查目录是否存在、文件是否正打开着"
        ) from error


def _list_row(table: Table) -> tuple[str, ...]:
    return (
        str(table.no), table.category_zh, table.dataset_code or "", table.dataset_zh, table.title_zh, table.wire,
        table.group, str(table.tier), table.note_zh,
    )  # fmt: skip


def _set_row(one: LoadedValueSet) -> tuple[str, ...]:
    return one.id, one.title_zh, one.standard, str(one.entries), "是" if one.complete else "否", one.source


def _sheet_name(table: Table, taken: set[str]) -> str:
    """Number and Chinese name as Excel allows them; both names stand in the sheet's first line."""
    plain = _FORBIDDEN.sub(" ", f"{table.no:02d} {table.title_zh}")
    short, number = plain[:SHEET_NAME_MAX].strip(), 2
    while short.casefold() in taken:
        short = f"{plain[: SHEET_NAME_MAX - 3]}~{number}"
        number += 1
    taken.add(short.casefold())
    return short


def _sets_used(catalog: LoadedCatalog, tables: Iterable[Table]) -> tuple[str, ...]:
    used = {field.value_set for table in tables for field in table.fields}
    return tuple(set_id for set_id in catalog.value_set_ids if set_id in used)


def _code_rows(catalog: LoadedCatalog, set_ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for set_id in set_ids:
        for row in rows_of(catalog.value_set(set_id)):
            if len(row) == 4:
                code, insurance_code, insurance_name, note = row
                yield set_id, code, insurance_name, note, insurance_code, insurance_name
            else:
                yield set_id, row[0], row[1], row[2], "", ""
