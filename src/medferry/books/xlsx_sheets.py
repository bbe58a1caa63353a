"""Workbooks: the only place that knows openpyxl."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any  # openpyxl has no types of its own
from zipfile import BadZipFile

from medferry.books.bounds import CELLS_MAX, not_a_book
from medferry.books.sheets import Remark, Row, Sheet, column_letter, number_text, tidy

_AT_A_LOSS = (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError)
"""What openpyxl raises where a damaged part does not say what it expects."""


def read_xlsx(path: Path, data: bytes) -> tuple[list[Sheet], list[Remark]]:
    """Every visible sheet; raises CatalogError for a file that is no workbook."""
    written = _open(path, data, data_only=False)
    has_formulas = any(
        cell.data_type == "f"
        for sheet in written.worksheets
        if sheet.max_row * sheet.max_column <= CELLS_MAX
        for row in sheet.iter_rows()
        for cell in row
    )
    values = _open(path, data, data_only=True) if has_formulas else written
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    for sheet, formulas in zip(values.worksheets, written.worksheets, strict=True):
        if sheet.sheet_state != "visible":
            remarks.append(
                Remark("warning", sheet.title, 0, "", "工作表是隐藏的，没有读", "若需要，在 Excel 里取消隐藏")
            )
        elif sheet.max_row * sheet.max_column > CELLS_MAX:
            text = f"工作表有 {sheet.max_row} 行 {sheet.max_column} 列，超过上限，没有读"
            remarks.append(Remark("error", sheet.title, 0, "", text, "删去末尾的空行空列，另存后再导入"))
        else:
            sheets.append(Sheet(sheet.title, list(_rows(sheet, formulas, remarks))))
    return sheets, remarks


def _open(path: Path, data: bytes, *, data_only: bool) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)
    except (BadZipFile, EOFError, InvalidFileException, SyntaxError, *_AT_A_LOSS) as error:
        raise not_a_book(path, error) from error


def _rows(sheet: Any, formulas: Any, remarks: list[Remark]) -> Iterator[Row]:
    merged = _merged(sheet)
    by_row: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    for (row, column), origin in merged.items():
        by_row.setdefault(row, []).append((column, origin))
    texts_of: dict[tuple[int, int], str] = {}
    origins = set(merged.values())
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell, formulas, sheet.title, remarks) for cell in cells]
        across: set[int] = set()
        down: set[int] = set()
        for column, origin in by_row.get(number, ()):
            if column - 1 < len(texts):
                texts[column - 1] = texts_of.get(origin) or (
                    texts[origin[1] - 1] if origin[0] == number else ""
                )
                if column > origin[1]:
                    across.add(column - 1)
                if number > origin[0]:
                    down.add(column - 1)
        for column, text in enumerate(texts, start=1):
            if (number, column) in origins:
                texts_of[number, column] = text
        struck = frozenset(
            c for c, cell in enumerate(cells) if texts[c] and cell.has_style and cell.font.strike
        )
        yield Row(number, texts, frozenset(across), frozenset(down), struck)


def _merged(sheet: Any) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Covered cell -> the cell that holds its text; rows and columns from 1."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    last_row, last_column = sheet.max_row, sheet.max_column
    for area in sheet.merged_cells.ranges:
        origin = (area.min_row, area.min_col)
        if len(covered) > CELLS_MAX:
            break  # areas upon areas: no sheet of that many cells is let in
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, last_column) + 1):
                if (row, column) != origin:
                    covered[row, column] = origin
    # The first cell of a merged area must be known as an origin even when it covers nothing else.
    return covered


def _text(cell: Any, formulas: Any, sheet: str, remarks: list[Remark]) -> str:
    value = cell.value
    if value is None:
        written = formulas.cell(cell.row, cell.column) if formulas is not cell.parent else None
        if written is not None and written.data_type == "f":
            remarks.append(
                Remark(
                    "error", sheet, cell.row, column_letter(cell.column - 1),
                    "公式没有存下结果，读不到值", "在 Excel 里打开并保存一次，或把公式粘贴为数值",
                )
            )  # fmt: skip
        return ""
    if cell.data_type == "e":
        remarks.append(
            Remark(
                "error",
                sheet,
                cell.row,
                column_letter(cell.column - 1),
                f"单元格是错误值 {value}",
                "改正公式",
            )
        )
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number_text(value, cell.number_format or "")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return tidy(str(value))
