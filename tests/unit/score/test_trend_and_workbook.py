"""What is kept day by day, and the workbook that departments get."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from told_rows import NOW

from medferry.catalog.scoring import Dimension
from medferry.errors import OutboxError
from medferry.score.gaps import DepartmentGaps, Gap
from medferry.score.scoring import LevelScore
from medferry.score.trend import DAYS_KEPT_MAX, FILE, Trend
from medferry.score.workbook import COLUMNS, write_workbook

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
    "donghu", "D1", "visit", "卫生事件摘要", "visit_time", "就诊日期时间", "必填而未填", 12, 3,
    ("DH-0001", "DH-=2"), ("0001", "=2"), "门诊医生站", "接诊", for_it=False,
)  # fmt: skip


def test_a_sheet_per_department_and_one_for_codes(tmp_path: Path) -> None:
    departments = [
        DepartmentGaps(
            "donghu", "D1", "内科/一病区", [GAP, replace(GAP, missing="代码不在值域内", for_it=True)]
        ),
        DepartmentGaps("donghu", "D2", "内科:一病区", [GAP]),
        DepartmentGaps("donghu", "D3", "名字很长" * 12, [GAP]),
        DepartmentGaps("donghu", "", "", [replace(GAP, for_it=True)]),
    ]
    path = tmp_path / "gaps.xlsx"
    write_workbook(path, departments, project="样例医院", campuses={"donghu": "东湖"}, at=NOW)
    book = load_workbook(path)
    assert book.sheetnames == ["总表", "内科 一病区", "内科 一病区 2", ("名字很长" * 12)[:31], "信息科"]
    first = list(book["总表"].iter_rows(min_row=3, max_row=6, values_only=True))
    assert [row[:5] for row in first] == [
        ("内科/一病区", 1, 12, 3, 1), ("内科:一病区", 1, 12, 3, 0), ("名字很长" * 12, 1, 12, 3, 0), ("未分科室", 0, 0, 0, 1),
    ]  # fmt: skip
    sheet = book["内科 一病区"]
    assert [cell.value for cell in sheet[2]] == [name for name, _ in COLUMNS]
    row = dict(zip([name for name, _ in COLUMNS], [cell.value for cell in sheet[3]], strict=True))
    assert row["示例主键（院内）"] == "0001\n=2"
    assert (row["缺什么"], row["多少行"], row["界面或来源列"]) == ("必填而未填", 12, "接诊")
    assert sheet.freeze_panes == "A3"
    ours = list(book["信息科"].iter_rows(min_row=3, values_only=True))
    assert [one[0] for one in ours] == ["内科/一病区", "未分科室"]


def test_a_key_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    odd = replace(GAP, local_keys=("=HYPERLINK(1)",), screen="+1\x07")
    write_workbook(
        path, [DepartmentGaps("donghu", "D1", "内科", [odd])], project="院", campuses={"donghu": "东"}, at=NOW
    )
    cells = {cell.value: cell.data_type for cell in load_workbook(path)["内科"][3]}
    assert cells["=HYPERLINK(1)"] == "s"
    assert cells["+1 "] == "s"


def test_without_gaps_there_is_the_first_page(tmp_path: Path) -> None:
    path = tmp_path / "gaps.xlsx"
    write_workbook(path, [], project="院", campuses={"a": "甲", "b": "乙"}, at=NOW)
    assert load_workbook(path).sheetnames == ["总表"]
