"""Goal: `status` says of a route that works what its source wants looked at, and takes it back when that is over.
Method: a project on a SQLite source, passes of its one route, the ledger's run state and the page of `status`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag

import pytest
from click.testing import CliRunner

from medferry.catalog.load import load_catalog
from medferry.cli import status
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.ferry.ferry import open_ferry
from medferry.ferry.source_loads import SourceLoads

MAIN = """\
project: 测试
catalog: jiangxi
campuses:
  main: {name: 本部, branch_code: "01", org_code: 12360100A00000001X, org_name: 测试医院}
sources:
  his: {type: sql_query, campus: main, url: "sqlite:///his.sqlite", mappings: mappings/his}
destination: {type: rest, url: "http://127.0.0.1:1", app_key: demo, app_secret: geheim}
outbox: {type: sqlite, path: ledger.sqlite}
"""
ROUTE = """\
read: {query: queries/q.sql, key: [id], changed_at: gx, ready_when: {sh: ["1"]}}
tables:
  drug_atalogue:
    drug_id: id
    generic_name: mc
    record_status: {constant: "1", because: 不删除}
    created_at: {column: gx, verbs: [{datetime: ["%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"]}]}
    updated_at: {column: gx, verbs: [{datetime: ["%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"]}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"medferry.yaml": MAIN, "mappings/his/drug.yaml": ROUTE, "queries/q.sql": "SELECT * FROM t"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    mapped = {"drug_id", "generic_name", "record_status", "created_at", "updated_at", "org_code", "org_name"}
    required = [one.name for one in load_catalog().table("drug_atalogue").fields if one.required == "R"]
    waived = [
        f"- {{table: drug_atalogue, field: {name}, reason: 测试不涉及}}\n"
        for name in required
        if name not in mapped
    ]
    (tmp_path / "waivers.yaml").write_text("".join(waived), encoding="utf-8")
    with sqlite3.connect(tmp_path / "his.sqlite") as made:
        made.execute("CREATE TABLE t (id INTEGER, mc TEXT, sh TEXT, gx TEXT)")
        made.execute(
            "INSERT INTO t VALUES (1, '甲', '已审', '2026/9/8 9:05:00'), (2, '乙', '已审', '2026/10/9 9:05:00')"
        )
    return tmp_path


def one_pass(folder: Path) -> dict[str, str]:
    """Texts of the notices after one run to the end."""
    project = load_project(folder)
    with ExitStack() as stack:
        ferry = open_ferry(project, SystemClock(), SoftwareProvider(), lambda _: None, stack)
        SourceLoads(ferry, project.routes, Flag()).to_the_end()
    reader = project.outbox.open_reader()
    try:
        return {route: trouble.text for route, trouble in reader.run_state().notices.items()}
    finally:
        reader.close()


def test_a_route_read_whole_and_never_ready_is_said_until_it_is_mended(folder: Path) -> None:
    told = one_pass(folder)["his.drug"]
    assert "整表读取" in told
    assert "读到 2 行，0 行就绪" in told
    assert "sh" in told
    page = CliRunner().invoke(status.command, ["--project", str(folder)])
    assert "0 行就绪" in page.output, page.output
    assert one_pass(folder)["his.drug"] == told, "said by the next run too"
    with sqlite3.connect(folder / "his.sqlite") as made:
        made.execute("UPDATE t SET sh = '1', gx = '2026-10-09 09:05:0' || id")
    assert one_pass(folder) == {}
    page = CliRunner().invoke(status.command, ["--project", str(folder)])
    assert "0 行就绪" not in page.output


def made_rows(folder: Path, *rows: tuple[str | None, str, str | None]) -> None:
    """The source's table, with these rows: key, name, when changed."""
    with sqlite3.connect(folder / "his.sqlite") as made:
        made.execute("DROP TABLE t")
        made.execute("CREATE TABLE t (id TEXT, mc TEXT, sh TEXT DEFAULT '1', gx TEXT)")
        made.executemany("INSERT INTO t (id, mc, gx) VALUES (?, ?, ?)", rows)


def kept(folder: Path) -> dict[str, list[str]]:
    """Key -> the state of each of its versions."""
    reader = load_project(folder).outbox.open_reader()
    try:
        return {
            key: [str(one.state) for one in reader.versions_of("drug_atalogue", "12360100A00000001X", key)]
            for key in ("A1", "B1")
        }
    finally:
        reader.close()


def rivals(folder: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Key -> route, source time and state of the rows that gave it, as `status --json` tells."""
    page = CliRunner().invoke(status.command, ["--project", str(folder), "--json"])
    return {
        one["key"]: [
            (row["route"], row["source_time"], row["state"]) for row in one["rows"] if row["batch_id"]
        ]
        for one in json.loads(page.stdout)["rivals"]
    }


def test_rows_whose_keys_differ_by_blanks_or_case_are_held_together(folder: Path) -> None:
    """Goal: of two rows of the source that one key is made of, none vanishes behind the other."""
    made_rows(
        folder,
        ("A1", "甲药", "2026-10-01 08:00:00"),
        (" A1", "乙药", "2026-10-01 09:00:00"),
        ("B1", "丙药", "2026-10-01 09:00:00"),
    )
    one_pass(folder)
    assert kept(folder) == {"A1": ["held", "held"], "B1": ["ready"]}
    assert rivals(folder) == {
        "A1": [("his.drug", "20261001T080000", "held"), ("his.drug", "20261001T090000", "held")]
    }
    one_pass(folder)
    assert kept(folder) == {"A1": ["held", "held"], "B1": ["ready"]}, "read again, they are as they were"


def test_a_key_that_another_row_gave_before_is_said(folder: Path) -> None:
    """Goal: rows of one key that come one after the other travel, the newer over the older, and it is said."""
    made_rows(folder, ("A1", "甲药", "2026-10-01 08:00:00"), ("B1", "丙药", "2026-10-01 08:00:00"))
    assert one_pass(folder) == {}
    with sqlite3.connect(folder / "his.sqlite") as made:
        made.execute("INSERT INTO t (id, mc, gx) VALUES (' A1', '乙药', '2026-10-01 09:00:00')")
        made.execute("UPDATE t SET mc = '丁药', gx = '2026-10-01 09:00:00' WHERE id = 'B1'")
    told = one_pass(folder)["his.drug"]
    assert "表 drug_atalogue 有 1 行的主键，本路线的另一源行先给过" in told, (
        "the row that only changed is no rival"
    )
    assert "乙药" not in told
    assert rivals(folder) == {
        "A1": [("his.drug", "20261001T080000", "superseded"), ("his.drug", "20261001T090000", "ready")]
    }
    page = CliRunner().invoke(status.command, ["--project", str(folder)]).output
    assert "几个源行给了同一个主键" in page
    [line] = [one for one in page.splitlines() if "20261001T080000" in one]
    assert "A1" in line
    assert kept(folder)["A1"] == ["superseded", "ready"]
    reader = load_project(folder).outbox.open_reader()
    try:
        newest = reader.versions_of("drug_atalogue", "12360100A00000001X", "A1")[-1]
        found = {(one.code, one.severity) for one in reader.findings_of([newest.seq])}
    finally:
        reader.close()
    assert ("5001", "warning") in found


def test_what_came_or_changed_behind_the_window_is_read_and_said(folder: Path) -> None:
    """Goal: neither a late commit nor a late correction is lost, however old its change time. Method: the order create, run
    twice, change, run twice, with a window of three days and changes a month behind it."""
    route = folder / "mappings/his/drug.yaml"
    route.write_text(
        route.read_text("utf-8").replace("key: [id],", "key: [id], window: 3d,"), encoding="utf-8"
    )
    old = [(f"K{n}", "甲药", f"2025-12-{n:02d} 08:00:00") for n in range(1, 20)]
    made_rows(folder, *old, ("A1", "甲药", "2026-01-20 08:00:00"))
    assert one_pass(folder) == {}
    assert one_pass(folder) == {}
    with sqlite3.connect(folder / "his.sqlite") as made:
        made.execute("INSERT INTO t (id, mc, gx) VALUES ('B1', '乙药', '2025-12-05 09:00:00')")
        made.execute("UPDATE t SET mc = '丙药', gx = '2025-12-07 09:00:00' WHERE id = 'K7'")
        made.execute("DELETE FROM t WHERE id = 'K5'")  # as many as before
    told = one_pass(folder)["his.drug"]
    assert "窗口之外补到 2 个版本" in told
    assert one_pass(folder) == {}
    assert kept(folder)["B1"] == ["ready"]
    reader = load_project(folder).outbox.open_reader()
    try:
        assert len(reader.versions_of("drug_atalogue", "12360100A00000001X", "K7")) == 2
    finally:
        reader.close()


def test_a_first_run_to_the_end_leaves_no_row_unread_or_unsaid(folder: Path) -> None:
    """Goal: rows without a change time, with a zero one or without a key are read by the first run, or said."""
    made_rows(
        folder,
        ("A1", "甲药", "2026-10-01 08:00:00"),
        ("B1", "乙药", None),
        ("C1", "丙药", "0000-00-00 00:00:00"),
        (None, "丁药", "2026-10-01 08:00:00"),
    )
    told = one_pass(folder)["his.drug"]
    assert "没有" in told, told
    assert "1 行" in told, told
    reader = load_project(folder).outbox.open_reader()
    try:
        assert sum(count.rows for count in reader.counts()) == 4, "each row is in the ledger, sound or held"
    finally:
        reader.close()


def test_the_first_sweep_reads_the_window_and_not_the_back_log(folder: Path) -> None:
    """Goal: 50 rows of long ago are read once; the first sweep reads those of the window, and each later one too."""
    now = SystemClock().now().replace(tzinfo=None, microsecond=0)
    old = [(f"O{number}", "旧药", f"2024-01-01 08:00:{number:02}") for number in range(50)]
    mapping = folder / "mappings" / "his" / "drug.yaml"
    mapping.write_text(ROUTE.replace("changed_at: gx", "changed_at: gx, window: 3d"), encoding="utf-8")
    made_rows(folder, *old, *((f"N{number}", "新药", str(now)) for number in range(3)))
    project = load_project(folder)
    with ExitStack() as stack:
        ferry = open_ferry(project, SystemClock(), SoftwareProvider(), lambda _: None, stack)
        (route,) = project.routes
        read = [ferry.load_once(route, loop).rows_read for loop in ("head", "sweep", "sweep")]
    assert read == [53, 3, 3]
