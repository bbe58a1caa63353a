"""Goal: before the day of a switch a person knows what it will hold, and sees the platform refuse it.

Method: the sample project is run against a sandbox of today's edition; its ledger is then judged by an edition of names
one character long, from within the project's folder; a sandbox that follows that edition refuses the same rows.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.catalog.editions.folders import load_edition
from medferry.catalog.files import edition_folder
from medferry.cli.main import cli
from medferry.cli.new import new_project
from medferry.cli.run import run_project
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    new_project(folder)
    newer = folder / "catalog" / "2027" / "tables" / "patient"
    newer.mkdir(parents=True)
    fields = newer / "fields.csv"
    shutil.copy(edition_folder("jiangxi") / "tables" / "patient" / "fields.csv", fields)
    lines = fields.read_text(encoding="utf-8").splitlines()
    (at,) = (n for n, line in enumerate(lines) if ",patient_name," in line)
    assert "AN..50" in lines[at]
    lines[at] = lines[at].replace("AN..50", "AN..1")
    fields.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


def accepted(folder: Path, data: Path, edition: str, monkeypatch: pytest.MonkeyPatch) -> int:
    folders = load_edition(edition, folder).files.folders
    settings = SandboxSettings(
        data=data, port=0, control_port=0, waivers=folder / "waivers.yaml", edition=folders
    )
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        report = run_project(folder, until_quiet=True, at_most_s=120.0, tell=lambda _: None)
    states = report["tables"]
    assert isinstance(states, dict)
    return int(states["patient"].get("accepted", 0))


def test_rows_that_a_switch_would_hold_are_counted_where_the_project_stands(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = accepted(folder, tmp_path / "today", "jiangxi", monkeypatch)
    assert there > 0
    monkeypatch.chdir(folder)
    said = CliRunner().invoke(cli, ["catalog", "diff", "jiangxi", "2027", "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["would_hold"]["patient"]["held"] == there, "each name is longer than one character"
    assert found["would_hold"]["patient"]["judged"] >= there
    shown = CliRunner().invoke(cli, ["catalog", "diff", "jiangxi", "2027"]).stdout
    assert "patient_name（length）" in shown


def test_the_sandbox_refuses_by_the_edition_it_is_given(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert accepted(folder, tmp_path / "newer", "2027", monkeypatch) == 0


def test_a_project_without_a_ledger_has_nothing_to_count(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    said = CliRunner().invoke(cli, ["catalog", "diff", "jiangxi", "2027", "--json"])
    assert json.loads(said.stdout)["would_hold"] == {}
