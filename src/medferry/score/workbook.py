"""The gap report as a workbook: a page to begin with, a sheet per department, one for the information department."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from medferry.score.gaps import DepartmentGaps, Example, Gap, department_title
from medferry.score.survey import EXAMPLES_MAX
from medferry.workbooks.style import (
    BODY_FONT,
    HEAD_FONT,
    LINK_FONT,
    Column,
    Line,
    height_of,
    print_setup,
    write_grid,
    write_title,
)
from medferry.workbooks.whole_file import save

FIRST, FOR_IT, ALL = "总表", "信息科", "全部号码"
DEPARTMENT_COLUMNS = (
    Column("序", 5, "center"), Column("哪张表", 17), Column("补哪一项", 21), Column("缺什么、改什么", 31),
    Column("几条", 6, "center"), Column("其中\n未上报", 8, "center", alerts=True), Column("在哪里补", 26),
    Column("哪几条（例）", 30), Column("处理", 8), Column("字段名", 17, quiet=True),
)  # fmt: skip
FOR_IT_COLUMNS = (
    Column("序", 5, "center"), Column("哪张表", 20), Column("字段", 22), Column("缺什么、改什么", 30),
    Column("几条", 6, "center"), Column("其中\n未上报", 8, "center", alerts=True), Column("来源列与代码表", 27),
    Column("在哪些科室", 18), Column("哪几条（例）", 28), Column("处理", 8),
)  # fmt: skip
ALL_COLUMNS = (
    Column("科室", 26), Column("哪张表", 20), Column("补哪一项", 24), Column("缺什么、改什么", 40), Column("号码", 26),
    Column("所属就诊或患者", 26),
)  # fmt: skip
ALL_LINES_MAX = 100_000  # of the sheet with all numbers
FIRST_COLUMNS = (
    Column("科室", 34), Column("待补几项", 12, "center"), Column("涉及几条", 12, "center"),
    Column("其中未上报", 14, "center", alerts=True), Column("另有信息科\n处理的项", 14, "center"),
    Column("看哪张工作表", 36),
)  # fmt: skip
HOW_TO = (
    "怎么办：按“哪几条”里的号码，在“在哪里补”所写的系统、界面里找到这条记录，补上或改正后保存。下一次抽取会自动重新校验、补报，不必告诉信息科。",
    "“几条”是有这个问题的记录数；“其中未上报”是因此（或同时因别的问题）没有送到省平台的；其余已经上报，但平台会扣分。",
    "“信息科”一页是代码对照、映射和格式的问题，科室不必处理。",
    f"每项只写几个例子；要全部号码，请信息科用 medferry gaps --all --out 文件 写出带“{ALL}”一页的工作簿。",
    "本报告只写号码，不写患者的内容；凭号码可以查到患者，请按院内规定保管。",
)
HELD_COLOUR = "E07B00"  # of a sheet's tab: something there is not sent
SHEET_NAME_MAX = 31  # of the xlsx format
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class _Listed:
    """One department: its title, its sheet ("" for none), what is its own to mend and what is not."""

    title: str
    sheet: str
    theirs: Sequence[Gap]
    ours: Sequence[Gap]


def write_workbook(
    path: Path,
    departments: Sequence[DepartmentGaps],
    *,
    project: str,
    campuses: Mapping[str, str],
    at: datetime,
    with_all: bool = False,
) -> None:
    """Writes the file; raises OSError where that is not possible.

    with_all  a sheet more, with every number that the gaps carry
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = FIRST
    names, listed = _Names(), []
    for one in departments:
        title = _text(department_title(one, campuses, alone=len(campuses) == 1))
        theirs = [gap for gap in one.gaps if not gap.for_it]
        listed.append(
            _Listed(
                title, names.free(title) if theirs else "", theirs, [gap for gap in one.gaps if gap.for_it]
            )
        )
    stamp = f"{_text(project)} 数据缺口 {at:%Y-%m-%d %H:%M}"
    _fill_first(first, listed, stamp)
    for mine in listed:
        if mine.theirs:
            _fill_department(book.create_sheet(mine.sheet), mine, stamp)
    if any(mine.ours for mine in listed):
        _fill_it(book.create_sheet(FOR_IT), listed, stamp)
    if with_all:
        _fill_all(book.create_sheet(ALL), listed, stamp)
    save(book, path)


class _Names:
    """Sheet names as the format allows them, each once."""

    def __init__(self) -> None:
        self._taken = {FIRST.casefold(), FOR_IT.casefold(), ALL.casefold()}

    def free(self, wanted: str) -> str:
        plain = _FORBIDDEN.sub(" ", wanted).strip()[:SHEET_NAME_MAX] or "未分科室"
        name, number = plain, 2
        while name.casefold() in self._taken:
            name = f"{plain[: SHEET_NAME_MAX - 3]} {number}"
            number += 1
        self._taken.add(name.casefold())
        return name


