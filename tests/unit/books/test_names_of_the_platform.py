"""Goal: a book whose platform calls things its own way works down to the wire, and what it does not have is not sent.

Method: a workbook with tables under pinyin names, capitals and without some of the fields that every table needs, imported
into a project that runs against the sandbox on that edition; and books that leave the reader no sure answer.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from handmade import make_book

from medferry.books.answers import Answers
from medferry.books.book_import import Imported, ImportOptions, import_book
from medferry.books.sheets import read_book
from medferry.catalog.editions.folders import load_edition
from medferry.catalog.load import load_catalog
from medferry.cli.main import cli
from medferry.cli.run import run_project
from medferry.errors import CatalogError
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

HEADER = ["字段名", "中文名", "表示格式", "必填", "主键", "值域"]
WARD = [
    ["YLJGDM", "医疗机构代码", "AN..22", "是", "是", ""],
    ["BQBH", "病区编号", "AN..20", "是", "是", ""],
    ["BQMC", "病区名称", "AN..10", "是", "", ""],
    ["SFQY", "是否启用", "N1", "是", "", "1-启用；2-停用"],
    ["GXSJ", "更新时间", "DT15", "是", "", ""],
]
CARD = [
    ["JGDM", "机构代码", "AN..22", "是", "", ""],
    ["KBS", "卡记录标识", "AN..64", "是", "是", ""],
    ["BRID", "患者标识", "AN..64", "是", "", ""],
    ["KLX", "卡类型代码", "AN..2", "是", "", "CARD_TYPE"],
    ["KH", "卡号", "AN..32", "是", "", ""],
    ["ZHGXSJ", "最后更新时间", "DT15", "是", "", ""],
    ["CJSJ", "创建时间", "AN..20", "否", "", ""],
]
MAIN = """\
project: 测试医院
catalog: "2027"
campuses:
  main: {name: 本部, org_code: 12360100A00000001X, org_name: 阳光医院}
sources:
  his: {type: sql_query, campus: main, url: "sqlite:///run/his.sqlite", mappings: mappings/his}
destination: {type: rest, url: "${MEDFERRY_PLATFORM_URL}", app_key: jxsb-demo, app_secret: jxsb-demo-secret}
outbox: {type: sqlite, path: run/ledger.sqlite}
"""
ROUTE = """\
read: {query: queries/his/ward.sql, key: [bh], changed_at: gx}
tables:
  t_ward:
    bqbh: bh
    bqmc: mc
    sfqy: qy
    created_at: {column: gx, verbs: [{datetime: "%Y-%m-%d %H:%M:%S"}]}
    updated_at: {column: gx, verbs: [{datetime: "%Y-%m-%d %H:%M:%S"}]}
