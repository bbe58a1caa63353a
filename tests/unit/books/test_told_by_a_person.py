"""Goal: a book with words that nobody foresaw is read when a person says what they mean; what is wrong is told by cause.

Method: a table under strange column names; words on the command line and in the project's words.yaml; a book of many tables
with one fault in each; the workbook of what was understood, opened again.
"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from handmade import make_book

from medferry.books.causes import causes_of
from medferry.books.sheets import Remark
from medferry.cli.main import cli

ROWS = [
    ["数据元清单", "", "", "", "", ""],
    ["属性名", "属性描述", "取值种类", "宽度", "M/O", "主标识"],
    ["ward_id", "病区编号", "字符型", "20", "M", "Y"],
    ["ward_name", "病区名称", "字符型", "50", "M", ""],
    ["bed_count", "床位数", "整数", "4", "O", ""],
]
SAID = ("字段名=属性名", "中文名=属性描述", "数据类型=取值种类", "长度=宽度", "必填=M/O", "键=主标识")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hospital").mkdir()
    return tmp_path / "hospital"


def imported(project: Path, book: Path, *options: str) -> Result:
    asked = ["catalog", "import", str(book), "--as", "2027", "--project", str(project), *options]
    return CliRunner().invoke(cli, asked)


def test_what_is_not_found_is_told_with_what_to_type(project: Path, tmp_path: Path) -> None:
    book = make_book({"sheets": {"t_ward": {"rows": ROWS}}}, tmp_path)
    said = json.loads(imported(project, book, "--json").stdout)
    assert said["written"] is False
    assert any("--header" in one["fix"] and "--column" in one["fix"] for one in said["remarks"])


@pytest.mark.parametrize("is_file", [False, True], ids=["on the command line", "in words.yaml"])
def test_columns_are_read_as_a_person_says(project: Path, tmp_path: Path, is_file: bool) -> None:
    book = make_book({"sheets": {"t_ward": {"rows": ROWS}}}, tmp_path)
    options = [part for one in SAID for part in ("--column", one)]
    if is_file:
        roles = ("name", "name_zh", "type", "length", "required", "key")
        lines = [f"  {role}: ['{one.split('=')[1]}']" for role, one in zip(roles, SAID, strict=True)]
        (project / "catalog").mkdir()
        (project / "catalog" / "words.yaml").write_text("\n".join(["headers:", *lines, ""]), encoding="utf-8")
        options = []
    said = json.loads(imported(project, book, "--header", "2", *options, "--json").stdout)
    assert said["written"] is True, said["remarks"]
    (table,) = said["tables"]
    assert (table["table"], table["rows"]) == ("t_ward", 3)
    again = json.loads(imported(project, book, "--dry-run", "--json").stdout)
    assert (not again["tables"]) is not is_file, (
        "what was said of one book holds for it alone, the file for all"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("headers: {nam: [甲]}", "headers"),
        ("header: {name: [甲]}", "header"),
        ("headers: {name: 甲}", "文字的列表"),
        ("- 甲", "部分"),
        ("headers: {name: [", "YAML"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(project: Path, tmp_path: Path, text: str, said: str) -> None:
    words = tmp_path / "words.yaml"
    words.write_text(text, encoding="utf-8")
    book = make_book({"sheets": {"t_ward": {"rows": ROWS}}}, tmp_path)
    ran = imported(project, book, "--words", str(words))
    assert ran.exit_code != 0
    assert said in str(ran.exception) + ran.output


def test_a_column_of_no_known_meaning_is_a_wrong_command(project: Path, tmp_path: Path) -> None:
    book = make_book({"sheets": {"t_ward": {"rows": ROWS}}}, tmp_path)
    ran = imported(project, book, "--column", "颜色=属性名")
    assert ran.exit_code == 2
    assert "中文名" in ran.output


def test_what_was_understood_stands_beside_its_place(project: Path, tmp_path: Path) -> None:
    header = ["字段名", "中文名", "表示格式", "必填", "主键"]
    rows = [header, ["JGDM", "机构代码", "AN..22", "是", ""], ["BQBH", "病区编号", "AN..20", "是", "是"]]
    book = make_book({"sheets": {"T_WARD病区": {"rows": rows}}}, tmp_path)
    out = tmp_path / "understood.xlsx"
    assert imported(project, book, "--dry-run", "--understood", str(out)).exit_code == 0
    sheet = openpyxl.load_workbook(out)["逐字段"]
    lines = [[cell or "" for cell in row[:6]] for row in sheet.iter_rows(values_only=True)]
    assert ["T_WARD病区!2", "JGDM", "t_ward", "org_code", "JGDM", "机构代码"] in lines
    assert ["", "（书中没有）", "t_ward", "record_status", "不送", "记录状态"] in lines


def test_one_fault_in_many_tables_is_one_cause() -> None:
    fix = "补上一栏"
    remarks = [Remark("error", f"t_{n}", 3, "C", f"表 t_{n} 缺少“必填{n}”栏", fix) for n in range(63)]
    other = Remark("error", "t_1", 4, "C", "字段 a 重复，第 3 行已有", "删去其中一行")
    many, one = causes_of([*remarks, other])
    assert (len(many.places), many.where) == (63, "t_0!C3、t_1!C3、t_2!C3 等 63 处")
    assert one.text == other.text