def _text(value: str) -> str:
    """The format takes no control characters."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", value)


def _fill_department(sheet: Worksheet, one: _Listed, stamp: str) -> None:
    rows, held = _sums(one.theirs)
    unsent = f"，其中 {held} 条还没有上报" if held else ""
    write_title(
        sheet, f"{one.title}：待补 {len(one.theirs)} 项，涉及 {rows} 条{unsent}", len(DEPARTMENT_COLUMNS)
    )
    lines: list[Line] = [
        [
            number, gap.title_zh, gap.name_zh or "（整条记录）", _text(gap.missing), gap.rows, gap.held,
            _text(f"{gap.system}\n{gap.screen}".strip() or gap.source), _text(_examples(gap)), "", gap.field,
        ]
        for number, gap in enumerate(one.theirs, 1)
    ]  # fmt: skip
    head = write_grid(sheet, DEPARTMENT_COLUMNS, lines)
    if held:
        sheet.sheet_properties.tabColor = HELD_COLOUR
    print_setup(sheet, head_row=head, footer=f"{stamp}　{one.title}")


def _fill_it(sheet: Worksheet, listed: Sequence[_Listed], stamp: str) -> None:
    """What one mapping or code table mends is one line, whatever departments it is found in."""
    same: dict[tuple[str, ...], list[tuple[str, Gap]]] = {}
    for one in listed:
        for gap in one.ours:
            place = (gap.campus, gap.table, gap.field, gap.missing, gap.source)
            same.setdefault(place, []).append((one.title, gap))
    merged = [_merged(found) for found in same.values()]
    merged.sort(key=lambda one: (-one[1].rows, one[1].source, one[1].table))
    rows, _ = _sums([gap for _, gap in merged])
    write_title(
        sheet,
        f"信息科：代码对照、映射、格式 {len(merged)} 项，涉及 {rows} 条；代码先用 medferry codes unmapped 查看",
        len(FOR_IT_COLUMNS),
    )
    lines: list[Line] = [
        [
            number, f"{gap.title_zh}\n{gap.table}", f"{gap.name_zh}\n{gap.field}".strip(), _text(gap.missing),
            gap.rows, gap.held, _text(gap.source), titles, _text(_examples(gap)), "",
        ]
        for number, (titles, gap) in enumerate(merged, 1)
    ]  # fmt: skip
    head = write_grid(sheet, FOR_IT_COLUMNS, lines)
    print_setup(sheet, head_row=head, footer=f"{stamp}　{FOR_IT}")


def _fill_all(sheet: Worksheet, listed: Sequence[_Listed], stamp: str) -> None:
    """A record a line, to be filtered by department or table."""
    lines: list[Line] = [
        [one.title, gap.title_zh, gap.name_zh or "（整条记录）", _text(gap.missing), _text(each.local_key), _text(each.of)]
        for one in listed
        for gap in (*one.theirs, *one.ours)
        for each in gap.examples
    ]  # fmt: skip
    unlisted = max(0, len(lines) - ALL_LINES_MAX)
    more = f"，另有 {unlisted} 条没有列出，用 medferry gaps --all --json 看全部" if unlisted else ""
    write_title(sheet, f"全部号码：{min(len(lines), ALL_LINES_MAX)} 条{more}", len(ALL_COLUMNS))
    head = write_grid(sheet, ALL_COLUMNS, lines[:ALL_LINES_MAX])
    print_setup(sheet, head_row=head, footer=f"{stamp}　{ALL}")


def _merged(found: Sequence[tuple[str, Gap]]) -> tuple[str, Gap]:
    """Titles of the departments, and the gap over all of them."""
    rows, held = _sums([gap for _, gap in found])
    examples = sorted({one for _, gap in found for one in gap.examples})[:EXAMPLES_MAX]
    return "、".join(title for title, _ in found), replace(
        found[0][1], rows=rows, held=held, examples=tuple(examples)
    )


def _fill_first(sheet: Worksheet, listed: Sequence[_Listed], stamp: str) -> None:
    write_title(sheet, stamp, len(FIRST_COLUMNS))
    counts = [(len(one.theirs), *_sums(one.theirs), len(one.ours)) for one in listed]
    lines: list[Line] = [[one.title, *count, one.sheet] for one, count in zip(listed, counts, strict=True)]
    lines.append(
        ["合计", *(sum(column) for column in zip(*counts, strict=True)), ""] if counts else ["没有缺口"]
    )
    head = write_grid(sheet, FIRST_COLUMNS, lines)
    for number, one in enumerate(listed, head + 1):
        if one.sheet:
            cell = sheet.cell(row=number, column=len(FIRST_COLUMNS))
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{one.sheet}'!A1")
            cell.font = LINK_FONT
    for cell in sheet[sheet.max_row]:
        cell.font = HEAD_FONT
    sheet.auto_filter.ref = None  # it would take the sum for a department
    whole = Column("", sum(one.width for one in FIRST_COLUMNS))
    for row, text in enumerate(HOW_TO, sheet.max_row + 2):
        cell = sheet.cell(row=row, column=1, value=text)
        cell.font, cell.alignment = BODY_FONT, Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(FIRST_COLUMNS))
        sheet.row_dimensions[row].height = height_of([text], [whole])
    print_setup(sheet, head_row=head, footer=stamp)


def _sums(gaps: Sequence[Gap]) -> tuple[int, int]:
    return sum(gap.rows for gap in gaps), sum(gap.held for gap in gaps)


def _examples(gap: Gap) -> str:
    """What the numbers are called, then one record a line: its own number, and the visit or patient it belongs to."""
    if not gap.examples:
        return ""
    owned = gap.of_zh and any(one.of for one in gap.examples)
    head = f"{gap.key_zh}　{gap.of_zh}" if owned else gap.key_zh
    few = gap.examples[:EXAMPLES_MAX]
    more = [f"……等 {gap.rows} 条"] if gap.rows > len(few) else []
    return "\n".join((f"【{head}】", *(_example(one) for one in few), *more))


def _example(one: Example) -> str:
    return f"{one.local_key}　{one.of}" if one.of else one.local_key
