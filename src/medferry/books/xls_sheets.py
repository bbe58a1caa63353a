"""Workbooks of Excel 97-2003: the only place that knows xlrd."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # xlrd has no types of its own

from medferry.books.bounds import CELLS_MAX, XLS_BYTES_MAX, not_a_book
from medferry.books.sheets import Remark, Row, Sheet, column_letter, number_text, tidy
from medferry.errors import CatalogError

_AT_A_LOSS = (
    AssertionError, AttributeError, EOFError, IndexError, KeyError, MemoryError, NotImplementedError, OverflowError,
    OSError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""What xlrd raises, beside its own error, where a damaged record does not say what it expects."""


def read_xls(path: Path, data: bytes) -> tuple[list[Sheet], list[Remark]]:
    """Every visible sheet; raises CatalogError for a file that is no workbook."""
    import xlrd

    if len(data) > XLS_BYTES_MAX:
        raise CatalogError(
            "读取字段册",
            file=path,
            bytes=len(data),
            expected=f".xls 不超过 {XLS_BYTES_MAX} 字节",
            fix="另存为 .xlsx 再导入",
        )
    remarks: list[Remark] = []
    sheets: list[Sheet] = []
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
        )
        cells = 0
        for number, name in enumerate(book.sheet_names()):
            sheet = book.sheet_by_index(number)
            cells += sheet.nrows * sheet.ncols
            if sheet.visibility:
                remarks.append(
                    Remark("warning", name, 0, "", "工作表是隐藏的，没有读", "若需要，在 Excel 里取消隐藏")
                )
            elif cells > CELLS_MAX:
                text = f"工作表有 {sheet.nrows} 行 {sheet.ncols} 列，超过上限，没有读"
                remarks.append(Remark("error", name, 0, "", text, "删去末尾的空行空列，另存后再导入"))
            else:
                sheets.append(Sheet(name, list(_rows(book, sheet, remarks))))
            book.unload_sheet(number)
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, *_AT_A_LOSS) as error:
        raise not_a_book(path, error) from error
    return sheets, remarks


def _rows(book: Any, sheet: Any, remarks: list[Remark]) -> Iterator[Row]:
    covered: dict[int, dict[int, tuple[int, int]]] = {}
    for top, bottom, left, right in sheet.merged_cells:
        for row in range(top, min(bottom, sheet.nrows)):
            for column in range(left, min(right, sheet.ncols)):
                if (row, column) != (top, left):
                    covered.setdefault(row, {})[column] = (top, left)
    origins = {origin for row in covered.values() for origin in row.values()}
    texts_of: dict[tuple[int, int], str] = {}
    for row in range(sheet.nrows):
        own = [_text(book, sheet, row, column, remarks) for column in range(sheet.row_len(row))]
        texts = own + [""] * (sheet.ncols - len(own))
        texts_of |= {(row, column): text for column, text in enumerate(texts) if (row, column) in origins}
        for column, origin in covered.get(row, {}).items():
            texts[column] = texts_of.get(origin, "")
        across = {column for column, origin in covered.get(row, {}).items() if column > origin[1]}
        down = {column for column, origin in covered.get(row, {}).items() if row > origin[0]}
        struck = {column for column, text in enumerate(own) if text and _is_struck(book, sheet, row, column)}
        yield Row(row + 1, texts, frozenset(across), frozenset(down), frozenset(struck))


def _is_struck(book: Any, sheet: Any, row: int, column: int) -> bool:
    return bool(book.font_list[book.xf_list[sheet.cell_xf_index(row, column)].font_index].struck_out)


def _text(book: Any, sheet: Any, row: int, column: int, remarks: list[Remark]) -> str:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == xlrd.XL_CELL_ERROR:
        text = f"单元格是错误值 {xlrd.error_text_from_code.get(value, value)}"
        remarks.append(Remark("error", sheet.name, row + 1, column_letter(column), text, "改正公式"))
        return ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "是" if value else "否"
    if kind == xlrd.XL_CELL_DATE:
        return str(xlrd.xldate_as_datetime(value, book.datemode).isoformat())
    if kind == xlrd.XL_CELL_NUMBER:
        shape = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
        return number_text(value, shape)
    return tidy(str(value))
