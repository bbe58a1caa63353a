"""The coverage as a workbook: a line per table, a line per field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from medferry.score.coverage import FieldCoverage, TableCoverage, mapped_zh
from medferry.workbooks.style import Column, Line, print_setup, write_grid, write_title
from medferry.workbooks.whole_file import save

TABLES, FIELDS = "总表", "字段"
REQUIRED_ZH = {"R": "必填", "C": "条件必填", "O": "可选"}
TABLE_COLUMNS = (
    Column("序", 5, "center"), Column("数据表", 24), Column("表名", 34, quiet=True), Column("接入院区", 20),
    Column("字段", 7, "center"), Column("已映射", 8, "center"), Column("必填\n已映射", 9, "center"),
    Column("记录", 10, "right"), Column("必填\n填充率", 9, "right", percent=True),
    Column("条件必填\n填充率", 10, "right", percent=True), Column("可选\n填充率", 9, "right", percent=True),
    Column("映射了\n而全空", 9, "center", alerts=True), Column("最近一次", 12, "center"),
)  # fmt: skip
FIELD_COLUMNS = (
    Column("序", 5, "center"), Column("数据表", 22), Column("字段", 28), Column("中文名", 30), Column("要求", 9, "center"),
    Column("豁免", 6, "center"), Column("映射", 16), Column("记录", 9, "right"), Column("有值", 9, "right"),
    Column("填充率", 9, "right", percent=True), Column("必填而\n没有值", 9, "right", alerts=True),
    Column("不同取值", 10, "right"), Column("最近一次", 12, "center"),
)  # fmt: skip


def write_workbook(
    path: Path,
    found: Sequence[TableCoverage],
    *,
    project: str,
    campuses: Mapping[str, str],
    at: datetime,
) -> None:
    """Writes the file; raises OSError where that is not possible."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    stamp = f"{project} 字段覆盖 {at:%Y-%m-%d %H:%M}"
    first.title = TABLES
    _fill(first, stamp, TABLE_COLUMNS, [_table(one, campuses) for one in found])
    fields = [_field(field, one, campuses) for one in found for field in one.fields]
    _fill(book.create_sheet(FIELDS), stamp, FIELD_COLUMNS, fields)
    save(book, path)


def _fill(sheet: Worksheet, stamp: str, columns: Sequence[Column], lines: Sequence[Line]) -> None:
    write_title(sheet, f"{stamp}：{sheet.title}", len(columns))
    head = write_grid(sheet, columns, lines)
    print_setup(sheet, head_row=head, footer=f"{stamp}　{sheet.title}")


def _table(one: TableCoverage, campuses: Mapping[str, str]) -> Line:
    required = [field for field in one.fields if field.field.required == "R"]
    return [
        one.table.no, one.table.title_zh, one.table.name,
        "、".join(campuses.get(campus, campus) for campus in one.campuses) or "未接入", len(one.fields), one.mapped,
        f"{sum(bool(field.mapped_in) for field in required)}/{len(required)}", one.rows,
        *(share(one.rate(kind)) for kind in "RCO"), one.never_filled, _day(one.last),
    ]  # fmt: skip


def _field(one: FieldCoverage, table: TableCoverage, campuses: Mapping[str, str]) -> Line:
    owed = one.field.required == "R" and not one.waived
    return [
        one.field.seq, table.table.title_zh, one.field.name, one.field.name_zh, REQUIRED_ZH[one.field.required],
        "是" if one.waived else "", mapped_zh(one, table, campuses), one.rows, one.filled, share(one.rate),
        one.rows - one.filled if owed else None, f"> {one.distinct}" if one.more else one.distinct, _day(one.last),
    ]  # fmt: skip


def share(rate: float | None) -> float | None:
    """Cut, not rounded: 100 % means all."""
    return None if rate is None else int(rate * 1000) / 1000


def _day(moment: str) -> str:
    return f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}" if moment else ""
