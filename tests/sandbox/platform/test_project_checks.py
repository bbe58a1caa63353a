"""The sandbox refuses and takes what a project's `checks:` say."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_client import RawClient
from test_platform_rules_on_arrival import TAKEN, example

from medferry.errors import ConfigError
from medferry_sandbox.platform.project_checks import read_project_checks
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings
from medferry_sandbox.platform.standard import Standard

CHECKS = """
project: 样例
checks:
  hold:
    - {check: required, field: patient.birth_date, reason: 省平台退回}
  warn:
    - {check: value_set, table: patient, field: sex_code, reason: 省平台收}
"""


def test_it_refuses_what_is_raised_and_takes_what_is_lowered(tmp_path: Path) -> None:
    (tmp_path / "medferry.yaml").write_text(CHECKS, encoding="utf-8")
    settings = SandboxSettings(
        data=tmp_path / "data", port=0, control_port=0, checks=tmp_path / "medferry.yaml"
    )
    with running_sandbox(settings) as sandbox:
        client = RawClient(sandbox.url, sandbox.control_url)
        client.log_in()
        raised = client.send("patient", [example("patient", birth_date="")])
        lowered = client.send("patient", [example("patient", sex_code="7", id_no="", id_type_code="")])
    assert raised.code not in TAKEN
    assert ("3001", "birth_date", "ERROR") in {
        (one["code"], one["field"], one["severity"]) for one in raised.json["details"][0]["errors"]
    }
    assert lowered.code in TAKEN
    assert ("3003", "sex_code", "WARNING") in {
        (one["code"], one["field"], one["severity"]) for one in lowered.json["details"][0]["errors"]
    }


@pytest.mark.parametrize(
    "entry", ["VIS-004", "{rule: VIS-4, reason: x}", "{check: required, field: patient.x, reason: x}"]
)
def test_what_it_cannot_read_is_said(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "medferry.yaml"
    path.write_text(f"checks:\n  hold:\n    - {entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="第 1 项"):
        read_project_checks(path, Standard())


def test_a_project_without_checks_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "medferry.yaml"
    path.write_text("project: 样例\nsources: {his: {url: '${HIS_URL}'}}\n", encoding="utf-8")
    assert read_project_checks(path, Standard()).severities == {}
