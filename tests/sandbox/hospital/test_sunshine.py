"""The hospital's life in real databases: create, advance, live; and the truth about it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa
from hospital_servers import BOTH, server_to_myself

from medferry.clock import ZONE, FixedClock
from medferry.errors import ConfigError
from medferry_sandbox.hospital.physical import source_rows
from medferry_sandbox.hospital.sunshine import Sunshine
from medferry_sandbox.hospital.world import use_only

CLOCK = FixedClock(datetime(2026, 2, 1, 12, tzinfo=ZONE))
START = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _few_domains() -> Iterator[None]:
    use_only(("dictionaries", "patient", "papers", "health", "visit", "expense", "diagnosis"))
    yield
    use_only(())


def create(folder: Path, url: str | None = None, visits: int = 200) -> Sunshine:
    return Sunshine.create(folder, clock=CLOCK, visits=visits, days=9, seed=11, start=START, url=url)


def rows_of(hospital: Sunshine, wave: int) -> None:
    """Asserts that the databases hold exactly the rows of the wave."""
    wanted = source_rows(hospital.world, wave)
    for (place, table), keyed in wanted.items():
        engine = sa.create_engine(hospital.databases.urls[place])
        with engine.connect() as connection:
            found = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
        engine.dispose()
        assert found == len(keyed), f"{place}.{table}"


def test_create_and_advance(tmp_path: Path) -> None:
    hospital = create(tmp_path)
    rows_of(hospital, 1)
    before = {(line.table_name, line.record_key, line.ordinal): line for line in hospital.truth.read()}
    assert Sunshine.open(tmp_path).advance() > 0
    rows_of(hospital, 2)
    lines = hospital.truth.read()
    states = Counter(line.state for line in lines)
    assert {"accepted", "superseded", "held"} <= set(states)
    assert {line.wave for line in lines} == {1, 2}
    late = [line for line in lines if line.planted == "late"]
    assert late
    assert not any((line.table_name, line.record_key, line.ordinal) in before for line in late)
    newest = {(line.table_name, line.campus, line.record_key): line for line in lines}
    for line in lines:
        if line.state == "superseded":
            assert newest[line.table_name, line.campus, line.record_key].ordinal > line.ordinal
    with pytest.raises(ConfigError, match="第二波已经放出"):
        Sunshine.open(tmp_path).advance()


def test_rows_carry_prefixes_and_follow_the_standards_order(tmp_path: Path) -> None:
    hospital = create(tmp_path)
    for line in hospital.truth.read("visit"):
        row = json.loads(line.row_json)
        prefix = "DH-" if line.campus == "donghu" else "QS-"
        assert line.record_key == row["visit_id"]
        for name in ("visit_id", "patient_id", "dept_code", "responsible_doctor_id"):
            assert row[name].startswith(prefix)
        assert list(row)[:3] == ["org_code", "org_name", "visit_id"]
        assert all(isinstance(value, str) and value for value in row.values())


def test_a_child_waits_exactly_while_its_parent_has_no_accepted_version(tmp_path: Path) -> None:
    """Goal: waiting is decided by foreign keys alone, through every generation.
    Method: recompute it from the truth table's own rows."""
    hospital = create(tmp_path, visits=600)
    lines = hospital.truth.read()
    accepted = {(line.table_name, line.campus, line.record_key) for line in lines if line.state == "accepted"}
    parents = {
        record.recipe.table: record.recipe.standard.parents for record in hospital.world.records.values()
    }
    waiting = 0
    for line in lines:
        row = json.loads(line.row_json)
        wants = [
            (table, line.campus, row[name]) for name, table in parents[line.table_name].items() if name in row
        ]
        if line.state == "waiting":
            waiting += 1
            assert any(parent not in accepted for parent in wants)
        elif line.state == "accepted":
            assert all(parent in accepted for parent in wants)
    assert waiting


def test_live_events_reach_databases_and_truth(tmp_path: Path) -> None:
    hospital = create(tmp_path)
    events = list(islice(hospital.live(CLOCK), 12))
    assert Counter(event.kind for event in events) == {"new": 8, "changed": 3, "cancelled": 1}
    fresh = [line for line in hospital.truth.read() if line.wave == 3]
    assert {line.version_time for line in fresh} == {"20260201T120000"}
    again = list(islice(Sunshine.open(tmp_path).live(CLOCK), 12))
    assert sum(event.kind == "new" for event in again) == 7
    keys = [line.record_key for line in hospital.truth.read("visit") if line.wave == 3 and line.ordinal == 1]
    assert len(keys) == len(set(keys)) == 15
    with closing(sqlite3.connect(tmp_path / "his_donghu.sqlite")) as database:
        local = {key for (key,) in database.execute("SELECT jzlsh FROM mz_gh")}
    assert {key.removeprefix("DH-") for key in keys if key.startswith("DH-")} <= local


def test_live_goes_on_at_any_second(tmp_path: Path) -> None:
    """Columns that hold whole minutes are written at 12:00:17, too: all domains, rare orders among them."""
    use_only(())
    hospital = Sunshine.create(tmp_path, clock=CLOCK, visits=20, days=7, seed=11, start=START)
    at = FixedClock(datetime(2026, 2, 1, 12, 0, 17, tzinfo=ZONE))
    assert Counter(event.kind for event in islice(hospital.live(at), 40))["new"] == 24


def test_qingshanhu_writes_gbk_bytes_and_empty_text(tmp_path: Path) -> None:
    create(tmp_path)
    with closing(sqlite3.connect(tmp_path / "his_qingshanhu.sqlite")) as database:
        name, number = database.execute(
            "SELECT PAT_NAME, NO_CERT_WHY FROM PAT_MASTER WHERE CERT_NO <> ''"
        ).fetchone()
    assert isinstance(name, bytes)
    assert name.decode("gb18030")
    assert number == ""


def test_main_tables_are_indexed_by_change(tmp_path: Path) -> None:
    create(tmp_path)
    with closing(sqlite3.connect(tmp_path / "his_donghu.sqlite")) as database:
        plan = database.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM brxx WHERE gxsj >= '2026' ORDER BY gxsj, brid"
        ).fetchall()
    assert "ix_brxx_gxsj" in str(plan)


def test_nothing_there_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="medferry hospital create"):
        Sunshine.open(tmp_path)


@pytest.mark.parametrize("url", BOTH)
def test_the_same_on_a_server(tmp_path: Path, url: str) -> None:
    with server_to_myself(url):
        hospital = create(tmp_path, url)
        hospital.advance()
        rows_of(hospital, 2)
