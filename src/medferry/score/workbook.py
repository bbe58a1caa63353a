"""The gap report as a workbook: a page to begin with, a sheet per department, one for the information department."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from medferry.score.gaps import DepartmentGaps, Gap, department_title

FIRST, FOR_IT = "总表", "信息科"
COLUMNS: Sequence[tuple[str, int]] = (
    ("表", 26), ("字段", 24), ("中文名", 22), ("缺什么", 46), ("多少行", 9), ("其中停着未报", 12),
    ("示例主键（院内）", 42), ("系统", 18), ("界面或来源列", 28), ("处理情况", 14),
)  # fmt: skip
SHEET_NAME_MAX = 31  # of the xlsx format
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_HEAD = PatternFill("solid", fgColor="DDE6F0")
_WRAP = Alignment(wrap_text=True, vertical="top")


def write_workbook(
    path: Path,
    departments: Sequence[DepartmentGaps],
    *,
    project: str,
    campuses: Mapping[str, str],
    at: datetime,
) -> None:
    """Writes the file; raises OSError where that is not possible."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = FIRST
    names = _Names()
    listed = []
    alone = len(campuses) == 1
    for one in departments:
        title = department_title(one, campuses, alone=alone)
        theirs = [gap for gap in one.gaps if not gap.for_it]
        name = names.free(title) if theirs else ""
        if theirs:
            _fill(book.create_sheet(name), title, theirs)
        listed.append((title, name, theirs, [gap for gap in one.gaps if gap.for_it]))
    ours = [(title, gap) for title, _, _, gaps in listed for gap in gaps]
    if ours:
        _fill_it(book.create_sheet(FOR_IT), ours)
    _fill_first(first, listed, project, at, rows_for_it=sum(gap.rows for _, gap in ours))
    book.save(path)


class _Names:
    """Sheet names as the format allows them, each once."""

    def __init__(self) -> None:
        self._taken = {FIRST.casefold(), FOR_IT.casefold()}

    def free(self, wanted: str) -> str:
        plain = _FORBIDDEN.sub(" ", _text(wanted)).strip()[:SHEET_NAME_MAX] or "未分科室"
        name, number = plain, 2
        while name.casefold() in self._taken:
            name = f"{plain[: SHEET_NAME_MAX - 3]} {number}"
            number += 1
        self._taken.add(name.casefold())
        return name


def _text(value: str) -> str:
    """The format takes no control characters."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", value)


def _cells(gap: Gap) -> list[str | int]:
    return [
        f"{gap.title_zh}\n{gap.table}", gap.field, gap.name_zh, _text(gap.missing), gap.rows, gap.held,
        _text("\n".join(gap.local_keys)), _text(gap.system), _text(gap.screen), "",
    ]  # fmt: skip


def _fill(sheet: Worksheet, title: str, gaps: Sequence[Gap]) -> None:
    rows = sum(gap.rows for gap in gaps)
    sheet.append([f"{title}：{len(gaps)} 项待补，共 {rows} 行次"])
    _table(
        sheet, [name for name, _ in COLUMNS], [width for _, width in COLUMNS], [_cells(gap) for gap in gaps]
    )


def _fill_it(sheet: Worksheet, ours: Sequence[tuple[str, Gap]]) -> None:
    sheet.append([f"信息科：映射、代码对照、格式，{len(ours)} 项；代码先用 medferry codes unmapped 查看"])
    head = ["科室", *(name for name, _ in COLUMNS)]
    widths = [20, *(width for _, width in COLUMNS)]
    _table(sheet, head, widths, [[_text(title), *_cells(gap)] for title, gap in ours])


def _fill_first(
    sheet: Worksheet,
    listed: Sequence[tuple[str, str, Sequence[Gap], Sequence[Gap]]],
    project: str,
    at: datetime,
    *,
    rows_for_it: int,
) -> None:
    sheet.append([f"{_text(project)} 数据缺口报告（{at:%Y-%m-%d %H:%M}）"])
    rows: list[list[str | int]] = [
        [
            _text(title),
            len(theirs),
            sum(gap.rows for gap in theirs),
            sum(gap.held for gap in theirs),
            len(ours),
            name,
        ]
        for title, name, theirs, ours in listed
    ]
    _table(
        sheet,
        ["科室", "待补项", "行次", "其中停着未报", "另有信息科处理的项", "见工作表"],
        [28, 10, 10, 14, 20, 28],
        rows,
    )
    for number, row in enumerate(rows, 3):
        name = str(row[-1])
        if name:
            cell = sheet.cell(row=number, column=6)
            cell.hyperlink = f"#'{name}'!A1"
            cell.font = Font(color="0563C1", underline="single")
    for line in (
        "",
        "按主键在所列系统、界面里找到这条记录，补上或改正后保存；下一次抽取会自动重新校验、补报，不必告诉信息科。",
        "“其中停着未报”：因此（或同时因别的缺陷）没有上报的行；其余已上报，但平台会扣分。",
        f"“信息科”一页是映射、代码对照和格式的问题，共 {rows_for_it} 行次，科室不必处理。",
        "本报告只写主键，不写患者的内容；主键可以查到患者，请按院内规定保管。",
    ):
        sheet.append([line])


def _table(
    sheet: Worksheet, head: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str | int]]
) -> None:
    """Below the title line already there: a header that stays, a filter, wrapped cells; fits a page across."""
    sheet["A1"].font = Font(bold=True, size=13)
    sheet.append(list(head))
    for cell in sheet[2]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, _WRAP
    for row in rows:
        sheet.append(list(row))
    for line in sheet.iter_rows(min_row=3, max_row=2 + len(rows)):
        for cell in line:
            cell.alignment = _WRAP
            if isinstance(cell.value, str):
                cell.number_format = "@"  # a key of digits stays a text
                cell.data_type = "s"  # nothing is computed, whatever it begins with
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(head))}{2 + max(len(rows), 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "2:2"
