"""What is kept day by day, and the workbook that departments get."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from told_rows import NOW

from medferry.catalog.score_policy import Dimension
from medferry.errors import OutboxError
from medferry.score.gaps import DepartmentGaps, Example, Gap
from medferry.score.points import LevelScore
from medferry.score.trend import DAYS_KEPT_MAX, FILE, Trend
from medferry.score.workbook import DEPARTMENT_COLUMNS, FOR_IT_COLUMNS, write_workbook
from medferry.workbooks.style import LINE_HEIGHT, Column

DAY = date(2026, 1, 20)


def level(points: float | None, name: str = "", kind: str = "all") -> LevelScore:
    shares = dict.fromkeys(Dimension, 0.5) | {Dimension.COVERAGE: None}
    return LevelScore(kind, name, 3, 10, 9, 1, None, points, shares)


def test_one_row_per_run_day_span_level_and_name(tmp_path: Path) -> None:
    trend = Trend(tmp_path / "ledger.sqlite")
    assert trend.points("all") == []
    trend.keep(DAY - timedelta(days=1), "all", [level(80.0), level(70.0, "visit", "table")])
    trend.keep(DAY, "all", [level(85.0), level(None, "visit", "table")])
    trend.keep(DAY, "all", [level(90.0), level(None, "visit", "table")])
    trend.keep(DAY, "7d", [level(10.0)])
    assert [(one.run_day.day, one.points) for one in trend.points("all")] == [(19, 80.0), (20, 90.0)]
    assert [one.points for one in trend.points("all", "table", "visit")] == [70.0, None]
    assert [one.points for one in trend.points("all", limit=1)] == [90.0]
    assert [one.points for one in trend.points("7d")] == [10.0]
    with sqlite3.connect(tmp_path / FILE) as connection:
        row = connection.execute(
            "SELECT rows, held, expected, coverage, timeliness FROM scores WHERE span = '7d'"
        )
        assert row.fetchall() == [(10, 1, None, None, 0.5)]
    connection.close()


def test_old_days_go(tmp_path: Path) -> None:
    trend = Trend(tmp_path / "ledger.sqlite")
    trend.keep(DAY - timedelta(days=DAYS_KEPT_MAX + 1), "all", [level(1.0)])
    trend.keep(DAY, "all", [level(2.0)])
    assert [one.points for one in trend.points("all")] == [2.0]


def test_a_file_that_is_no_trend_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be looked at" * 20)
    with pytest.raises(OutboxError, match="评分趋势"):
        Trend(tmp_path / "ledger.sqlite").keep(DAY, "all", [level(1.0)])


GAP = Gap(
    "donghu", "D1", "diagnose_record", "诊断记录", "diagnosis_time", "诊断日期时间", "必填而未填", 12, 3,
    "诊断流水号", "就诊流水号", (Example("DH-0001", "0001", "77"), Example("DH-=2", "=2", "78")), "门诊医生站", "诊断",
    "his_donghu 列 zdsj", for_it=False,
)  # fmt: skip
WIDTH_MAX = 190  # what an A4 page across still shows at a readable size


def heads(columns: Sequence[Column]) -> list[str]:
    return [one.name for one in columns]


def test_a_sheet_per_department_and_one_for_codes(tmp_path: Path) -> None:
    departments = [
        DepartmentGaps(
            "donghu", "D1", "内科/一病区", [GAP, replace(GAP, missing="代码不在值域内", for_it=True)]
        ),
        DepartmentGaps("donghu", "D2", "内科:一病区", [GAP]),
        DepartmentGaps("donghu", "D3", "名字很长" * 12, [GAP]),
        DepartmentGaps("donghu", "", "", [replace(GAP, missing="代码不在值域内", for_it=True)]),
    ]
    path = tmp_path / "gaps.xlsx"
    write_workbook(path, departments, project="样例医院", campuses={"donghu": "东湖"}, at=NOW)
    book = load_workbook(path)
    assert book.sheetnames == ["总表", "内科 一病区", "内科 一病区 2", ("名字很长" * 12)[:31], "信息科"]
    first = list(book["总表"].iter_rows(min_row=3, max_row=7, values_only=True))
    assert [row[:5] for row in first] == [
        ("内科/一病区", 1, 12, 3, 1), ("内科:一病区", 1, 12, 3, 0), ("名字很长" * 12, 1, 12, 3, 0), ("未分科室", 0, 0, 0, 1),
        ("合计", 3, 36, 9, 2),
    ]  # fmt: skip
    assert book["总表"]["F3"].hyperlink.location == "'内科 一病区'!A1"
    sheet = book["内科 一病区"]
    assert [cell.value for cell in sheet[2]] == heads(DEPARTMENT_COLUMNS)
    row = dict(zip(heads(DEPARTMENT_COLUMNS), [cell.value for cell in sheet[3]], strict=True))
    assert row["哪几条（例）"] == "【诊断流水号　就诊流水号】\n0001　77\n=2　78\n……等 12 条"
    assert (row["缺什么、改什么"], row["几条"], row["在哪里补"]) == ("必填而未填", 12, "门诊医生站\n诊断")
    ours = list(book["信息科"].iter_rows(min_row=3, values_only=True))
    assert len(ours) == 1, "one code table, one line"
    assert ours[0][heads(FOR_IT_COLUMNS).index("在哪些科室")] == "内科/一病区、未分科室"
    assert ours[0][heads(FOR_IT_COLUMNS).index("几条")] == 24
    assert ours[0][heads(FOR_IT_COLUMNS).index("来源列与代码表")] == "his_donghu 列 zdsj"


def test_all_numbers_are_a_sheet_a_record_a_line(tmp_path: Path) -> None:
    many = replace(GAP, examples=tuple(Example(f"DH-{at}", f"{at}", "77") for at in range(12)))
    path = tmp_path / "gaps.xlsx"
    write_workbook(
        path,
        [DepartmentGaps("donghu", "D1", "内科", [many, replace(GAP, for_it=True)])],
        project="样例医院",
        campuses={"donghu": "东湖"},
        at=NOW,
        with_all=True,
    )
    book = load_workbook(path)
    assert book.sheetnames == ["总表", "内科", "信息科", "全部号码"]
    assert book["内科"]["H3"].value.endswith("\n9　77\n……等 12 条"), "a cell holds ten"
    lines = list(book["全部号码"].iter_rows(min_row=3, values_only=True))
    assert [line[4] for line in lines] == [*map(str, range(12)), "0001", "=2"]
    assert lines[0] == ("内科", "诊断记录", "诊断日期时间", "必填而未填", "0", "77")


def test_every_sheet_prints_on_a4_across_with_its_heading_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    gaps = [GAP, replace(GAP, missing="很长的说明" * 30), replace(GAP, for_it=True)]
    write_workbook(
        path,
        [DepartmentGaps("donghu", "D1", "内科", gaps)],
        project="样例医院",
        campuses={"donghu": "东湖"},
        at=NOW,
    )
    book = load_workbook(path)
    assert len(book.sheetnames) == 3
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.freeze_panes == "A3"
        assert "&P" in sheet.oddFooter.right.text
        assert sum(one.width for one in sheet.column_dimensions.values()) <= WIDTH_MAX
    sheet = book["内科"]
    high, low = sheet.row_dimensions[4].height, sheet.row_dimensions[3].height
    assert low >= 4 * LINE_HEIGHT, "its examples"
    lines = -(-len("很长的说明" * 30) * 2 // 31)
    assert high >= lines * LINE_HEIGHT, "a row is as high as its wrapped text"


def test_a_key_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    odd = replace(GAP, examples=(), missing="=HYPERLINK(1)", system="", screen="+1\x07")
    write_workbook(
        path, [DepartmentGaps("donghu", "D1", "内科", [odd])], project="院", campuses={"donghu": "东"}, at=NOW
    )
    cells = {cell.value: cell.data_type for cell in load_workbook(path)["内科"][3]}
    assert cells["=HYPERLINK(1)"] == "s"
    assert cells["+1 "] == "s"


def test_without_gaps_there_is_the_first_page(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    write_workbook(path, [], project="院", campuses={"a": "甲", "b": "乙"}, at=NOW)
    book = load_workbook(path)
    assert book.sheetnames == ["总表"]
    assert book["总表"]["A3"].value == "没有缺口"
