"""A book as sheets of text with merged cells spread out, whatever program wrote it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from medferry.errors import CatalogError

READ_ZH = ".xlsx、.docx、.xls、.csv"
_ZIP = b"PK\x03\x04"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")

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
    letter  the column that a whole line stands in, where attributes are rows; else ""
    """

    number: int
    texts: list[str]
    across: frozenset[int] = frozenset()
    down: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    letter: str = ""

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
    """The book's sheets; raises CatalogError when it cannot be read at all.

    What the file is, its first bytes say; its name only tells text from nothing.
    """
    from medferry.books.bounds import check_package, read_bytes

    data = read_bytes(path)
    suffix = path.suffix.lower()
    if data.startswith(_ZIP):
        sheets, remarks = _of_package(path, data, check_package(path, data))
    elif data.startswith(_COMPOUND):
        sheets, remarks = _of_compound(path, data)
    elif suffix in (".csv", ".tsv", ".txt"):
        from medferry.books.csv_sheets import read_csv

        sheets, remarks = read_csv(path, data)
    else:
        raise _no_book(path)
    return Book(path.name, hashlib.sha256(data).hexdigest(), sheets, remarks)


def _of_package(path: Path, data: bytes, parts: Container[str]) -> tuple[list[Sheet], list[Remark]]:
    if "word/document.xml" in parts:
        from medferry.books.docx_sheets import read_docx

        return read_docx(path, data)
    if "xl/workbook.xml" in parts:
        from medferry.books.xlsx_sheets import read_xlsx

        return read_xlsx(path, data)
    raise _no_book(path)


def _of_compound(path: Path, data: bytes) -> tuple[list[Sheet], list[Remark]]:
    """Office before 2007, or a newer file that a password has shut; names within the file are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _shut(path)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        from medferry.books.xls_sheets import read_xls

        return read_xls(path, data)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".docx"):
        raise _shut(path)
    raise _no_book(path)


def _shut(path: Path) -> CatalogError:
    return CatalogError(
        "读取字段册",
        file=path,
        reason="文件加了打开口令",
        expected="没有口令的文件",
        fix="用 Office 或 WPS 打开，“文件 → 信息 → 保护工作簿/文档”里去掉打开口令，另存后再导入",
    )


def _no_book(path: Path) -> CatalogError:
    advice = {
        ".et": "用 WPS 打开，另存为 .xlsx",
        ".doc": "用 Word 或 WPS 打开，另存为 .docx",
        ".wps": "用 WPS 打开，另存为 .docx",
        ".xls": "内容不是 Excel 97-2003 工作簿（可能是网页改的后缀）；用 Excel 或 WPS 打开，另存为 .xlsx",
        ".xlsx": "文件损坏或后缀被改过；用 Excel 或 WPS 打开，另存为 .xlsx",
        ".docx": "文件损坏或后缀被改过；用 Word 或 WPS 打开，另存为 .docx",
        ".pdf": "向发布单位索取 Excel 或 Word 原件；转换得到的文件须逐页核对",
    }
    fix = advice.get(path.suffix.lower(), "另存为 .xlsx、.docx 或 .csv")
    return CatalogError("读取字段册", file=path, expected=READ_ZH, fix=fix)


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


def number_text(value: float, shown_as: str) -> str:
    """A number as a person sees it: 01 shown by the format 00 is 01."""
    if float(value).is_integer():
        digits = str(int(value))
        zeros = re.fullmatch("0+", shown_as)
        return digits.zfill(len(shown_as)) if zeros else digits
    return repr(float(value))
