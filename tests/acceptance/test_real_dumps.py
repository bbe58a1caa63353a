"""Goal: dumps of real hospital systems cross the whole road, every row is accounted for, and nothing private is shown.

Method: the runner that `make real` calls, on the folder that MEDFERRY_DUMPS names, against local servers; then its
JSON and its printed text are held against the database it loaded. Without the folder only the runner's own
behaviour is tested.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from examples.real.__main__ import command
from examples.real.project import ABOUT, RealProject, real_projects
from examples.real.servers import DEFAULT_URLS, statements, why_absent
from sqlalchemy.engine import make_url

from medferry.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
DUMPS = os.environ.get("MEDFERRY_DUMPS", "")
RUN_S_MAX = 240


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "examples.real", *arguments]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=RUN_S_MAX, check=False)


def project_or_skip(name: str) -> RealProject:
    project = next(one for one in real_projects() if one.name == name)
    if not DUMPS:
        pytest.skip("MEDFERRY_DUMPS 没有指向转储文件夹")
    if not (Path(DUMPS) / project.dump).is_file():
        pytest.skip(f"转储文件夹里没有 {project.dump}")
    absent = why_absent(project.server, make_url(DEFAULT_URLS[project.server]))
    if absent:
        pytest.skip(absent)
    return project


@pytest.mark.real
@pytest.mark.parametrize("name", [one.name for one in real_projects()])
def test_real_system_reaches_its_aim(name: str, tmp_path: Path) -> None:
    project = project_or_skip(name)
    said = tmp_path / "said.json"
    done = run(DUMPS, "--only", name, "--json", str(said))
    assert done.returncode == 0, done.stdout + done.stderr
    result: dict[str, Any] = json.loads(said.read_text(encoding="utf-8"))[name]
    assert result["succeeded"]
    assert result["tables_accepted"] >= project.tables_aim
    for table, one in result["tables"].items():
        assert one["unsettled"] == 0, table
        still = one["held"] + one["waiting_parent"] + one["refused"]
        assert bool(one["reasons"]) == bool(still), f"{table}: rows that stand still say why"


@pytest.mark.real
def test_openhis_accounts_for_every_patient_and_shows_none(tmp_path: Path) -> None:
    project = project_or_skip("openhis")
    said = tmp_path / "said.json"
    done = run(DUMPS, "--only", project.name, "--json", str(said))
    shown = done.stdout + done.stderr + said.read_text(encoding="utf-8")
    url = make_url(DEFAULT_URLS["postgresql"]).set(drivername="postgresql", database=project.database)
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        rows = connection.execute("SELECT name, id_card, phone FROM public.adm_patient").fetchall()
    tables = json.loads(said.read_text(encoding="utf-8"))[project.name]["tables"]
    for table in ("patient", "patient_certificate"):
        one = tables[table]
        assert one["read"] == len(rows)
        ends = ("accepted", "accepted_waived", "held", "waiting_parent", "refused")
        assert sum(one[end] for end in ends) == len(rows), table
    private = {value for row in rows for value in row if value and len(value) > 2}
    assert private
    assert not [value for value in private if value in shown]


def test_without_dumps_everything_is_skipped_with_its_reason(tmp_path: Path) -> None:
    said = tmp_path / "said.json"
    for folder, reason in (
        ("", "没有给出转储文件夹"),
        (str(tmp_path / "none"), "文件夹不存在"),
        (str(tmp_path), "没有"),
    ):
        done = CliRunner().invoke(command, [folder, "--json", str(said)])
        assert done.exit_code == 0, done.output
        results = json.loads(said.read_text(encoding="utf-8"))
        assert set(results) == {one.name for one in real_projects()}
        assert all(reason in one["skipped"] for one in results.values())
        assert done.output.count("跳过") == len(results)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("SELECT 1; SELECT 2;\n", ["SELECT 1", "SELECT 2"]),
        ("INSERT INTO t VALUES ('a;b', \"c;d\");", ["INSERT INTO t VALUES ('a;b', \"c;d\")"]),
        (
            r"INSERT INTO t VALUES ('it\'s; so', 'it''s; so');",
            [r"INSERT INTO t VALUES ('it\'s; so', 'it''s; so')"],
        ),
        ("-- a; b\nSELECT 1", ["-- a; b\nSELECT 1"]),
        ("SELECT 1; -- the end;", ["SELECT 1"]),
        ("SELECT 1 /* ; */ + 1;", ["SELECT 1 /* ; */ + 1"]),
        ("INSERT INTO t VALUES ('--', 2);", ["INSERT INTO t VALUES ('--', 2)"]),
        ("CREATE TABLE `a;b` (c int);", ["CREATE TABLE `a;b` (c int)"]),
    ],
)
def test_a_script_is_cut_at_its_own_semicolons(script: str, expected: list[str]) -> None:
    assert list(statements(script)) == expected


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"database": "hospital"}, "medferry_real_"),
        ({"server": "oracle"}, "postgresql"),
        ({"aim": "3"}, "tables_aim"),
    ],
)
def test_a_wrong_about_file_is_refused(change: dict[str, str], named: str, tmp_path: Path) -> None:
    said = {
        "title": "t", "dump": "d.sql", "server": "postgresql", "database": "medferry_real_t", "url_variable": "T_URL",
        "tables_aim": "1",
    }  # fmt: skip
    (tmp_path / "one").mkdir()
    text = "\n".join(f"{key}: {value}" for key, value in (said | change).items())
    (tmp_path / "one" / ABOUT).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=named):
        real_projects(tmp_path)
