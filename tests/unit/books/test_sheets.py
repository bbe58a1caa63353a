"""What a workbook hides: number formats, dates, formulas, struck-out lines, hidden sheets, merged cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from medferry.books.answers import Answers
from medferry.books.book_import import import_book
from medferry.books.codes import inline_codes
from medferry.books.headers import Kind, Role, find_headers
from medferry.books.name_match import TableNames, normal_zh
from medferry.books.notation import (
    NotUnderstood,
    key_of,
    required_of,
    required_of_nullable,
    shape_of,
)
from medferry.books.sheets import Row, column_letter, read_book
from medferry.catalog.formats import parse_format
from medferry.catalog.load import load_catalog
from medferry.catalog.model import NOT_SENT

JIANGXI = load_catalog()


def test_cells_as_a_person_sees_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([1, 1, 2.5, 10.0, date(2026, 7, 1), True, "  全　角\u200b ", "a\nb"])
    sheet["B1"].number_format = "00"
    sheet["A2"] = "=1/0"
    sheet["B2"] = "#N/A"
    sheet["B2"].data_type = "e"
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    read = read_book(tmp_path / "b.xlsx")
    assert read.sheets[0].rows[0].texts == [
        "1",
        "01",
        "2.5",
        "10",
        "2026-07-01T00:00:00",
        "是",
        "全 角",
        "a b",
    ]
    told = {(one.place, one.severity): one.text for one in read.remarks}
    assert "公式没有存下结果" in told["Sheet!A2", "error"]
    assert "错误值" in told["Sheet!B2", "error"]
    assert "隐藏" in told["藏", "warning"]


def test_merged_cells_know_what_they_repeat(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C1"] = "甲", "乙"
    sheet.merge_cells("A1:B2")
    book.save(tmp_path / "b.xlsx")
    first, second = read_book(tmp_path / "b.xlsx").sheets[0].rows
    assert (first.texts, first.own) == (["甲", "甲", "乙"], [(0, "甲"), (2, "乙")])
    assert (second.texts, second.down, second.across) == (["甲", "甲", ""], {0, 1}, {1})


def test_a_struck_field_is_gone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "patient_card"
    for row in (
        ["字段名", "中文名", "类型", "必填"],
        ["card_id", "卡", "string(64)", "是"],
        ["card_no", "号", "int", "否"],
    ):
        sheet.append(row)
    sheet["A3"].font = Font(strike=True)
    book.save(tmp_path / "b.xlsx")
    imported = import_book(read_book(tmp_path / "b.xlsx"), JIANGXI, Answers())
    assert [one.name for one in imported.tables[0].fields if one.wire_name != NOT_SENT] == ["card_id"]
    assert "card_no" in imported.tables[0].gone
    assert any("删除线" in one.text and one.place == "patient_card!A3" for one in imported.remarks)


@pytest.mark.parametrize(
    ("type_", "format_", "length", "scale", "expected"),
    [
        ("VARCHAR2(50)", "", "", "", ("string", "AN..50")),
        ("nvarchar(50 char)", "", "", "", ("string", "AN..50")),
        ("CHAR(18)", "", "", "", ("string", "AN18")),
        ("NUMBER(10,2)", "", "", "", ("decimal", "N..10,2")),
        ("NUMBER（10）", "", "", "", ("integer", "N..10")),
        ("数值型", "", "10，2", "", ("decimal", "N..10,2")),
        ("数值", "", "10", "2", ("decimal", "N..10,2")),
        ("字符型", "", "50位", "", ("string", "AN..50")),
        ("字符型50", "", "", "", ("string", "AN..50")),
        ("日期时间", "", "", "", ("datetime", "DT15")),
        ("日期", "", "19", "", ("datetime", "DT15")),
        ("代码", "", "2", "", ("code", "AN..2")),
        ("S1", "an..50", "", "", ("string", "AN..50")),
        ("S3", "N1", "", "", ("code", "N1")),
        ("N", "N..3", "", "", ("integer", "N..3")),
        ("", "D8", "", "", ("date", "D8")),
        ("", "YYYY-MM-DD HH:MM:SS", "", "", ("datetime", "DT15")),
        ("L", "T/F", "", "", ("boolean", "L")),
        ("T", "", "", "", ("string", "T6")),
        ("CLOB", "", "", "", ("text", "text")),
        ("AN5..20", "", "", "", ("string", "AN..20")),
    ],
)
def test_notations(type_: str, format_: str, length: str, scale: str, expected: tuple[str, str]) -> None:
    shape = shape_of(type_, format_, length, scale, is_coded=False, before=None)
    assert (shape.type, shape.format) == expected


@pytest.mark.parametrize(
    "cells",
    [("BLOB", "", "", ""), ("字符型", "", "", ""), ("", "", "", ""), ("", "", "50", ""), ("S1", "AN..", "", ""),
     ("NUMBER(2,2)", "", "", ""), ("VARCHAR2", "", "", ""), ("字符型", "", "若干", ""), ("", "N..5,9", "", "")],
)  # fmt: skip
def test_what_is_not_understood(cells: tuple[str, str, str, str]) -> None:
    with pytest.raises(NotUnderstood, match=r"[\u4e00-\u9fff]"):
        shape_of(*cells, is_coded=False, before=None)


def test_every_format_of_the_package_is_read_back() -> None:
    for table in map(JIANGXI.table, JIANGXI.table_names):
        for one in table.fields:
            shape = shape_of(
                one.type, one.format.text, "", "", is_coded=one.value_set is not None, before=None
            )
            assert (shape.type, shape.format) == (one.type, one.format.text), (table.name, one.name)


@pytest.mark.parametrize("letter", ["R", "C", "O"])
def test_requiredness(letter: str) -> None:
    words = {
        "R": ["必填", "是", "Y", "M", "1", "√", "1..1", "必 填", "必填（住院）", "Ｙ"],
        "C": ["应填", "C", "条件必填", "有则必填"],
        "O": ["可选", "否", "N", "O", "0", "0..1", "选填", "非必填"],
    }
    assert {required_of(word) for word in words[letter]} == {letter}
    assert (required_of_nullable("是"), required_of_nullable("NOT NULL"), required_of_nullable("N")) == (
        "O",
        "R",
        "R",
    )
    assert (key_of("主键"), key_of("FK：visit.visit_id"), key_of("否")) == ("PK", "FK:visit.visit_id", "")


@settings(
    suppress_health_check=[HealthCheck.too_slow]
)  # how fast texts are made up depends on the machine's load
@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_text_is_a_shape_or_is_told(cells: list[str]) -> None:
    """Whatever stands in the cells: a format the catalog knows, or NotUnderstood; never another error."""
    try:
        shape = shape_of(*cells[:4], is_coded=False, before=None)
    except NotUnderstood:
        return
    assert parse_format(shape.format).text == shape.format


@given(st.lists(st.lists(st.sampled_from(["字段名", "类型", "必填", "甲", "1", ""]), max_size=6), max_size=6))
def test_any_grid_has_headers_or_none(grid: list[list[str]]) -> None:
    for header in find_headers([Row(n, texts) for n, texts in enumerate(grid, start=1)]):
        assert header.kind in set(Kind)
        assert all(isinstance(role, Role) for role in header.columns)


def test_inline_codes() -> None:
    assert inline_codes("1-男；2-女") == [("1", "男"), ("2", "女")]
    assert inline_codes("1 门诊 2 急诊 9 其他(含体检)") == [
        ("1", "门诊"),
        ("2", "急诊"),
        ("9", "其他(含体检)"),
    ]
    for text in ("≥0", "GB/T 2261.1", "1-男", "1-男；1-女", "精确到秒", ""):
        assert inline_codes(text) == []


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["2.3 门诊医嘱（encounter_opt_order）"], "encounter_opt_order"),
        (["表 5 药敏结果"], "inspection_anti_res"),
        (["第三章 病案首页-手术"], "inpatient_operation"),
        (["门诊医嘱", "急诊留观病历"], "encoun_obs_opt_order"),
        (["患者基本信息表"], "patient"),
        (["手术"], ""),
        (["Sheet1"], ""),
    ],
)
def test_table_names(texts: list[str], name: str) -> None:
    assert TableNames(JIANGXI).find(texts, [], []).name == name


def test_small_things() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert normal_zh("1.2 门（急）诊病历表") == "门急诊病历"
