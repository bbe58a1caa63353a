"""`medferry hospital` as a person and a script use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry_sandbox.commands.hospital import group
from medferry_sandbox.hospital.lives import kinds
from medferry_sandbox.hospital.world import use_only


@pytest.fixture(autouse=True)
def _few_domains() -> Iterator[None]:
    use_only(("dictionaries", "patient", "visit"))
    yield
    use_only(())


def run(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_create_advance_live_and_truth(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path))
    made = json.loads(run("create", *out, "--visits", "60", "--days", "8", "--start", "2026-01-05", "--json"))
    assert made["wave"] == 1
    assert made["tables"]["visit"]["accepted"] == 60
    assert (tmp_path / "his_donghu.sqlite").exists()
    urls = dict(line.split("=", 1) for line in (tmp_path / "sources.env").read_text().splitlines())
    assert urls["SUNSHINE_HIS_DONGHU"] == f"sqlite:///{(tmp_path / 'his_donghu.sqlite').resolve()}"
    advanced = json.loads(run("advance", *out, "--json"))
    assert advanced["wave"] == 2
    assert advanced["rows_touched"] > 0
    lived = json.loads(run("live", *out, "--rate", "50", "--events", "4", "--json"))
    assert lived == {"new": 3, "changed": 1}
    versions = json.loads(run("truth", "visit", *out, "--json"))["versions"]
    assert sum(version["wave"] == 3 and version["ordinal"] == 1 for version in versions) == 3
    key = versions[0]["key"]
    assert f"{key}  第 1 版" in run("truth", "visit", key, *out)


def test_a_person_gets_a_table(tmp_path: Path) -> None:
    shown = run("create", "--out", str(tmp_path), "--visits", "20", "--days", "7", "--start", "2026-01-05")
    assert "真值" in shown
    assert "合计" in shown
    assert "sources.env" in shown


def test_the_kinds_of_life_are_listed(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path))
    run("create", *out, "--visits", "60", "--days", "8", "--start", "2026-01-05")
    listed = {one["kind"]: one for one in json.loads(run("lives", *out, "--json"))["lives"]}
    assert list(listed) == list(kinds())
    assert listed["newborn"]["happened"] == listed["newborn"]["rows"] == listed["newborn"]["due"] > 0
    shown = run("lives", *out)
    assert "无名氏" in shown
    assert "机会" in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_live_with_its_counts(number: signal.Signals, tmp_path: Path) -> None:
    """Goal: whoever keeps the hospital alive can end it, by Ctrl+C or as a service manager does."""
    command = [sys.executable, "-m", "medferry.cli.main", "hospital"]
    out = ("--out", str(tmp_path / "hospital"))
    subprocess.run([*command, "create", *out, "--visits", "40", "--days", "7", "--json"], check=True)
    with subprocess.Popen(
        [*command, "live", *out, "--rate", "50"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as live:
        assert live.stdout is not None
        assert live.stdout.readline()
        live.send_signal(number)
        _, said = live.communicate(timeout=60)
    assert live.returncode == 0, said
    assert said == "已停下。\n"
