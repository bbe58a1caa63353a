"""Goal: `medferry demo` ends with every table accepted and an audit without a finding.
Method: the command itself, smaller than its default, in a process of its own; its JSON and its table are read."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from medferry_sandbox.hospital.lives import kinds

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_demo_accepts_all_tables_and_the_auditor_finds_nothing(tmp_path: Path) -> None:
    json_file = tmp_path / "demo.json"
    command = [sys.executable, "-m", "medferry.cli.main", "demo", "--out", str(tmp_path / "demo")]
    ran = subprocess.run(
        [*command, "--visits", "260", "--days", "10", "--json", str(json_file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:] + ran.stdout[-3000:]
    result = json.loads(json_file.read_text(encoding="utf-8"))
    assert (result["tables_total"], result["tables_accepted"]) == (63, 63)
    assert [result[name] for name in ("lost", "doubled", "reversed", "truth_mismatches")] == [0, 0, 0, 0]
    tables = result["tables"]
    assert len(tables) == 63
    assert all(
        set(counts) == {"read", "accepted", "held", "refused", "waiting", "superseded"}
        for counts in tables.values()
    )
    assert sum(counts["refused"] for counts in tables.values()) == 0
    assert sum(counts["held"] for counts in tables.values()) > 0, "planted faults must be held"
    assert sum(counts["waiting"] for counts in tables.values()) > 0, "children of held parents must wait"
    assert "患者基本信息 patient" in ran.stdout
    assert "丢失 0，重复 0，倒退 0，与真值不符 0" in ran.stdout
    every_kind_of_life_travelled(tmp_path / "demo")
    looked_at(tmp_path / "demo" / "look.env")


def every_kind_of_life_travelled(folder: Path) -> None:
    """Rows that are odd and true are on the platform, all of them: `odd` in the truth beside what was applied."""
    with closing(sqlite3.connect(folder / "hospital" / "truth.sqlite")) as database:
        database.execute("ATTACH ? AS platform", (str(folder / "platform" / "platform.sqlite"),))
        found = database.execute(
            "SELECT odd.kind, count(DISTINCT expected.record_key), count(DISTINCT applied.record_key)"
            " FROM odd JOIN expected USING (table_name, campus, record_key) LEFT JOIN platform.applied AS applied"
            " ON applied.table_name = odd.table_name AND applied.record_key = odd.record_key"
            " AND applied.org_code = expected.org_code AND applied.updated_at = expected.version_time"
            " WHERE expected.state = 'accepted' GROUP BY odd.kind"
        ).fetchall()
        others = database.execute(
            "SELECT count(*) FROM odd JOIN expected USING (table_name, campus, record_key)"
            " WHERE expected.state IN ('held', 'waiting') AND expected.planted <> ''"
        ).fetchone()
    assert others == (0,), "nothing is planted where life is odd"
    assert {kind: (due, there) for kind, due, there in found if due != there} == {}
    assert len(found) > 0.8 * len(kinds()), "a small hospital has most kinds; test_lives.py wants all"


def looked_at(environment: Path) -> None:
    """What the demo says at its end works: every table's expected rows are counted, and most of them are there."""
    lines = (
        line for line in environment.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "medferry.cli.main",
            "score",
            "--json",
            "--project",
            "src/medferry_sandbox/sunshine_hospital",
        ],
        cwd=ROOT,
        env=os.environ | dict(line.split("=", 1) for line in lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    score = json.loads(ran.stdout)
    assert score["expected"] == score["rows"], "all that the sources hold is in the ledger"
    assert 0.9 < score["coverage"] < 1
    assert "coverage" not in score["unknown"]
    assert len(score["deductions"]) == 10
