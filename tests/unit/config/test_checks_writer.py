"""One entry more in `checks:`, and every other character as it was; a file that would not be sound stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.config import load_project
from medferry.config.checks_writer import add_override
from medferry.errors import ConfigError

ENTRY = {"rule": "VIS-004", "reason": '退回：说“缺”: {x}, #1 "y"', "author": "王", "date": "2026-12-01"}
OTHER = "{check: required, field: patient.birth_date, reason: 必填}"
WAYS = {
    "no checks": "",
    "another list": "checks:\n  warn:   # 放行\n    - {check: value_set, field: patient.sex_code, reason: 收}\n",
    "block": f"checks:\n  hold:\n    - {OTHER}   # 说明\n\n",
    "block of blocks": "checks:\n  hold:\n  - check: required\n    field: patient.birth_date\n    reason: 必填\n",
    "followed": f"checks:\n  hold:\n    - {OTHER}\n# 以下照旧\nreview: {{nightly: false}}\n",
    "no last line feed": f"checks:\n  hold:\n    - {OTHER}",
    "flow": f"checks: {{hold: [{OTHER}]}}\n",
    "flow, empty": "checks: {hold: []}\n",
    "flow, another list": "checks: {warn: [{check: value_set, field: patient.sex_code, reason: 收}]}\n",
}


@pytest.fixture
def quiet(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRET", "s3cret")
    return project


@pytest.mark.parametrize("way", WAYS)
def test_it_is_added_however_the_file_is_written(quiet: Path, way: str) -> None:
    path = quiet / "medferry.yaml"
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n" + WAYS[way]
    path.write_text(before, encoding="utf-8")
    known = load_project(quiet).overrides
    changed = add_override(quiet, "hold", ENTRY)
    loaded = load_project(quiet)
    added = [one for one in loaded.overrides if one not in known]
    assert {(one.wish, one.rule_id, one.reason) for one in added} == {("hold", "VIS-004", ENTRY["reason"])}
    assert set(known) <= set(loaded.overrides)
    left = path.read_text(encoding="utf-8")
    for line in before.splitlines():
        assert line in left or "[" in line
    assert "+" in changed
    assert "VIS-004" in changed


def test_what_would_not_be_sound_is_not_written(quiet: Path) -> None:
    path = quiet / "medferry.yaml"
    before = path.read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="VIS-016"):
        add_override(quiet, "hold", ENTRY | {"rule": "VIS-016"})
    with pytest.raises(ConfigError, match="环境变量"):
        add_override(quiet, "hold", ENTRY | {"reason": "见 ${SECRET}"})
    assert path.read_text(encoding="utf-8") == before


def test_a_list_that_is_none_is_left_to_the_person(quiet: Path) -> None:
    path = quiet / "medferry.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\nchecks:\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="手工"):
        add_override(quiet, "hold", ENTRY)
