"""A decision is written into the code table whole, with who, when and why; nothing else changes."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from medferry.cli.new import new_project
from medferry.clock import ZONE
from medferry.codes_desk.decisions import Decision, accept
from medferry.codes_desk.read_codes import read_codes
from medferry.config import complaints_of, load_project
from medferry.config.complaint import ProjectError
from medferry.config.model import Project
from medferry.errors import ConfigError

AT = datetime(2026, 1, 15, 8, 10, tzinfo=ZONE)
SEVEN = Decision("his_marital", "7", "40", "王某", "离异，与人事科核对", AT, "离异,再婚")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    new_project(tmp_path / "hospital")
    return load_project(tmp_path / "hospital")


def table(project: Project) -> Path:
    return project.folder / "codes" / "his_marital.csv"


def last(project: Project) -> dict[str, str]:
    with table(project).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))[-1]


def test_a_new_line_at_the_end(project: Project) -> None:
    before = table(project).read_text(encoding="utf-8")
    assert accept(project, SEVEN) is True
    assert table(project).read_text(encoding="utf-8").startswith(before)
    assert last(project) == {
        "local": "7", "standard": "40", "local_name": "离异,再婚", "standard_name": "离婚",
        "note": "王某 2026-01-15 08:10：离异，与人事科核对",
    }  # fmt: skip
    assert read_codes(project)["his_marital"].standard_of["7"] == "40"
    assert not [one for one in complaints_of(project.folder) if one.severity == "error"]
    assert accept(project, replace(SEVEN, by="李某")) is False, "it says so already"
    assert last(project)["note"].startswith("王某")


def test_what_excel_made_stays_as_excel_made_it(project: Project) -> None:
    text = "local,standard,local_name\r\n1,20,已婚\r\n7,,离异\r\n"
    table(project).write_bytes(("\ufeff" + text).encode())
    assert accept(project, SEVEN) is True
    data = table(project).read_bytes()
    assert data.startswith("\ufefflocal,standard,local_name,standard_name,note\r\n1,20,已婚,,\r\n".encode())
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert (last(project)["standard"], last(project)["local_name"]) == ("40", "离异"), (
        "the hospital's own name stays"
    )


def test_a_decision_is_changed_only_when_that_is_said(project: Project) -> None:
    accept(project, SEVEN)
    other = replace(SEVEN, standard="30")
    with pytest.raises(ConfigError, match="--replace"):
        accept(project, other)
    assert accept(project, other, replace=True) is True
    assert last(project)["standard"] == "30"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (replace(SEVEN, standard="41"), "不在这个值域里"),
        (replace(SEVEN, codes="his_maritl"), "是不是 his_marital"),
        (replace(SEVEN, local=" 7"), "首尾不能有空白"),
        (replace(SEVEN, by=""), "不能为空"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    project: Project, wrong: Decision, text: str
) -> None:
    before = table(project).read_bytes()
    with pytest.raises(ConfigError, match=text):
        accept(project, wrong)
    assert table(project).read_bytes() == before


def test_a_damaged_table_is_not_taken(project: Project) -> None:
    table(project).write_text("local,standard\n1,20\n1,30\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="重复"):
        read_codes(project)
    table(project).unlink()
    with pytest.raises(ProjectError, match="不见了"):
        read_codes(project)
