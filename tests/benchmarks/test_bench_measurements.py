"""Every measurement of `make bench` runs, on few rows: what is asserted is that the work was done, never how fast."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from benchmarks.__main__ import main, measure, plan
from benchmarks.aims import judged
from benchmarks.ground import Ground
from benchmarks.meter import Measured, peak_memory_mib
from benchmarks.one import MEASUREMENTS
from benchmarks.page import PAGE, with_figures
from benchmarks.report import BUSY, TITLES, as_json, closing_line
from benchmarks.stages import STAGES

from medferry.clock import ZONE

ROWS = 60
RIVALS = {
    "checks": "dataframely",
    "plain_client": "httpx",
    "dlt_default": "dlt",
    "dlt_parquet": "dlt",
    "dlt_arrow": "dlt",
}


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    for name in ("MEDFERRY_PLATFORM_URL", "MEDFERRY_IN_FLIGHT", "RUNTIME__DLTHUB_TELEMETRY", "DLT_DATA_DIR"):
        monkeypatch.setenv(name, "")  # what a measurement sets ends with its test
    return Ground(tmp_path / "own", tmp_path / "shared")


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_a_measurement_does_its_work_and_says_what_it_took(name: str, ground: Ground) -> None:
    if name in RIVALS:
        pytest.importorskip(RIVALS[name], reason="installed by `make bench`")
    ground.folder.mkdir()
    measured = MEASUREMENTS[name](ground, ROWS)
    assert measured.name in (name, "source")
    assert measured.rows == ROWS
    assert measured.seconds > 0
    assert measured.cpu_seconds > 0
    assert measured.peak_memory_mib > 10


def test_the_plain_client_sends_the_record_that_the_project_makes(ground: Ground) -> None:
    pytest.importorskip("httpx", reason="installed by `make bench`")
    import sqlite3
    from contextlib import ExitStack, closing

    from benchmarks.plain_client import converters, record_of
    from benchmarks.purchases import SOURCE_TABLE

    from medferry.canonical import canonical_rows
    from medferry.catalog.load import load_catalog
    from medferry.ferry.ferry import read_plan
    from medferry.mapping.engine import apply_mapping

    ground.folder.mkdir()
    with ExitStack() as stack:
        ferry = ground.ferry(stack, ground.project(ROWS))
        route = ferry.project.routes[0]
        (raw,) = ferry.source_of(route.source).read(read_plan(route), None, "head")
        (batch,) = apply_mapping(raw.frame, ferry.project.compiled(route), {})
        table = ferry.project.catalog.table(batch.table)
        ours = [json.loads(text) for text in canonical_rows(batch.frame, table.field_names)]
    fields = converters(load_catalog())
    with closing(sqlite3.connect(ground.source(ROWS))) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(f"SELECT * FROM {SOURCE_TABLE} ORDER BY gxsj").fetchall()
    assert [record_of(row, fields) for row in rows] == ours
    assert len(ours) == ROWS


def test_varied_data_hardly_repeats_a_value_and_the_usual_data_does(ground: Ground) -> None:
    import sqlite3
    from contextlib import closing

    from benchmarks.purchases import SOURCE_TABLE

    def columns_of_many_values(path: Path) -> int:
        with closing(sqlite3.connect(path)) as database:
            names = [row[1] for row in database.execute(f"PRAGMA table_info({SOURCE_TABLE})")]
            counted = ", ".join(f"count(DISTINCT {name})" for name in names)
            return sum(
                count > 700 for count in database.execute(f"SELECT {counted} FROM {SOURCE_TABLE}").fetchone()
            )

    usual = columns_of_many_values(ground.source(1_000))
    assert usual < 12
    assert columns_of_many_values(ground.source(1_000, varied=True)) >= usual + 20


def test_memory_of_a_large_parent_is_not_counted_as_the_measured_process() -> None:
    ballast = bytearray(300 * 1024 * 1024)
    ballast[::4096] = b"x" * len(ballast[::4096])
    assert peak_memory_mib() > 300
    code = "from benchmarks.meter import peak_memory_mib; print(peak_memory_mib())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(told.stdout) < 100


def test_every_planned_measurement_exists_and_has_a_title() -> None:
    planned = plan(200_000)
    assert set(planned) == set(TITLES)
    assert set(planned) <= set(MEASUREMENTS)
    assert planned["road_long"] == 1_000_000
    assert planned["plain_client"] == 5_000
    assert planned["calls"] >= 2_000
    assert planned["to_receipt"] == 100_000
    assert {planned[stage] for stage in STAGES} == {200_000}


def _found(**changed: Measured) -> dict[str, Measured]:
    found = {
        "road": Measured("road", 200_000, 8.0, 10.0, 300.0),
        "road_long": Measured("road_long", 1_000_000, 40.0, 50.0, 310.0),
        "plain_client": Measured("plain_client", 5_000, 10.0, 8.0, 90.0),
        "calls": Measured("calls", 4_000, 5.0, 3.0, 120.0),
        "to_receipt": Measured("to_receipt", 100_000, 60.0, 20.0, 200.0),
    }
    return found | changed


def test_all_aims_reached() -> None:
    aims = judged(_found())
    assert [aim.reached for aim in aims] == [True] * 7
    assert closing_line(aims) == "7 项目标全部达到。"


@pytest.mark.parametrize(
    ("name", "worse", "says"),
    [
        ("road", Measured("road", 200_000, 9.0, 10.0, 300.0), "≥ 25,000 行/秒"),
        ("plain_client", Measured("plain_client", 5_000, 1.9, 1.0, 90.0), "10 倍"),
        ("road", Measured("road", 200_000, 8.0, 10.0, 573.0), "≤ 600 MB"),
        ("road_long", Measured("road_long", 1_000_000, 40.0, 50.0, 331.0), "不随行数增长"),
        ("calls", Measured("calls", 4_000, 8.1, 3.0, 120.0), "500 次调用/秒"),
        ("to_receipt", Measured("to_receipt", 100_000, 7_260.0, 20.0, 200.0), "120 分钟"),
    ],
)
def test_a_missed_aim_is_said(name: str, worse: Measured, says: str) -> None:
    aims = judged(_found(**{name: worse}))
    missed = [aim for aim in aims if not aim.reached]
    assert [aim.name for aim in missed] == ["road" if name == "plain_client" else name]
    assert says in closing_line(aims)
    assert closing_line(aims).startswith("7 项目标中 1 项未达到")


def _figures(page: str) -> str:
    """Return the part of the page that a run of the roads writes; other parts have machines of their own."""
    return page.split("<!-- figures -->")[1].split("<!-- /figures -->", maxsplit=1)[0]


def test_figures_of_a_run_take_the_place_of_those_before_them() -> None:
    where = {"processor": "P", "cores": 2, "system": "S", "python": "3.11", "load_1_minute": "0.1"}
    at = datetime(2026, 1, 15, 8, 30, tzinfo=ZONE)
    told = as_json(_found(), {"dlt_arrow": "超时"}, where, at)
    page = PAGE.read_text(encoding="utf-8")
    once = with_figures(page, told)
    assert with_figures(once, told) == once
    assert "2026-01-15 08:30" in once
    assert "| 全程（源库到回执） | 200,000 | 8.0 | 25,000 |" in once
    assert "没有测出：超时" in once
    assert BUSY not in _figures(once)
    assert BUSY in _figures(with_figures(page, told | {"machine": where | {"load_1_minute": "6.2"}}))
    with pytest.raises(ValueError, match="找不到"):
        with_figures("# no marks", told)


def test_what_was_not_measured_is_not_judged() -> None:
    assert judged({"read": Measured("read", 10, 1.0, 1.0, 50.0)}) == []


def test_the_command_writes_figures_and_ends_well_when_an_aim_is_missed(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    assert main(["--rows", "200", "--only", "road", "--json", str(file)]) == 0
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["measured"]["road"]["rows"] == 200
    assert told["failed"] == {}
    speed = told["aims"][0]
    assert (speed["name"], speed["reached"]) == ("road", speed["figure"] >= 25_000)


def test_a_measurement_that_cannot_be_made_is_told_apart_from_a_slow_one(tmp_path: Path) -> None:
    (tmp_path / "source_50.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 40)
    told = measure("read", 50, tmp_path)
    assert isinstance(told, str)
    assert told
