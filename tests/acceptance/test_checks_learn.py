"""Goal: what the platform refuses is counted beside the warnings that foretold it; a person agrees, and from then on such
rows are held here, and the platform that reads the same file refuses none.
Method: a small synthetic hospital, and a sandbox stricter than the rules. Its file is that of the hospital's province;
the hospital's own project does not know of it until it has learned."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medferry.cli.checks import group
from medferry.cli.run import run_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry_sandbox.commands.demo import sunshine_project
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

RULE = "inspection_record-03"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = Sunshine.create(tmp_path / "hospital", clock=SystemClock(), visits=60, days=7, seed=3)
    for line in (made.folder / "sources.env").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SUNSHINE_LEDGER", str(tmp_path / "ledger.sqlite"))
    return Path(shutil.copytree(sunshine_project(), tmp_path / "project"))


def learn(project: Path, *words: str) -> Result:
    return CliRunner().invoke(group, ["learn", "--project", str(project), *words])


def ferry(project: Path, data: Path, checks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run until quiet, to a platform that judges by the checks of a file."""
    with running_sandbox(SandboxSettings(data=data, port=0, control_port=0, checks=checks)) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        run_project(project, until_quiet=True, at_most_s=200, tell=lambda _: None)


def refused(project: Path) -> set[str]:
    """Tables of which the platform refused rows."""
    reader = load_project(project).outbox.open_reader()
    try:
        return {one.table for one in reader.answers(30).refused}
    finally:
        reader.close()


@pytest.mark.slow
def test_what_is_refused_is_learned_and_then_held(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province = tmp_path / "province.yaml"
    province.write_text(
        f"checks:\n  hold:\n    - {{rule: {RULE}, reason: 平台自己的规定}}\n", encoding="utf-8"
    )
    ferry(project, tmp_path / "platform", province, monkeypatch)
    assert refused(project) == {"inspection_record"}

    told = learn(project, "--json")
    assert told.exit_code == 1
    report = json.loads(told.stdout)
    (line,) = report["refusals"]
    assert (line["table"], line["code"], line["foretold"]) == ("inspection_record", "5003", line["rows"])
    (lesson,) = [one for one in report["lessons"] if one["advice"] == "hold"]
    assert (lesson["id"], lesson["refused"], lesson["accepted"]) == (RULE, line["rows"], 0)
    shown = learn(project).output
    assert "改为扣留" in shown
    assert RULE in shown

    before = (project / "medferry.yaml").read_text(encoding="utf-8")
    assert learn(project, "--accept", RULE).exit_code == 2
    wrong = learn(project, "--accept", RULE + "x", "--reason", "一试", "--by", "王")
    assert f"是不是 {RULE}？" in wrong.output
    assert (project / "medferry.yaml").read_text(encoding="utf-8") == before

    agreed = learn(project, "--accept", RULE, "--reason", "平台退回", "--by", "王")
    assert agreed.exit_code == 0, agreed.output
    assert f'+    - {{rule: {RULE}, reason: "平台退回", author: "王", date: ' in agreed.output
    assert (project / "medferry.yaml").read_text(encoding="utf-8").startswith(before.rstrip())
    assert {one.rule_id for one in load_project(project).overrides} == {RULE}
    assert all(one["advice"] != "hold" for one in json.loads(learn(project, "--json").stdout)["lessons"])

    monkeypatch.setenv("SUNSHINE_LEDGER", str(tmp_path / "ledger_2.sqlite"))
    ferry(project, tmp_path / "platform_2", project / "medferry.yaml", monkeypatch)
    assert refused(project) == set()
    (held,) = [one for one in json.loads(learn(project, "--json").stdout)["lessons"] if one["id"] == RULE]
    assert (held["advice"], held["held"]) == ("untried", line["rows"])
