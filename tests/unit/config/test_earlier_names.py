"""A project written for an earlier version still loads; lint tells the names of today, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli.test import command
from medferry.config import Complaint, complaints_of, load_project
from medferry.config.case_files import read_cases
from medferry.sources.sql_query import SqlQuerySettings

ENVIRON = {"SECRET": "s3cret"}

CASES = """\
route: his.card
frames:
  visits_by_barcode: [{barcode: T1, patient_id: "70"}]
cases:
  - name: 本院区
    rows: [{KH: "1"}]
    frames:
      persons: [{id: "7"}]
"""


def written_earlier(folder: Path) -> Path:
    path = folder / "medferry.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("lookup_tables:", "frames:").replace(
        "mappings: mappings/his}", "mappings: mappings/his, options: {frame_rows_max: 9}}"
    )
    path.write_text(text, encoding="utf-8")
    return folder


def told(complaints: list[Complaint]) -> list[tuple[str, str, str]]:
    return [(f"{one.file}:{one.line}:{one.column}", one.severity, one.fix) for one in complaints]


def test_an_earlier_project_reads_as_it_did(project: Path) -> None:
    today = load_project(project, ENVIRON)
    earlier = load_project(written_earlier(project), ENVIRON)
    assert earlier.lookup_tables == today.lookup_tables
    his = earlier.sources["his"].settings
    assert isinstance(his, SqlQuerySettings)
    assert his.lookup_rows_max == 9
    assert earlier.route("his.card").lookup_tables == ("visits_by_barcode",)


def test_lint_names_what_they_are_called_today(project: Path) -> None:
    assert told(complaints_of(written_earlier(project), ENVIRON)) == [
        ("medferry.yaml:7:121", "warning", "改名为 lookup_rows_max"),
        ("medferry.yaml:8:1", "warning", "改名为 lookup_tables"),
    ]


def test_earlier_cases_are_read(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests/card.yaml").write_text(CASES, encoding="utf-8")
    (case,), complaints = read_cases(load_project(project, ENVIRON))
    assert case.lookup_tables == {
        "visits_by_barcode": ({"barcode": "T1", "patient_id": "70"},),
        "persons": ({"id": "7"},),
    }
    assert told(complaints) == [
        ("tests/card.yaml:2:1", "warning", "改名为 lookup_tables"),
        ("tests/card.yaml:7:5", "warning", "改名为 lookup_tables"),
    ]


def test_earlier_cases_run_and_say_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    (project / "tests").mkdir()
    (project / "tests/card.yaml").write_text(CASES, encoding="utf-8")
    ran = CliRunner().invoke(command, ["--project", str(project)])
    assert ran.exit_code == 0, ran.output
    assert "通过  tests/card.yaml:5  本院区" in ran.stdout
    assert (
        "tests/card.yaml:2:1 警告：frames 是早先版本的名字，仍可读；办法：改名为 lookup_tables" in ran.stderr
    )


def test_the_old_name_beside_the_new_one_is_a_mistake(project: Path) -> None:
    path = project / "medferry.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "frames: {}\n", encoding="utf-8")
    found = complaints_of(project, ENVIRON)
    assert [(one.severity, one.message_zh) for one in found] == [
        ("error", "没有这个medferry.yaml 的键：frames")
    ]
