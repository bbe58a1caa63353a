"""`medferry catalog import|diff|export` as a hospital's information department runs them."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from card_project import CARD_2026, card_case
from click.testing import CliRunner, Result
from handmade import make_book

from medferry.books.answers import Answers
from medferry.books.book_import import ImportOptions, import_book
from medferry.books.comparison import compare
from medferry.books.sheets import read_book
from medferry.books.workbook import write_workbook
from medferry.books.writer import stage
from medferry.catalog.editions.folders import load_edition
from medferry.catalog.files import CatalogFiles
from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.cli.catalog import group
from medferry.cli.main import main
from medferry.errors import CatalogError


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(one) for one in arguments])


def answer(*arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


def content(folder: Path) -> dict[str, str]:
    """Every file of a folder with its digest."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_dry_run_writes_nothing(project: Path, card_book: Path) -> None:
    before = content(project)
    done = run("import", card_book, "--as", "2026", "--project", project, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "可以导入为 2026" in done.stdout
    assert content(project) == before


def test_an_import_becomes_an_edition(project: Path, card_book: Path) -> None:
    done = run("import", card_book, "--as", "2026", "--project", project)
    assert done.exit_code == 0, done.output
    edition = load_edition("2026", project)
    assert edition.edition == "jiangxi+2026"
    card = edition.table("patient_card")
    assert card.edition == "jiangxi+2026"
    assert card.field_names == tuple(row[0] for row in CARD_2026)
    patient = card.by_name["patient_id"]
    assert patient.source.startswith("book.xlsx 卡 patient_card!5；键沿用原版本（")
    assert patient.confidence == "A"
    assert edition.value_set("CARD_TYPE").codes == {"01", "02"}
    assert edition.table("visit").fields == load_catalog().table("visit").fields
    report = (project / "catalog/2026/import.md").read_text(encoding="utf-8")
    for text in ("已导入为 2026", "card_number", "patient_card", "卡类型代码", "新增字段"):
        assert text in report
    assert not list(project.glob(".staged-*"))


def test_list_show_and_lint_take_the_project_edition(
    project: Path, card_book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    monkeypatch.chdir(project)
    assert answer("lint", "--edition", "2026")["errors"] == 0
    shown = answer("show", "patient_card", "--edition", "2026")
    assert (shown["edition"], len(shown["fields"])) == ("jiangxi+2026", len(CARD_2026))
    assert "jiangxi+2026" in run("list", "--edition", "2026").stdout
    both = run("list", "--edition", "2026", "--overlay", "catalog/2026")
    assert both.exit_code == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["card_id", "卡记录标识", "S1", "AN..64", "是", ""], "重复"),
        (["weight", "体重", "BLOB", "", "是", ""], "BLOB"),
        (["weight", "体重", "", "", "是", ""], "空的"),
        (["weight", "体重", "S1", "AN..9", "也许", ""], "也许"),
        (["weight", "", "S1", "AN..9", "是", ""], "没有中文名"),
        (["weight", "体重", "S3", "N1", "是", "AA-轻；BB-重"], "放不进"),
    ],
    ids=["duplicate field", "unknown type", "no type", "unknown requiredness", "no title", "codes never fit"],
)
def test_a_damaged_book_leaves_the_editions_untouched(
    project: Path, card_book: Path, tmp_path: Path, row: list[str], says: str
) -> None:
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    before = content(project)
    (tmp_path / "bad").mkdir()
    bad = make_book(card_case([*CARD_2026, row]), tmp_path / "bad")
    for arguments in (("--as", "2026", "--replace"), ("--as", "2027")):
        done = run("import", bad, *arguments, "--project", project)
        assert done.exit_code == 1, done.output
        assert "所有版本保持原样" in done.stdout
        assert "卡 patient_card!" in done.stdout
        assert says in done.stdout
        assert content(project) == before


