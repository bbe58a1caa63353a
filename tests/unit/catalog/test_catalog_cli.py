"""`medferry catalog`: one JSON object for programs, tables for people, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from medferry.cli.catalog import group


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def answer(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


def test_list_json() -> None:
    tables = answer("list")["tables"]
    assert len(tables) == 63
    visit = next(table for table in tables if table["table"] == "visit")
    assert (visit["no"], visit["fields"], visit["required"]) == (8, 70, 23)
    assert visit["parents"] == ["patient"]
    assert visit["group"] == "live"


def test_show_json() -> None:
    shown = answer("show", "visit")
    assert len(shown["fields"]) == 70
    sex = next(field for field in shown["fields"] if field["name"] == "sex_code")
    assert (sex["format"], sex["required"], sex["value_set"], sex["codes"]) == ("N1", "R", "GB/T 2261.1", 4)
    patient = next(field for field in shown["fields"] if field["name"] == "patient_id")
    assert patient["key"] == {"kind": "FK", "table": "patient", "column": "patient_id"}


@pytest.mark.parametrize("name", ["GB/T 2261.1", "GB_T_2261.1"])
def test_show_codes_json(name: str) -> None:
    assert answer("show", "--codes", name)["codes"]["1"] == "男性"


def test_lint_json() -> None:
    report = answer("lint")
    assert (report["tables"], report["errors"]) == (63, 0)
    assert (report["fields"], report["rules"], report["value_sets"]) == (3484, 745, 402)
    assert report["assumed"] > 1000


def test_people_read_chinese_tables() -> None:
    listed = run("list")
    assert listed.exit_code == 0
    for text in (
        "序号",
        "时限组",
        "patient_adverse_drug_reaction_record",
        "共 63 张表、3484 个字段",
        "依据待确认",
    ):
        assert text in listed.stdout
    shown = run("show", "infectious_disease_report")
    assert shown.exit_code == 0
    assert "依据待确认：表名为本项目暂定" in shown.stdout
    codes = run("show", "--codes", "LOINC")
    assert "不拒绝任何代码" in codes.stdout
    assert "错误 0" in run("lint").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "vist"), "visit"),
        (("show", "--codes", "GBT 2261.1"), "GB/T 2261.1"),
        (("show",), "二者取一"),
        (("show", "visit", "--codes", "LOINC"), "二者取一"),
        (("list", "--edition", "jiangsu"), "jiangxi"),
    ],
)
def test_mistakes_on_the_command_line(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_lint_of_a_broken_overlay(tmp_path: Path) -> None:
    folder = tmp_path / "value_sets"
    folder.mkdir()
    (folder / "GB_T_2261.1.csv").write_text("code,name_zh,note\n1,男,\n1,女,\n", encoding="utf-8")
    done = run("lint", "--overlay", str(tmp_path), "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["errors"] == 2
    assert {finding["check"] for finding in report["findings"] if finding["severity"] == "error"} == {
        "code_duplicate",
        "entries",
    }
    assert "错误 2" in run("lint", "--overlay", str(tmp_path)).stdout
