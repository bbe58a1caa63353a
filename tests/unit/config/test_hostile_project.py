"""Whatever lies in a project folder is a complaint with its place; nothing waits, nothing ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.config import ProjectError, complaints_of
from medferry.config.complaint import Complaint
from medferry.config.text_file import BYTES_MAX
from medferry.testing.hostile_project import HOSTILE_FILES, SPOILT_CSV, SPOILT_YAML

FILES = (
    "medferry.yaml",
    "mappings/his/card.yaml",
    "queries/his/card.sql",
    "codes/card_type.csv",
    "waivers.yaml",
    "screens.csv",
)
ENVIRON = {"SECRET": "secret"}


def complaints(project: Path) -> list[Complaint]:
    return [one for one in complaints_of(project, environ=ENVIRON) if one.severity == "error"]


@pytest.mark.parametrize("name", HOSTILE_FILES)
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_none_is_complained_of(project: Path, file: str, name: str) -> None:
    assert complaints(project) == []
    (project / file).unlink(missing_ok=True)
    HOSTILE_FILES[name](project / file)
    found = complaints(project)
    assert any(file in str(one) for one in found), found


@pytest.mark.parametrize("name", SPOILT_YAML)
@pytest.mark.parametrize("file", ["medferry.yaml", "mappings/his/card.yaml"])
def test_a_spoilt_yaml_is_complained_of(project: Path, file: str, name: str) -> None:
    (project / file).write_text(SPOILT_YAML[name], encoding="utf-8")
    found = complaints(project)
    assert found
    assert found[0].place.file in FILES


@pytest.mark.parametrize("name", list(SPOILT_CSV))
def test_a_spoilt_code_table_is_complained_of(project: Path, name: str) -> None:
    (project / "codes/card_type.csv").write_text(SPOILT_CSV[name], encoding="utf-8")
    assert [one for one in complaints(project) if one.place.file == "codes/card_type.csv"]


def test_an_open_quote_is_told_and_swallows_nothing_in_silence(project: Path) -> None:
    (project / "codes/card_type.csv").write_text('local,standard\n1,02\n2,"03\n3,04\n', encoding="utf-8")
    assert any("CSV" in one.message_zh for one in complaints(project))


def test_a_file_just_within_the_limit_is_read(project: Path) -> None:
    text = (project / "waivers.yaml").read_text(encoding="utf-8")
    (project / "waivers.yaml").write_text(text + "#" * (BYTES_MAX // 10), encoding="utf-8")
    assert complaints(project) == []


def test_the_program_says_all_of_it_at_once(project: Path) -> None:
    HOSTILE_FILES["a folder"](project / "screens.csv")
    (project / "waivers.yaml").write_text("- [\n", encoding="utf-8")
    with pytest.raises(ProjectError) as caught:
        raise ProjectError(complaints(project))
    assert "screens.csv:1:1" in str(caught.value)
    assert "waivers.yaml:" in str(caught.value)
