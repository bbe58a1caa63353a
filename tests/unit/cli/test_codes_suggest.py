"""Goal: who types a name finds what `--name` finds, and need not know the code table.
Method: a new project, asked in each way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli import codes
from medferry.cli.new import new_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_project(tmp_path / "hospital")
    return tmp_path / "hospital"


def asked(folder: Path, *arguments: str) -> tuple[int, list[list[tuple[str, str]]]]:
    """Exit code, and of each place the codes with their grades."""
    done = CliRunner().invoke(codes.group, ["suggest", *arguments, "--project", str(folder), "--json"])
    values = json.loads(done.stdout)["values"]
    return done.exit_code, [[(one["code"], one["grade"]) for one in value["suggestions"]] for value in values]


def test_a_name_is_a_name_wherever_it_stands(folder: Path) -> None:
    by_name = asked(folder, "--name", "离异", "--codes", "his_marital")
    assert by_name == (0, [[("40", "建议")]])
    assert asked(folder, "离异", "--codes", "his_marital") == by_name
    assert asked(folder, "离异") == by_name


def test_what_is_nowhere_is_said(folder: Path) -> None:
    assert asked(folder, "qqqq") == (1, [])
    done = CliRunner().invoke(codes.group, ["suggest", "qqqq", "--project", str(folder)])
    assert "没有一个代码表" in done.output
