"""A book as sheets of text with merged cells spread out, whatever program wrote it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from medferry.errors import CatalogError

CELLS_MAX = 20_000_000  # of one sheet: more is a sheet formatted down to its last line
READ_ZH = ".xlsx、.docx"

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not, or not fully, understood, and where.

    severity  error: nothing is written; warning: written, a person should look; note: how it was taken
    sheet     as the book calls it; "" for the book as a whole
    row       as the book's program numbers it, from 1; 0 for the whole sheet
    column    letter of the column (A, B …), or ""
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    text: str
    fix: str = ""

    @property
    def place(self) -> str:
        """工作表!B12, 工作表!第 12 行, 工作表"""
        if not self.sheet:
            return "全书"
        if not self.row:
            return self.sheet
        return f"{self.sheet}!{self.column}{self.row}" if self.column else f"{self.sheet}!第 {self.row} 行"


@dataclass(slots=True)
class Row:
    """One line of a sheet.

    number  from 1
    texts   every cell, merged cells filled, trimmed
    across  columns that only repeat the cell to their left (merged)
    down    columns that only repeat the cell above (merged)
    struck  columns whose text is struck through
    """

    number: int
    texts: list[str]
    across: frozenset[int] = frozenset()
    down: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()

    def text(self, column: int | None) -> str:
        return self.texts[column] if column is not None and column < len(self.texts) else ""

    @property
    def own(self) -> list[tuple[int, str]]:
        """Cells with text of their own: (column, text)."""
        return [(c, t) for c, t in enumerate(self.texts) if t and c not in self.across]

    @property
    def is_blank(self) -> bool:
        return not any(self.texts)


@dataclass(slots=True)
class Sheet:
    """titles: what stands above the sheet outside it (paragraphs before a table of a text document)."""

    name: str
    rows: list[Row]
    titles: Sequence[str] = ()


@dataclass(slots=True)
class Book:
    """remarks: what could not be read as cells at all."""

    name: str
    sha256: str
    sheets: list[Sheet]
    remarks: list[Remark] = field(default_factory=list)


def read_book(path: Path) -> Book:
    """The book's sheets; raises CatalogError when it cannot be opened at all."""
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".xlsm", ".docx"):
        advice = {
            ".xls": "用 Excel 或 WPS 打开，另存为 .xlsx",
            ".et": "用 WPS 打开，另存为 .xlsx",
            ".doc": "用 Word 或 WPS 打开，另存为 .docx",
            ".wps": "用 WPS 打开，另存为 .docx",
            ".csv": "用 Excel 打开，另存为 .xlsx",
            ".pdf": "向发布单位索取 Excel 或 Word 原件；转换得到的文件须逐页核对",
        }
        raise CatalogError(
            "读取字段册", file=path, expected=READ_ZH, fix=advice.get(kind, "另存为 .xlsx 或 .docx")
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CatalogError("读取字段册", file=path, reason=error.strerror, fix="检查路径与权限") from error
    if kind == ".docx":
        from medferry.books.docx_sheets import read_docx

        sheets, remarks = read_docx(path, data)
    else:
        from medferry.books.xlsx_sheets import read_xlsx

        sheets, remarks = read_xlsx(path, data)
    return Book(path.name, hashlib.sha256(data).hexdigest(), sheets, remarks)


def not_a_book(path: Path, error: Exception) -> CatalogError:
    """The file's content is not what its name says."""
    return CatalogError(
        "读取字段册",
        file=path,
        reason=type(error).__name__,
        expected=f"未加密、未损坏的 {path.suffix} 文件",
        fix="用 Office 或 WPS 打开，去掉打开口令，另存一份再导入",
    )


def column_letter(column: int | None) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    number = -1 if column is None else column
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters


def tidy(text: str) -> str:
    """Trimmed, line feeds within a cell as blanks, invisible characters gone; full-width forms stay as written."""
    text = re.sub("[\u200b\u200e\u200f\ufeff]", "", text.replace("\xa0", " ").replace("\u3000", " "))
    return re.sub(r"[ \t\r\n\v\f]+", " ", text).strip()
