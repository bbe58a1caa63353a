"""Text documents: each table is a sheet, named by its place and what stands above it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from medferry.books.bounds import not_a_book
from medferry.books.sheets import Remark, Row, Sheet, tidy

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_AT_A_LOSS = (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError)
"""What python-docx raises where a damaged part does not say what it expects; lxml's errors are SyntaxErrors."""
_CAPTION = re.compile(
    r"^(续?表|table)\s*[0-9A-Za-z]+|[（(]\s*[A-Za-z][A-Za-z0-9_]+\s*[)）]|^[A-Za-z][A-Za-z0-9_]{2,}\b",
    re.IGNORECASE,
)
TITLES_MAX = 4  # paragraphs kept above a table
TITLE_LENGTH_MAX = 60  # characters; longer paragraphs are prose


def read_docx(path: Path, data: bytes) -> tuple[list[Sheet], list[Remark]]:
    """Every table of the body; raises CatalogError for a file that is no text document."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(data))
        sheets = list(_sheets(document))
    except (BadZipFile, EOFError, PackageNotFoundError, SyntaxError, *_AT_A_LOSS) as error:
        raise not_a_book(path, error) from error
    remarks = [] if sheets else [Remark("error", "", 0, "", "文档里没有表格", "换一份含字段表格的文档")]
    return sheets, remarks


def _sheets(document: Document) -> Iterator[Sheet]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    titles: list[str] = []
    count = 0
    below = _captions_are_below(document)
    held: Sheet | None = None
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            text = tidy(item.text)
            if text and len(text) <= TITLE_LENGTH_MAX:
                titles = [*titles, text][-TITLES_MAX:]
                if below and held is not None and _CAPTION.search(text):
                    yield replace(held, name=_sheet_name(count, text), titles=[text])
                    held, titles = None, []
        elif isinstance(item, Table):
            if held is not None:
                yield held
            count += 1
            held = Sheet(_sheet_name(count, titles[-1] if titles else ""), list(_rows(item)), titles)
            if not below:
                yield held
                held = None
            titles = []
    if held is not None:
        yield held


def _sheet_name(count: int, title: str) -> str:
    shown = re.sub(r"[!\[\]:*?/\\]", " ", title)[:40]
    return f"表格{count}（{shown}）" if shown else f"表格{count}"


def _captions_are_below(document: Document) -> bool:
    """Every table is followed at once by a line like 表1 床位信息（bed）, and nothing of that kind stands above the first."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    kinds = [
        "table" if isinstance(item, Table) else "caption" if _CAPTION.search(tidy(item.text)) else "text"
        for item in document.iter_inner_content()
        if isinstance(item, Table) or (isinstance(item, Paragraph) and tidy(item.text))
    ]
    if "table" not in kinds or "caption" in kinds[: kinds.index("table")]:
        return False
    after = [kinds[n + 1 : n + 2] for n, kind in enumerate(kinds) if kind == "table"]
    return after[-1] == ["caption"] and all(one in (["caption"], ["table"]) for one in after)


def _rows(table: Table) -> Iterator[Row]:
    above: list[object] = []
    for number, row in enumerate(table.rows, start=1):
        # A merged cell comes once per place it covers, each time with the same element.
        places = [None] * row.grid_cols_before + list(row.cells)
        elements: list[object] = [None if cell is None else cell._tc for cell in places]
        texts = ["" if cell is None else tidy(cell.text) for cell in places]
        across = {
            c for c in range(1, len(elements)) if elements[c] is not None and elements[c] is elements[c - 1]
        }
        down = {
            c
            for c in range(min(len(elements), len(above)))
            if elements[c] is not None and elements[c] is above[c]
        }
        yield Row(number, texts, frozenset(across), frozenset(down))
        above = elements