def test_a_missing_key_is_told_at_the_book(project: Path, tmp_path: Path) -> None:
    bad = make_book(card_case([row for row in CARD_2026 if row[0] != "updated_at"]), tmp_path)
    found = answer("import", bad, "--as", "2026", "--project", project)
    assert found["written"] is False
    assert any("updated_at" in one["text"] for one in found["remarks"] if one["severity"] == "error")
    assert not (project / "catalog").exists()


def test_an_existing_edition_is_not_overwritten(project: Path, card_book: Path) -> None:
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    again = run("import", card_book, "--as", "2026", "--project", project)
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert run("import", card_book, "--as", "2026", "--project", project, "--replace").exit_code == 0
    assert [one.name for one in (project / "catalog").iterdir()] == ["2026"]


def test_names_are_confirmed_by_a_person(project: Path, tmp_path: Path) -> None:
    """Chinese names only, one of them unknown: asked once, answered in names.csv, then imported."""
    rows = [["", *row[1:]] for row in CARD_2026]
    book = make_book(card_case(rows), tmp_path)
    first = run("import", book, "--as", "2026", "--project", project)
    assert first.exit_code == 1
    assert "有 1 个名称要人确认" in first.stdout
    names = project / "catalog/2026.names.csv"
    with names.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["kind"], line["table"], line["book_name"]) == ("field", "patient_card", "卡介质")
    text = names.read_text(encoding="utf-8-sig").replace(
        "patient_card,卡介质,,", "patient_card,卡介质,medium_code,"
    )
    names.write_text(text, encoding="utf-8-sig")
    assert run("import", book, "--as", "2026", "--project", project).exit_code == 0
    fields = load_edition("2026", project).table("patient_card").field_names
    assert "medium_code" in fields
    assert "card_no" in fields


@pytest.mark.parametrize(
    ("in_book", "says"),
    [("patient", ""), ("item", "patient.patient_id，那里没有这个主键")],
    ids=["child", "parent"],
)
def test_whole_takes_tables_out(small_edition: Path, tmp_path: Path, in_book: str, says: str) -> None:
    """Goal: a table the whole book lacks is gone from the edition, unless a table that stays points to it.
    Method: an edition of a parent and a child; a book of only one of them."""
    below = LoadedCatalog("small", CatalogFiles((small_edition,)))
    book = tmp_path / "one.xlsx"
    write_workbook(below, book, (in_book,))
    imported = import_book(read_book(book), below, Answers(), ImportOptions(whole=True))
    staged = tmp_path / "staged"
    staged.mkdir()
    errors = [one.text for one in stage(imported, staged) if one.severity == "error"]
    edition = LoadedCatalog("small", CatalogFiles((staged, small_edition)))
    assert edition.table_names == (in_book,)
    if says:
        assert any(says in text for text in errors)
    else:
        assert errors == []
        with pytest.raises(CatalogError, match="item"):
            edition.table("item")


def test_an_edition_over_another(project: Path, card_book: Path, tmp_path: Path) -> None:
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    (tmp_path / "b").mkdir()
    rows = [*CARD_2026, ["memo", "附言", "S1", "AN..9", "否", ""]]
    later = make_book(card_case(rows), tmp_path / "b")
    assert run("import", later, "--as", "2026b", "--below", "2026", "--project", project).exit_code == 0
    edition = load_edition("catalog/2026b", project)
    assert edition.edition == "jiangxi+2026+2026b"
    assert "memo" in edition.table("patient_card").by_name
    assert edition.value_set("CARD_TYPE").codes == {"01", "02"}
    changes = answer("diff", "2026", "2026b", "--project", project)["changes"]
    assert [(one["what"], one["field"]) for one in changes] == [("field_added", "memo")]


