"""Goal: a broken source or platform costs its own routes only, is named clearly, and heals by itself.
Method: a small synthetic hospital; one database is taken away, or made unreadable, or the platform is not there yet."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli.run import run_project
from medferry.cli.status import command as status_command
from medferry.clock import SystemClock
from medferry.events import Event, RouteFailed
from medferry_sandbox.auditor import audit
from medferry_sandbox.commands.demo import sunshine_project
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings


@pytest.fixture
def hospital(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sunshine:
    made = Sunshine.create(tmp_path / "hospital", clock=SystemClock(), visits=30, days=7, seed=3)
    for line in (made.folder / "sources.env").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SUNSHINE_LEDGER", str(tmp_path / "ledger.sqlite"))
    return made


def status() -> dict[str, object]:
    ran = CliRunner().invoke(status_command, ["--project", str(sunshine_project()), "--json"])
    assert ran.exit_code == 0, ran.output
    found: dict[str, object] = json.loads(ran.stdout)
    return found


@pytest.mark.slow
def test_a_source_that_is_down_stops_its_own_routes_only(
    hospital: Sunshine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = hospital.folder / "his_qingshanhu.sqlite"
    gone.rename(tmp_path / "away.sqlite")
    events: list[Event] = []
    with running_sandbox(SandboxSettings(data=tmp_path / "platform", port=0, control_port=0)) as sandbox:
        monkeypatch.setenv("MEDFERRY_PLATFORM_URL", sandbox.url)
        report = run_project(sunshine_project(), until_quiet=True, at_most_s=120, tell=events.append)
        failed = report["failed_routes"]
        assert isinstance(failed, dict)
        assert failed
        assert all(route.startswith(("his_qingshanhu.", "lis_", "emr_")) for route in failed)
        assert {event.route for event in events if isinstance(event, RouteFailed)} == set(failed)
        message = failed["his_qingshanhu.visit"]
        assert "his_qingshanhu" in message
        assert "处理办法" in message
        first = audit(hospital.truth.path, sandbox.storage_path)
        assert first.arrived["patient"] > 0
        assert (first.doubled, first.reversed, first.mismatches) == (0, 0, 0)
        failures = status()["failures"]
        assert isinstance(failures, list)
        assert {one["route"] for one in failures} == set(failed)

        (tmp_path / "away.sqlite").rename(gone)
        report = run_project(sunshine_project(), until_quiet=True, at_most_s=120, tell=events.append)
        assert report["failed_routes"] == {}
        assert audit(hospital.truth.path, sandbox.storage_path).clean
        assert status()["failures"] == []


@pytest.mark.slow
def test_rows_wait_for_a_platform_that_is_down_and_status_says_since_when(
    hospital: Sunshine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setenv("MEDFERRY_PLATFORM_URL", f"http://127.0.0.1:{port}")
    run_project(sunshine_project(), until_quiet=True, at_most_s=12, tell=lambda _: None)
    waiting = status()
    assert waiting["platform_lost_since"] is not None
    assert "127.0.0.1" in str(waiting["platform_text"])
    tables = waiting["tables"]
    assert isinstance(tables, list)
    assert sum(sum(table["rows"].values()) for table in tables) > 300
    assert not any(table["rows"].get("parked") for table in tables), "an outage uses up nobody's attempts"

    settings = SandboxSettings(data=tmp_path / "platform", port=port, control_port=0)
    with running_sandbox(settings) as sandbox:
        run_project(sunshine_project(), until_quiet=True, at_most_s=120, tell=lambda _: None)
        assert audit(hospital.truth.path, sandbox.storage_path).clean
    assert status()["platform_lost_since"] is None
