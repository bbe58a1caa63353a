"""new, lint, test and preview as a person uses them, on the skeleton's own sample database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medferry.cli import lint, new, preview, test


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    folder = tmp_path / "my_hospital"
    made = CliRunner().invoke(new.command, [str(folder)])
    assert made.exit_code == 0, made.output
    return folder


def call(module: object, *arguments: str) -> Result:
    return CliRunner().invoke(module.command, list(arguments))  # type: ignore[attr-defined]


def edit(path: Path, old: str, new_text: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new_text), encoding="utf-8")


def test_a_new_project_is_sound_and_its_cases_are_green(fresh: Path) -> None:
    """Of its sample, lint says what `gaps` will: the source has no number of the insurance, and no contacts."""
    linted = call(lint, "--project", str(fresh))
    warning, end = linted.output.splitlines()
    assert "insurance_no（医疗保险号）" in warning
    assert end == "错误 0 处，警告 1 处。"
    assert linted.exit_code == 0
    tested = call(test, "--project", str(fresh))
    assert tested.exit_code == 0, tested.output
    assert "共 2 个用例，不符 0 个" in tested.output


def test_new_as_json(tmp_path: Path) -> None:
    made = CliRunner().invoke(new.command, [str(tmp_path / "h"), "--json"])
    assert {"medferry.yaml", "mappings/his/patient.yaml", "run/sample_his.sqlite"} <= set(
        json.loads(made.output)["files"]
    )


def test_the_help_of_test_shows_how_a_case_is_written() -> None:
    assert "findings_complete: false" in call(test, "--help").output


def test_new_leaves_a_filled_folder_alone(fresh: Path) -> None:
    again = call(new, str(fresh))
    assert again.exit_code == 2
    assert "不是空目录" in again.output


def test_lint_as_json(fresh: Path) -> None:
    edit(fresh / "mappings/his/patient.yaml", "patient_name:", "patient_nmae:")
    linted = call(lint, "--project", str(fresh), "--json")
    assert linted.exit_code == 1
    report = json.loads(linted.output)
    assert report["errors"] == 2
    assert {
        "file": "mappings/his/patient.yaml",
        "line": 12,
        "column": 5,
        "nearest": "patient_name",
    }.items() <= report["complaints"][1].items()


def test_preview_masks_values_and_shows_findings(fresh: Path) -> None:
    shown = call(preview, "patient", "--project", str(fresh), "--rows", "10")
    assert shown.exit_code == 1, shown.output  # the fourth row is held
    assert "样例甲" not in shown.output
    assert "110101" not in shown.output
    assert "读 5 行，未就绪 1，得 4 行，扣留 1" in shown.output
    assert "错误 3003 代码不在值域内" in shown.output


def test_preview_as_json_reveals_on_request(fresh: Path) -> None:
    shown = call(preview, "patient", "--project", str(fresh), "--rows", "1", "--json", "--reveal")
    assert shown.exit_code == 0, shown.output
    (route,) = json.loads(shown.output)["routes"]
    assert route["route"] == "his.patient"
    (row,) = route["rows"]
    assert row["sound"]
    assert row["fields"]["patient_name"] == "样例甲"
    assert row["fields"]["archive_time"] == "20260115T081000"
    assert row["fields"]["current_address"] == "江西省南昌市样例路１号"
    assert {one["severity"] for one in row["findings"]} == {"waived", "warning"}  # no insurance number


def test_preview_of_a_table_that_nothing_feeds(fresh: Path) -> None:
    shown = call(preview, "patients", "--project", str(fresh))
    assert shown.exit_code == 2
    assert "是不是 patient？" in shown.output


def test_preview_goes_on_when_one_route_cannot_be_read(fresh: Path) -> None:
    text = (fresh / "queries/his/patient.sql").read_text(encoding="utf-8")
    (fresh / "queries/his/other.sql").write_text(text.replace("BRXX", "NO_SUCH_TABLE"), encoding="utf-8")
    mapping = (fresh / "mappings/his/patient.yaml").read_text(encoding="utf-8")
    other = mapping.replace("queries/his/patient.sql", "queries/his/other.sql")
    (fresh / "mappings/his/other.yaml").write_text(other, encoding="utf-8")
    shown = call(preview, "patient", "--project", str(fresh), "--rows", "1")
    assert "路线 his.other：" in shown.stderr
    assert "读 1 行" in shown.stdout
    assert call(preview, "patient", "--project", str(fresh), "--route", "his.other").exception is not None


def test_a_red_case_says_what_differs(fresh: Path) -> None:
    edit(fresh / "codes/his_sex.csv", "男,1,男,男性", "男,2,男,男性")
    tested = call(test, "--project", str(fresh))
    assert tested.exit_code == 1
    assert "不符  tests/patient.yaml:5" in tested.output
    assert "表 patient 第 1 行 sex_code：期望 “1”，实得 “2”" in tested.output
    assert "共 2 个用例，不符 1 个" in tested.output


def test_a_case_may_ask_for_all_findings(fresh: Path) -> None:
    edit(
        fresh / "tests/patient.yaml", "    not_ready: 1\n", "    not_ready: 2\n    findings_complete: true\n"
    )
    tested = call(test, "--project", str(fresh))
    assert "未就绪的行：期望 2，实得 1" in tested.output
    assert "多出校验结果 required（error）" in tested.output


def test_mistakes_in_case_files_have_places(fresh: Path) -> None:
    edit(fresh / "tests/patient.yaml", "route: his.patient", "route: his.patients")
    tested = call(test, "--project", str(fresh))
    assert "tests/patient.yaml:2:8 错误：没有这个路线：his.patients；是不是 his.patient？" in str(
        tested.exception
    )