def test_diff_says_what_breaks(project: Path, card_book: Path) -> None:
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    found = answer("diff", "jiangxi", "2026", "--project", project)
    changes = {(one["what"], one["field"]): (one["before"], one["after"]) for one in found["changes"]}
    assert changes["field_renamed", "card_number"] == ("card_no", "card_number")
    assert changes["field_added", "medium_code"][1] == "卡介质，N1，必填"
    assert ("field_removed", "issue_date") in changes
    assert changes["format", "card_number"] == ("AN..64", "AN..32")
    assert changes["required", "record_status"] == ("R", "O")
    assert changes["value_set", "card_status_code"] == ("CARD_STATUS", "patient_card.card_status_code")
    assert ("codes", "CARD_TYPE") in changes
    places = {
        (f"{one['place']['file']}:{one['place']['line']}", one["is_sure"]): one["text"]
        for one in found["breaks"]
    }
    assert "改名为 card_number" in places["mappings/his/card.yaml:7", True]
    assert "issue_date 已取消" in places["mappings/his/card.yaml:9", True]
    assert any("constant 1 不在新值域" in one["text"] for one in found["breaks"])
    assert any("medium_code（卡介质）现为必填" in one["text"] for one in found["breaks"])
    assert "标准代码 03 不在新值域 CARD_TYPE" in places["codes/card_type.csv:3", True]
    assert "现为选填" in places["waivers.yaml:1", False]
    shown = run("diff", "jiangxi", "2026", "--project", project)
    assert shown.exit_code == 1
    for text in ("字段改名", "mappings/his/card.yaml:7:5", "必须改", "改成 card_number"):
        assert text in shown.stdout


def test_no_difference(project: Path) -> None:
    done = run("diff", "jiangxi", "jiangxi", "--project", project)
    assert (done.exit_code, "没有差别" in done.stdout) == (0, True)
    assert "不受影响" in done.stdout


def test_export_reads_back_without_loss(project: Path, card_book: Path, tmp_path: Path) -> None:
    """Goal: a workbook of an edition says everything: read over the package it gives the same edition again.
    Method: an imported edition with new fields, sets and changed codes; compared also in its marks."""
    assert run("import", card_book, "--as", "2026", "--project", project).exit_code == 0
    book = tmp_path / "out.xlsx"
    arguments = ("--edition", "2026", "--project", project, "--table", "patient_card", "--table", "patient")
    assert run("export", book, *arguments).exit_code == 0
    assert run("import", book, "--as", "again", "--project", project).exit_code == 0
    first, again = load_edition("2026", project), load_edition("again", project)
    assert compare(first, again) == []
    assert first.table("patient_card").fields == again.table("patient_card").fields
    assert not (project / "catalog/again/tables/patient").exists()  # says what the package says


def test_export_of_a_small_edition_with_odd_texts(small_edition: Path, tmp_path: Path) -> None:
    """A text that begins with = stays a text; codes keep their zeros."""
    codes = small_edition / "value_sets/SEX.csv"
    codes.write_text("code,name_zh,note\n01,=男,\n02,女,\n", encoding="utf-8")
    write_workbook(LoadedCatalog("small", CatalogFiles((small_edition,))), tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["代码"]
    assert [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=2)] == [
        ["SEX", "01", "=男"],
        ["SEX", "02", "女"],
    ]
    assert sheet["C2"].data_type == "s"


def test_exported_sheets_have_chinese_names_and_print_on_a4_across(project: Path, tmp_path: Path) -> None:
    book = tmp_path / "out.xlsx"
    tables = ("encounter_opt_order", "encoun_obs_opt_order")
    arguments = [text for table in tables for text in ("--table", table)]
    assert run("export", book, *arguments, "--project", project).exit_code == 0
    found = openpyxl.load_workbook(book)
    assert found.sheetnames == ["表清单", "12 门诊医嘱", "14 门诊医嘱", "值域清单", "代码"]
    assert found["表清单"]["F3"].hyperlink.location == "'14 门诊医嘱'!A1"
    for sheet in found:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.freeze_panes == ("A3" if "医嘱" in sheet.title else "A2")
        assert sheet.auto_filter.ref
    order = found["12 门诊医嘱"]
    assert {cell.value for cell in order["F"][2:]} == {"必填", "条件必填", "选填"}
    heights = {order.row_dimensions[number].height for number in range(3, order.max_row + 1)}
    assert min(heights) < 20 < max(heights), "rows are as high as their text"