"""


def book(**sheets: list[list[str]]) -> dict[str, Any]:
    return {"sheets": {name: {"rows": [HEADER, *rows]} for name, rows in sheets.items()}}


def imported(case: dict[str, Any], folder: Path, options: ImportOptions | None = None) -> Imported:
    return import_book(
        read_book(make_book(case, folder)), load_catalog(), Answers(), options or ImportOptions()
    )


def wires(found: Imported, table: str) -> dict[str, str]:
    (draft,) = (one for one in found.tables if one.name == table)
    return {one.name: one.wire_name for one in draft.fields}


def test_fields_are_known_by_their_words_and_keep_the_books_name(tmp_path: Path) -> None:
    found = imported(book(T_WARD病区=WARD, patient_card卡=CARD), tmp_path)
    assert found.errors == 0, [one.text for one in found.in_order()]
    ward = wires(found, "t_ward")
    assert ward == {
        "org_code": "YLJGDM", "bqbh": "BQBH", "bqmc": "BQMC", "sfqy": "SFQY", "updated_at": "GXSJ",
        "created_at": "-", "record_status": "-",
    }  # fmt: skip
    card = wires(found, "patient_card")
    assert (card["org_code"], card["card_id"], card["patient_id"]) == ("JGDM", "KBS", "BRID")
    assert card["updated_at"] == "ZHGXSJ"
    assert (card["created_at"], card["cjsj"]) == ("-", "CJSJ"), "a text of 20 characters is no time"
    told = " ".join(one.text for one in found.remarks)
    assert "YLJGDM（医疗机构代码）认作 org_code" in told
    assert "2 张表书中没有记录状态（record_status）" in told
    keys = {one.name for table in found.tables for one in table.fields if one.key == "PK"}
    assert keys == {"org_code", "bqbh", "card_id"}


def test_a_person_says_what_the_words_do_not(tmp_path: Path) -> None:
    rows = [["DWID", "单位", "AN..22", "是", "", ""], *WARD[1:]]
    plain = imported(book(T_WARD=rows), tmp_path)
    assert wires(plain, "t_ward")["org_code"] == "-"
    said = imported(
        book(T_WARD=rows), tmp_path, ImportOptions(system={"org_code": "dwid", "updated_at": "-"})
    )
    assert wires(said, "t_ward")["org_code"] == "DWID"
    assert wires(said, "t_ward")["updated_at"] == "-"


def test_of_two_keys_a_person_says_which(tmp_path: Path) -> None:
    rows = [[*row[:4], "是" if row[0] in ("YLJGDM", "BQBH", "BQMC") else "", row[5]] for row in WARD]
    plain = imported(book(T_WARD=rows), tmp_path)
    assert [one.fix for one in plain.remarks if one.severity == "error" and "--key t_ward=" in one.fix]
    said = imported(book(T_WARD=rows), tmp_path, ImportOptions(keys={"t_ward": "BQBH"}))
    assert said.errors == 0
    (ward,) = said.tables
    assert {one.name for one in ward.fields if one.key == "PK"} == {"org_code", "bqbh"}


def test_a_book_that_speaks_as_we_do_and_forgot_a_field_is_told(tmp_path: Path) -> None:
    rows = [["org_code", *WARD[0][1:]], ["created_at", "创建时间", "DT15", "是", "", ""], *WARD[1:4]]
    found = imported(book(T_WARD=rows), tmp_path)
    assert sorted(one.text for one in found.remarks if one.severity == "error") == [
        "表 t_ward 缺少 record_status（记录状态），书中其余的与程序同名",
        "表 t_ward 缺少 updated_at（更新时间），书中其余的与程序同名",
    ]


def test_it_runs_end_to_end_under_the_platforms_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "hospital"
    for name, text in {
        "medferry.yaml": MAIN,
        "mappings/his/ward.yaml": ROUTE,
        "queries/his/ward.sql": "SELECT * FROM BQ",
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    case = make_book(book(T_WARD病区=WARD), tmp_path)
    said = CliRunner().invoke(
        cli, ["catalog", "import", str(case), "--as", "2027", "--project", str(project)]
    )
    assert said.exit_code == 0, said.output
    (project / "run").mkdir()
    with closing(sqlite3.connect(project / "run" / "his.sqlite")) as base, base:
        base.execute("CREATE TABLE BQ (bh TEXT PRIMARY KEY, mc TEXT, qy TEXT, gx TEXT)")
        base.executemany(
            "INSERT INTO BQ VALUES (?, ?, ?, ?)",
            [("W1", "内科", "1", "2026-01-05 08:00:00"), ("W2", "外科", "1", "2026-01-05 09:00:00")],
        )
    edition = load_edition("2027", project).files.folders
    settings = SandboxSettings(data=tmp_path / "platform", port=0, control_port=0, edition=edition)
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        report = run_project(project, until_quiet=True, at_most_s=120.0, tell=lambda _: None)
        stored = sandbox.storage_path
        with closing(sqlite3.connect(stored)) as base:
            kept = base.execute("SELECT count(*) FROM current WHERE table_name = 't_ward'").fetchone()
    assert report["tables"]["t_ward"]["accepted"] == 2, report  # type: ignore[index]
    assert kept == (2,)


def test_the_sandbox_answers_in_the_platforms_names(tmp_path: Path) -> None:
    from medferry_sandbox.platform.standard import Standard
    from medferry_sandbox.platform.wire_names import in_our_names

    project = tmp_path / "hospital"
    project.mkdir()
    case = make_book(book(T_WARD病区=WARD), tmp_path)
    asked = ["catalog", "import", str(case), "--as", "2027", "--project", str(project)]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    standard = Standard(load_edition("2027", project).files.folders)
    assert standard.table_called("T_WARD") == "t_ward"
    assert standard.table_called("t_ward") is None
    table = standard.table("t_ward")
    ours = in_our_names(table, {"YLJGDM": "1", "BQBH": "W1", "org_code": "2"}, "1", "20260105080000000")
    assert ours["org_code"] == "1"
    assert ours["bqbh"] == "W1"
    assert ours[" org_code"] == "2", "our name is no field of this platform"
    assert ours["created_at"] == "20260105T080000"
    assert table.wire_of("bqbh") == "BQBH"


@pytest.mark.parametrize(
    ("field", "wire", "said"),
    [
        ("BQMC", "BQBH", "平台的字段名不重复"),
        ("BQBH", "-", "主键要在报文里"),
        ("BQMC", 'a"b', "wire_name"),
        ("BQMC", "a b", "wire_name"),
    ],
)
def test_names_that_cannot_go_on_the_wire_are_refused(
    tmp_path: Path, field: str, wire: str, said: str
) -> None:
    project = tmp_path / "hospital"
    project.mkdir()
    case = make_book(book(T_WARD病区=WARD), tmp_path)
    asked = ["catalog", "import", str(case), "--as", "2027", "--project", str(project)]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    path = project / "catalog" / "2027" / "tables" / "t_ward" / "fields.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    at = header.index("wire_name")
    for line in lines:
        line[at] = wire if line[at] == field else line[at]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])
    with pytest.raises(CatalogError, match=said):
        load_edition("2027", project).table("t_ward")
