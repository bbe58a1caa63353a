"""How the workbooks that we write look: one font, a heading that stays, wrapped cells as high as their text, A4 across."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal  # openpyxl has no types of its own

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

FONT_NAME = "微软雅黑"
A4 = "9"
LINE_HEIGHT = 15.0  # points of one line of body text
HEIGHT_MAX = 400.0  # points; the format ends at 409
_LINE = Side(style="thin", color="BFC8D2")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
TITLE_FONT = Font(name=FONT_NAME, size=14, bold=True, color="1F3864")
HEAD_FONT = Font(name=FONT_NAME, size=10, bold=True)
BODY_FONT = Font(name=FONT_NAME, size=10)
QUIET_FONT = Font(name=FONT_NAME, size=9, color="6B7785")
ALERT_FONT = Font(name=FONT_NAME, size=10, bold=True, color="C55A11")
LINK_FONT = Font(name=FONT_NAME, size=10, color="0563C1", underline="single")


Line = Sequence[str | int | float | None]


@dataclass(frozen=True, slots=True)
class Column:
    """width: in characters of digits, as the format counts; a Chinese character takes two.

    quiet   of little interest to the reader: small and grey
    alerts  a number above 0 is to be seen at once
    percent a number is a share
    """

    name: str
    width: float
    align: Literal["left", "center", "right"] = "left"
    quiet: bool = False
    alerts: bool = False
    percent: bool = False

    @property
    def alignment(self) -> Alignment:
        indent = 0 if self.align == "center" else 1
        return Alignment(horizontal=self.align, vertical="center", wrap_text=True, indent=indent)

    def font(self, value: object) -> Font:
        if self.alerts and isinstance(value, (int, float)) and value > 0:
            return ALERT_FONT
        return QUIET_FONT if self.quiet else BODY_FONT


HEAD_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)


def width_of(text: str) -> int:
    """Columns that a line takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


def lines_of(value: object, column: Column) -> int:
    """Lines that a wrapped cell needs; a little more than the program draws rather than less."""
    room = max(column.width - (1.5 if column.align == "center" else 2.5), 1.0)  # less margin and indent
    return sum(
        max(1, -int(-width_of(line) // room)) for line in str(value if value is not None else "").split("\n")
    )


def height_of(values: Sequence[object], columns: Sequence[Column]) -> float:
    """Programs do not all make rows as high as their wrapped text: it is said in the file."""
    lines = max((lines_of(one, column) for one, column in zip(values, columns, strict=False)), default=1)
    return min(lines * LINE_HEIGHT + 4, HEIGHT_MAX)


def set_widths(sheet: Any, columns: Sequence[Column]) -> None:
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def print_setup(sheet: Any, *, head_row: int, footer: str) -> None:
    """A4 across, as wide as the page, the heading on every page, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.25, footer=0.3)
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"1:{head_row}" if head_row > 1 else "1:1"
    sheet.oddFooter.left.text = footer.replace("&", "&&")
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    for part in (sheet.oddFooter.left, sheet.oddFooter.right):
        part.size, part.font = 8, f"{FONT_NAME},常规"


def write_title(sheet: Any, text: str, columns: int) -> None:
    """The first line, over the whole width."""
    sheet.append([text])
    cell = sheet.cell(row=1, column=1)
    cell.font, cell.alignment = TITLE_FONT, Alignment(vertical="center")
    cell.data_type = "s"
    if columns > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 28


def write_grid(sheet: Any, columns: Sequence[Column], rows: Sequence[Line]) -> int:
    """Heading and lines below what the sheet has; frozen and filtered. Returns the heading's row."""
    head: int = sheet.max_row + 1
    sheet.append([one.name for one in columns])
    for cell in sheet[head]:
        cell.font, cell.fill, cell.alignment, cell.border = HEAD_FONT, HEAD_FILL, HEAD_ALIGNMENT, BORDER
    sheet.row_dimensions[head].height = height_of([one.name for one in columns], columns)
    for number, row in enumerate(rows, head + 1):
        sheet.append(list(row))
        for cell, column in zip(sheet[number], columns, strict=False):
            cell.font, cell.border = column.font(cell.value), BORDER
            cell.alignment = column.alignment
            if isinstance(cell.value, str):
                cell.number_format = "@"  # a key of digits stays a text
                cell.data_type = "s"  # nothing is computed, whatever it begins with
            elif column.percent:
                cell.number_format = "0.0%"
        sheet.row_dimensions[number].height = height_of(row, columns)
    set_widths(sheet, columns)
    sheet.freeze_panes = f"A{head + 1}"
    last = head + max(len(rows), 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{last}"
    return head


def write_lines(
    sheet: Any,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    footer: str = "",
    quick: bool = False,
    links: Mapping[str, str] | None = None,
) -> None:
    """A whole sheet of a workbook that is written line by line; everything is text.

    quick  body cells as they are: for lists of a hundred thousand lines
    links  text of a cell -> sheet that it leads to
    """
    head = 2 if title else 1
    set_widths(sheet, columns)
    sheet.freeze_panes = f"A{head + 1}"
    print_setup(sheet, head_row=head, footer=footer)
    number = 0
    for line in (title,) if title else ():
        number += 1
        sheet.row_dimensions[number].height = 28
        sheet.append([_styled(sheet, line, TITLE_FONT, Alignment(vertical="center"))])
    number += 1
    sheet.row_dimensions[number].height = height_of([one.name for one in columns], columns)
    heads = [_styled(sheet, one.name, HEAD_FONT, HEAD_ALIGNMENT) for one in columns]
    for cell in heads:
        cell.fill, cell.border = HEAD_FILL, BORDER
    sheet.append(heads)
    for row in rows:
        number += 1
        if quick:
            sheet.append([_plain(sheet, text) for text in row])
            continue
        sheet.row_dimensions[number].height = height_of(row, columns)
        cells: list[Any] = []
        for text, column in zip(row, columns, strict=True):
            cell = _styled(sheet, text or None, column.font(text), column.alignment)
            cell.border = BORDER
            if links and text in links:
                cell.font = LINK_FONT
                cell.hyperlink = Hyperlink(
                    ref=f"{get_column_letter(len(cells) + 1)}{number}", location=f"'{links[text]}'!A1"
                )
            cells.append(cell)
        sheet.append(cells)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{max(number, head + 1)}"


def _styled(sheet: Any, text: str | None, font: Font, alignment: Alignment) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.alignment, cell.number_format = font, alignment, "@"
    if text:
        cell.data_type = "s"
    return cell


def _plain(sheet: Any, text: str) -> Any:
    """Always text: 01 stays 01, and nothing that begins with = becomes a formula."""
    if not text.startswith("="):
        return text or None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
