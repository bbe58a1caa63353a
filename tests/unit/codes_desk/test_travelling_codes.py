"""Goal: a local code that no code table knows is on the desk though its record travels, until it is mended.
Method: drugs with a type whose list is not closed, read from SQLite; the desk before and after the code table has a line."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag

import pytest

from medferry.catalog.load import load_catalog
from medferry.clock import SystemClock
from medferry.codes_desk.unmapped import UnmappedValue, unmapped_values
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
read: {query: queries/q.sql, key: [id], changed_at: gx}
tables:
  drug_atalogue:
    drug_id: id
    generic_name: mc
    drug_type_code: {column: lx, codes: his_drug_type}
    record_status: {constant: "1", because: 不删除}
    created_at: {column: gx, verbs: [{datetime: "%Y-%m-%d %H:%M:%S"}]}
    updated_at: {column: gx, verbs: [{datetime: "%Y-%m-%d %H:%M:%S"}]}
"""
HEAD = "local,local_name,standard,standard_name,note\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalog = load_catalog()
    known = sorted(catalog.value_set("DRUG_TYPE").names)[0]
    files = {
        "medferry.yaml": MAIN,
        "mappings/his/drug.yaml": ROUTE,
        "queries/q.sql": "SELECT * FROM t",
        "codes/his_drug_type.csv": f"{HEAD}1,西药,{known},,\nX9,中成药丸,,,\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    mapped = {"drug_id", "generic_name", "drug_type_code", "record_status", "created_at", "updated_at"}
    required = [one.name for one in catalog.table("drug_atalogue").fields if one.required == "R"]
    waived = [
        f"- {{table: drug_atalogue, field: {name}, reason: 测试不涉及}}\n"
        for name in required
        if name not in mapped | {"org_code", "org_name"}
    ]
    (tmp_path / "waivers.yaml").write_text("".join(waived), encoding="utf-8")
    with sqlite3.connect(tmp_path / "his.sqlite") as made:
        made.execute("CREATE TABLE t (id TEXT, mc TEXT, lx TEXT, gx TEXT)")
        rows = [(f"D{n}", "某药", "X9" if n < 3 else "1", f"2026-10-0{n} 08:00:00") for n in range(1, 6)]
        made.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    return tmp_path


def desk_after_a_pass(folder: Path) -> list[UnmappedValue]:
    project = load_project(folder)
    with ExitStack() as stack:
        ferry = open_ferry(project, SystemClock(), SoftwareProvider(), lambda _: None, stack)
        SourceLoads(ferry, project.routes, Flag()).to_the_end()
    reader = project.outbox.open_reader()
    try:
        return unmapped_values(project, reader)
    finally:
        reader.close()


def test_it_is_seen_while_it_travels_and_gone_once_it_is_mended(folder: Path) -> None:
    (one,) = desk_after_a_pass(folder)
    assert (one.codes, one.value, one.name) == ("his_drug_type", "X9", "中成药丸")
    assert (one.rows, one.freed, one.travelling, one.points) == (0, 0, 2, 2)
    codes = folder / "codes/his_drug_type.csv"
    code = sorted(load_catalog().value_set("DRUG_TYPE").names)[1]
    codes.write_text(
        codes.read_text("utf-8").replace("X9,中成药丸,,", f"X9,中成药丸,{code},"), encoding="utf-8"
    )
    assert desk_after_a_pass(folder) == []
