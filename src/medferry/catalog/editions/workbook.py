"""An edition as a workbook that a person edits and `import` reads back without loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any  # openpyxl has no types of its own

from medferry.catalog.editions.codes import rows_of
from medferry.catalog.editions.writing import field_row
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.errors import CatalogError

LIST_SHEET, SETS_SHEET, CODES_SHEET = "表清单", "值域清单", "代码"
LIST_HEADER = (
    "序号", "类别", "数据集编码", "数据集名称", "中文表名", "表名", "时限组", "层级", "说明",
)  # fmt: skip
FIELD_HEADER = (
    "序号", "字段名", "中文名", "数据类型", "表示格式", "约束", "键", "值域", "数据元标识符", "说明", "来源", "可信度",
)  # fmt: skip
SETS_HEADER = ("值域编号", "值域名称", "依据标准", "代码数", "是否齐全", "来源")
CODES_HEADER = ("值域编号", "代码", "代码名称", "备注", "医保代码", "医保名称")
_WIDTHS = {"中文名": 24, "字段名": 28, "说明": 48, "来源": 28, "代码名称": 36, "值域名称": 30, "依据标准": 28, "中文表名": 24,
           "表名": 30, "值域": 18, "数据元标识符": 18}  # fmt: skip
SHEET_NAME_MAX = 31


def write_workbook(catalog: LoadedCatalog, path: Path, tables: Sequence[str] = ()) -> None:
    """One sheet per table, the list of tables, the value sets they use and all their codes.

    tables  names; empty: all
    raises  CatalogError when the file cannot be written
    """
    import openpyxl

    chosen = [catalog.table(name) for name in tables or catalog.table_names]
    book = openpyxl.Workbook(write_only=True)
    _sheet(book, LIST_SHEET, LIST_HEADER, map(_list_row, chosen))
    taken: set[str] = {LIST_SHEET, SETS_SHEET, CODES_SHEET}
    for table in chosen:
        title = _sheet_name(table.name, taken)
        head = (f"{table.title_zh}（{table.name}）",)
        _sheet(book, title, FIELD_HEADER, map(field_row, table.fields), head)
    set_ids = _sets_used(catalog, chosen) if tables else catalog.value_set_ids
    sets = [catalog.value_set(set_id) for set_id in set_ids]
    index = (
        (s.id, s.title_zh, s.standard, str(s.entries), "是" if s.complete else "否", s.source) for s in sets
    )
    _sheet(book, SETS_SHEET, SETS_HEADER, index)
    _sheet(book, CODES_SHEET, CODES_HEADER, _code_rows(catalog, set_ids))
    try:
        book.save(path)
    except OSError as error:
        raise CatalogError(
            "导出标准", file=path, reason=error.strerror, fix="检查目录是否存在、文件是否正打开着"
        ) from error


def _list_row(table: Table) -> tuple[str, ...]:
    return (
        str(table.no), table.category_zh, table.dataset_code or "", table.dataset_zh, table.title_zh, table.name,
        table.group, str(table.tier), table.note_zh,
    )  # fmt: skip


def _sheet_name(name: str, taken: set[str]) -> str:
    """Excel allows 31 characters; the full name stands in the sheet's first line."""
    short = name[:SHEET_NAME_MAX]
    number = 2
    while short in taken:
        short = f"{name[: SHEET_NAME_MAX - 2]}~{number}"
        number += 1
    taken.add(short)
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


def _sheet(
    book: Any, title: str, header: Sequence[str], rows: Iterable[Sequence[str]], head: Sequence[str] = ()
) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for column, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 12)
    sheet.freeze_panes = f"A{3 if head else 2}"
    bold = Font(bold=True)
    for line in (head, header):
        if line:
            cells = []
            for text in line:
                cell = WriteOnlyCell(sheet, value=text)
                cell.font = bold
                cells.append(cell)
            sheet.append(cells)
    for row in rows:
        sheet.append([_text(sheet, text) for text in row])


def _text(sheet: Any, text: str) -> Any:
    """Always text: 01 stays 01, and nothing that begins with = becomes a formula."""
    if not text:
        return None
    if not text.startswith("="):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
