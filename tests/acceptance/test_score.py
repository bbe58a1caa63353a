"""Goal: coverage, gaps and score of a project that ran, as a person asks for them.
Method: a new project with its sample database and a count query is ferried into a sandbox; a row changes; it runs again."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from medferry.cli import coverage, gaps, new, score
from medferry.cli.run import run_project
from medferry.clock import ZONE
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

SHOULD_BE = 4  # rows of the sample that are released (SHBZ 1)


def asked(module: object, folder: Path, *arguments: str) -> dict[str, object]:
    ran = CliRunner().invoke(module.command, ["--project", str(folder), "--json", *arguments])  # type: ignore[attr-defined]
    assert ran.exit_code == 0, ran.output
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def edit(path: Path, old: str, added: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, added), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The new project, with a count query, a screen and a deadline of its own."""
    folder = tmp_path / "my_hospital"
    assert CliRunner().invoke(new.command, [str(folder)]).exit_code == 0
    edit(
        folder / "mappings/his/patient.yaml",
        "  key: [BRID]",
        "  count: queries/his/patient_count.sql\n  key: [BRID]",
    )
    (folder / "queries/his/patient_count.sql").write_text(
        "SELECT substr(CJSJ, 1, 10) AS day, count(*) AS expected FROM BRXX WHERE SHBZ = '1' GROUP BY 1\n",
        encoding="utf-8",
    )
    (folder / "screens.csv").write_text(
        "table,field,system,screen,desk\npatient,,门诊挂号,患者建档,挂号处\n", encoding="utf-8"
    )
    with (folder / "medferry.yaml").open("a", encoding="utf-8") as file:
        file.write("\nscore: {weights: {coverage: 40}, deadlines: {live: 1h}}\n")
    return folder


def change_a_row(folder: Path) -> None:
    """Row 1 changes now; row 2 loses its name."""
    now = datetime.now(tz=ZONE).strftime("%Y-%m-%d %H:%M:%S")
    with sqlite3.connect(folder / "run/sample_his.sqlite") as connection:
        connection.execute("UPDATE BRXX SET SJH = '13900000001', GXSJ = ? WHERE BRID = 1", (now,))
        connection.execute("UPDATE BRXX SET XM = NULL, GXSJ = ? WHERE BRID = 2", (now,))
    connection.close()


def test_what_a_project_that_ran_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SandboxSettings(
        data=tmp_path / "platform", port=0, control_port=0, waivers=folder / "waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        run_project(folder, until_quiet=True, at_most_s=60, tell=lambda _: None)
        first = asked(score, folder)
        change_a_row(folder)
        run_project(folder, until_quiet=True, at_most_s=60, tell=lambda _: None)
    second = asked(score, folder)

    assert first["expected"] == SHOULD_BE
    assert first["coverage"] == pytest.approx(int(str(first["accepted"])) / SHOULD_BE)
    assert first["timeliness"] is None, "all of it was there before the first run"
    assert "timeliness" in first["unknown"]  # type: ignore[operator]
    assert "coverage" not in first["unknown"]  # type: ignore[operator]
    assert first["weights"]["coverage"] == 40  # type: ignore[index]
    days = first["levels"]["day"]  # type: ignore[index]
    assert [(one["name"], one["expected"]) for one in days] == [("20260115", SHOULD_BE)]

    assert second["timeliness"] == 1.0, "changed and answered for within the hour"
    assert second["completeness"] < first["completeness"]  # type: ignore[operator]
    nameless = [one for one in second["deductions"] if one["field"] == "patient_name"]  # type: ignore[attr-defined]
    assert nameless
    assert all(one["points"] >= 0 for one in nameless)
    assert len(second["trend"]) == 1, "one point a day"  # type: ignore[arg-type]
    assert (folder / "run/score.sqlite").is_file()

    check_gaps(folder, tmp_path)
    check_coverage(folder)
    check_not_asked(folder)


def check_gaps(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "gaps.xlsx"
    found = asked(gaps, folder, "--out", str(file))
    departments = found["departments"]
    assert isinstance(departments, list)
    assert [one["name"] for one in departments] == ["挂号处", ""], "a desk of screens.csv before nobody's"
    desk, nobody = departments
    name = next(
        one for one in desk["gaps"] if one["field"] == "patient_name" and one["missing"] == "必填而未填"
    )
    assert (name["rows"], name["examples"], name["system"], name["screen"], name["source"]) == (
        1, ["2"], "门诊挂号", "患者建档", "his 列 XM",
    )  # fmt: skip
    marital = next(one for one in nobody["gaps"] if one["field"] == "marital_status_code")
    assert marital["for_it"], "a code that is not in the table is the information department's"
    assert "his_marital" in marital["source"]
    book = load_workbook(file)
    assert book.sheetnames[0] == "总表"
    assert book.sheetnames[-1] == "信息科"
    texts = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "必填而未填" in texts
    for value in ("样例乙", "E00000001", "13800000002", "样例丁"):
        assert not any(value in text for text in texts), "a patient's value"
    check_all_numbers(folder, file)


def check_all_numbers(folder: Path, file: Path) -> None:
    """A screen shows one number of several and says how many more; `--all` shows them."""
    few = CliRunner().invoke(gaps.command, ["--project", str(folder)]).output
    assert "1（另 2 条）" in few
    assert "medferry gaps --all 列出全部" in few
    every = CliRunner().invoke(gaps.command, ["--project", str(folder), "--all", "--out", str(file)]).output
    assert "1、2、4" in every
    assert "另" not in every
    assert load_workbook(file).sheetnames[-1] == "全部号码"


def check_coverage(folder: Path) -> None:
    found = asked(coverage, folder)
    assert (found["tables_total"], found["tables_fed"], found["fields_total"]) == (63, 1, 3484)
    patient = next(one for one in found["tables"] if one["table"] == "patient")  # type: ignore[attr-defined]
    fields = {one["field"]: one for one in patient["fields"]}
    assert patient["rows"] == SHOULD_BE
    assert fields["patient_name"]["fill_rate"] == 0.75
    assert fields["patient_name"]["distinct"] == 3
    assert fields["archive_org_code"]["waived"]
    assert fields["death_time"]["mapped_in"] == []
    assert fields["org_name"]["mapped_in"] == ["main"]
    shown = CliRunner().invoke(coverage.command, ["patient", "--project", str(folder)])
    assert shown.exit_code == 0, shown.output
    assert "患者姓名" in shown.output
    wrong = CliRunner().invoke(coverage.command, ["pateint", "--project", str(folder)])
    assert wrong.exit_code == 2
    assert "patient" in wrong.output


def check_not_asked(folder: Path) -> None:
    """Without the sources coverage is null and says so; the other dimensions stand."""
    found = asked(score, folder, "--no-sources", "--no-store", "--days", "3")
    assert found["coverage"] is None
    assert "没有询问数据源" in found["unknown"]["coverage"]  # type: ignore[index]
    shown = CliRunner().invoke(score.command, ["--project", str(folder), "--no-store"])
    assert shown.exit_code == 0, shown.output
    assert "总分" in shown.output
    assert "十大扣分" in shown.output
