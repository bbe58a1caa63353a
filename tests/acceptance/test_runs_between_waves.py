"""Goal: what is committed late, older than what was read by then, arrives whenever the hospital is looked at.
Method: the sunshine hospital in the order create, run, run, advance, run, run; the auditor after each, who knows the truth
and the platform only. The second run before the second wave moves every sweep past the late commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.cli.run import run_project
from medferry.clock import SystemClock
from medferry_sandbox.auditor import AuditReport, audit
from medferry_sandbox.commands.demo import sunshine_project
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings


@pytest.mark.slow
def test_late_commits_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = sunshine_project()
    hospital = Sunshine.create(tmp_path / "hospital", clock=SystemClock(), visits=60, days=8, seed=2026)
    for line in (tmp_path / "hospital" / "sources.env").read_text(encoding="utf-8").splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    monkeypatch.setenv("SUNSHINE_LEDGER", str(tmp_path / "ledger.sqlite"))
    settings = SandboxSettings(
        data=tmp_path / "platform", port=0, control_port=0, waivers=project / "waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)

        def ran() -> AuditReport:
            run_project(project, until_quiet=True, at_most_s=None, tell=lambda event: None)
            return audit(hospital.truth.path, sandbox.storage_path)

        for _ in range(2):
            report = ran()
            assert report.clean, report.differences[:5]
        hospital.advance()
        for _ in range(2):
            report = ran()
            assert report.clean, report.differences[:5]