def test_export_as_a_page(project: Path, tmp_path: Path) -> None:
    page = tmp_path / "standard.html"
    assert run("export", page, "--table", "visit", "--project", project).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert 'id="visit"' in text
    assert "GB/T 2261.1" in text
    assert "依据待确认" in text
    assert "size:A4 landscape" in text
    assert text.count("<section") == text.count("</section>") > 10, (
        "what a search leaves empty is hidden whole"
    )


def test_a_page_stands_in_the_standards_order(project: Path, tmp_path: Path) -> None:
    page = tmp_path / "standard.html"
    names = ("bed", "visit", "patient")
    chosen = [part for name in names for part in ("--table", name)]
    assert run("export", page, *chosen, "--project", project).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert re.findall('<section id="([a-z_]+)">', text) == ["patient", "visit", "bed"]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium to show the page")
@pytest.mark.parametrize("width", [1280, 1024])
def test_a_page_is_no_wider_than_the_screen(project: Path, tmp_path: Path, width: int) -> None:
    """All tables of the standard, shown by a browser that says how wide the page became."""
    page = tmp_path / "standard.html"
    assert run("export", page, "--project", project).exit_code == 0
    measure = (
        "<script>onload=()=>{document.body.textContent='wide '+document.documentElement.scrollWidth}</script>"
    )
    page.write_text(
        page.read_text(encoding="utf-8").replace("</body>", f"{measure}</body>"), encoding="utf-8"
    )
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    shown = subprocess.run(
        [*browser, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = re.search("wide ([0-9]+)", shown.stdout.partition("<body")[2])
    assert found is not None
    assert int(found[1]) <= width


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "x.pdf"), ".xlsx"),
        (("export", "x.xlsx", "--edition", "2050"), "jiangxi"),
        (("import", "book.xls", "--as", "a"), "检查路径与权限"),
        (("import", "absent.xlsx", "--as", "a"), "absent.xlsx"),
        (("import", "absent.xlsx", "--as", "../a"), "命名标准版本"),
        (("import", "absent.xlsx", "--as", "jiangxi"), "命名标准版本"),
    ],
)
def test_mistakes_on_the_command_line(
    arguments: tuple[str, ...], says: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    done = run(*arguments)
    assert done.exit_code != 0
    assert says in done.stderr + str(done.exception)


def test_the_program_s_exit_code_tells_of_errors(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only the command's: what a script sees."""
    book = tmp_path / "bad.xlsx"
    made = openpyxl.Workbook()
    made.worksheets[0].append(["没有", "字段"])
    made.save(book)
    arguments = ["catalog", "import", str(book), "--as", "a", "--project", str(project), "--dry-run"]
    monkeypatch.setattr(sys, "argv", ["medferry", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1


def test_a_file_that_is_no_workbook(project: Path, tmp_path: Path) -> None:
    for name in ("locked.xlsx", "locked.docx"):
        path = tmp_path / name
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
        done = run("import", path, "--as", "a", "--project", project)
        assert isinstance(done.exception, CatalogError)
        assert "口令" in str(done.exception)


@pytest.mark.slow
def test_the_whole_standard_reads_back_to_nothing_new(project: Path, tmp_path: Path) -> None:
    """Goal: the export of all tables and codes, imported, is an edition without a single difference.
    Method: an edition holds only what differs from the one below, so its folder has no data at all."""
    book = tmp_path / "all.xlsx"
    assert run("export", book, "--project", project).exit_code == 0
    found = answer("import", book, "--as", "same", "--project", project)
    assert (found["written"], found["remarks"], found["changes"]) == (True, [], [])
    assert sorted(path.name for path in (project / "catalog/same").iterdir()) == ["edition.yaml", "import.md"]
