"""Books made from cases: a grid of texts with merged cells becomes a workbook or a text document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
from openpyxl.utils.cell import range_boundaries


def make_book(case: dict[str, Any], folder: Path) -> Path:
    """Writes book.xlsx or book.docx of a case."""
    return _workbook(case["sheets"], folder) if "sheets" in case else _document(case["docx"], folder)


def _workbook(sheets: dict[str, Any], folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, page in sheets.items():
        sheet = book.create_sheet(name)
        for row in page["rows"]:
            sheet.append([None if text == "" else text for text in row])
        for area in page.get("merge", ()):
            sheet.merge_cells(area)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def _document(parts: list[Any], folder: Path) -> Path:
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        rows = part["rows"]
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        merged: set[tuple[int, int]] = set()
        for area in part.get("merge", ()):
            left, top, right, bottom = range_boundaries(area)
            table.cell(top - 1, left - 1).merge(table.cell(bottom - 1, right - 1))
            merged |= {(r, c) for r in range(top - 1, bottom) for c in range(left - 1, right)} - {
                (top - 1, left - 1)
            }
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if (number, column) not in merged:
                    table.cell(number, column).text = str(text)
    path = folder / "book.docx"
    document.save(str(path))
    return path
