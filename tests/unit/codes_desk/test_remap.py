"""Goal: what is mapped again is exactly what the value holds; other troubles stay, and are counted apart.
Method: the sample hospital in a ledger, no platform: rows with one trouble, with two, in conflict, of a lost route."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli import status
from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.codes_desk.read_codes import read_codes
from medferry.codes_desk.remap import Healed, heal
from medferry.codes_desk.unmapped import unmapped_values
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.ferry.counts import LoadResult
from medferry.ferry.ferry import Ferry, open_ferry
from medferry.mapping.model import CodeTable
from medferry.outbox.reader import LedgerReader
from medferry.records import State

COLUMNS = "XM, ZJLX, ZJH, XB, CSRQ, HYZK, YBLX, SF, CS, DZ, MZ, LXDH, SJH, JDSJ, JDR, SHBZ, ZTBZ, CJSJ, GXSJ"

FILLED = {
    "ethnic_code": "01",
    "patient_phone": "13800000001",
}  # what the standard asks for and the sample lacks


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    """Patients 4: code 7; 10: code 7 and an unknown insurance; 11 and 12: code 7, one record number, one time."""
    folder = tmp_path / "hospital"
    new_project(folder)
    mapping = folder / "mappings" / "his" / "patient.yaml"
    text = mapping.read_text(encoding="utf-8")
    text = text.replace("patient_id: BRID", "patient_id: DAH")
    for name, value in FILLED.items():
        if f"    {name}:" not in text:
            text += f"    {name}: {{constant: '{value}', because: 只为本测试}}\n"
    mapping.write_text(text, encoding="utf-8")
    query = folder / "queries" / "his" / "patient.sql"
    query.write_text(query.read_text(encoding="utf-8").replace("BRID", "BRID, DAH", 1), encoding="utf-8")
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        for number, insurance, name in (
            ("10", "XX", "样例庚"),
            ("11", "ZG", "样例辛"),
            ("12", "ZG", "样例壬"),
        ):
            base.execute(
                f"INSERT INTO BRXX (BRID, {COLUMNS}) SELECT {number}, {COLUMNS} FROM BRXX WHERE BRID = 4"
            )
            base.execute("UPDATE BRXX SET YBLX = ?, XM = ? WHERE BRID = ?", (insurance, name, number))
        base.execute("ALTER TABLE BRXX ADD COLUMN DAH TEXT")
        base.execute("UPDATE BRXX SET DAH = CASE WHEN BRID = 12 THEN '11' ELSE BRID END")
    with ExitStack() as stack:
        opened = open_ferry(load_project(folder), SystemClock(), SoftwareProvider(), lambda _: None, stack)
        (route,) = opened.project.routes
        opened.load_once(route, "head")
        yield opened


@pytest.fixture
def reader(ferry: Ferry) -> Iterator[LedgerReader]:
    opened = ferry.project.outbox.open_reader()
    yield opened
    opened.close()


def learn(ferry: Ferry, codes: str, local: str, standard: str) -> None:
    known = dict(ferry.compiled.project.codes)
    known[codes] = CodeTable(codes, {**known[codes].standard_of, local: standard})
    ferry.use_codes(known)


def healed_by(ferry: Ferry, reader: LedgerReader, codes: str) -> Healed:
    by = ferry.compiled
    return heal(by.project, partial(ferry.load_images, by=by), reader, [codes])


def held(reader: LedgerReader) -> int:
    return len(reader.sequences_in("patient", State.HELD))


def test_each_trouble_is_counted_for_what_it_is(ferry: Ferry, reader: LedgerReader) -> None:
    listed = {(one.codes, one.value): (one.rows, one.freed) for one in unmapped_values(ferry.project, reader)}
    assert listed == {("his_marital", "7"): (4, 1), ("his_insurance", "XX"): (1, 0)}
    learn(ferry, "his_marital", "7", "40")
    healed = healed_by(ferry, reader, "his_marital")
    assert (healed.tried, healed.rows, healed.still, healed.conflict, healed.imageless) == (2, 1, 1, 2, 0)
    assert held(reader) == 3
    assert healed_by(ferry, reader, "his_marital") == Healed(conflict=2), "the rest waits for other things"

    learn(ferry, "his_insurance", "XX", "99")
    healed = healed_by(ferry, reader, "his_insurance")
    assert (healed.tried, healed.rows) == (1, 1), "what was decided before counts too"
    assert held(reader) == 2


def test_a_later_reading_finds_nothing_new_in_what_was_healed(ferry: Ferry, reader: LedgerReader) -> None:
    learn(ferry, "his_marital", "7", "40")
    healed_by(ferry, reader, "his_marital")
    (route,) = ferry.project.routes
    looked = LoadResult()
    ferry.look_back(
        route, None, enough=lambda: False, into=looked
    )  # their change times lie behind the window
    again = looked.kept["patient"]
    assert (again.new, again.held) == (2, 2), "only the two in conflict have new content, and stay"


def renamed(folder: Path, *names: str) -> None:
    """The project's one mapping file under other names, each with its query."""
    query = folder / "queries" / "his" / "patient.sql"
    mapping = folder / "mappings" / "his" / "patient.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.unlink()
    for name in names:
        asked = text.replace("queries/his/patient.sql", f"queries/his/{name}.sql")
        mapping.with_name(f"{name}.yaml").write_text(asked, encoding="utf-8")
        query.with_name(f"{name}.sql").write_bytes(query.read_bytes())


def healed_anew(folder: Path) -> Healed:
    """By a run that opens the project as it is now."""
    with ExitStack() as stack:
        opened = open_ferry(load_project(folder), SystemClock(), SoftwareProvider(), lambda _: None, stack)
        learn(opened, "his_marital", "7", "40")
        reader = opened.project.outbox.open_reader()
        stack.callback(reader.close)
        return healed_by(opened, reader, "his_marital")


def page_of(folder: Path) -> str:
    return CliRunner().invoke(status.command, ["--project", str(folder)]).output.replace("\n", "")


def test_a_renamed_mapping_takes_over_what_was_held(ferry: Ferry, reader: LedgerReader) -> None:
    """Goal: rows held under a mapping's old name are mapped again by the new one, and said to be in its hands."""
    folder = ferry.project.folder
    ferry.outbox.close()
    assert "已不在项目里" not in page_of(folder)
    renamed(folder, "person")
    assert "由路线 his.person 接管" in page_of(folder)
    healed = healed_anew(folder)
    assert (healed.tried, healed.rows, healed.still, healed.conflict, healed.imageless) == (2, 1, 1, 2, 0)
    assert held(reader) == 3


def test_rows_of_a_route_that_is_gone_wait_where_two_could_take_over(
    ferry: Ferry, reader: LedgerReader
) -> None:
    """Goal: nobody guesses which of two routes a row belongs to; status says how to hand it over."""
    folder = ferry.project.folder
    ferry.outbox.close()
    renamed(folder, "person", "people")
    assert "没有路线接管" in page_of(folder)
    assert healed_anew(folder).tried == 0
    assert held(reader) == 4


def test_a_route_that_asks_for_other_columns_reads_them_itself(ferry: Ferry, reader: LedgerReader) -> None:
    folder = ferry.project.folder
    ferry.outbox.close()
    renamed(folder, "person")
    mapping = folder / "mappings" / "his" / "person.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("patient_id: DAH", "patient_id: XIN"), encoding="utf-8")
    healed = healed_anew(folder)
    assert (healed.tried, healed.rows, healed.imageless) == (2, 0, 2)
    assert held(reader) == 4


def test_tables_are_read_anew(ferry: Ferry) -> None:
    with (ferry.project.folder / "codes" / "his_marital.csv").open("a", encoding="utf-8") as file:
        file.write("7,40,,,\n")
    assert read_codes(ferry.project)["his_marital"].standard_of["7"] == "40"
    assert "7" not in ferry.project.codes["his_marital"].standard_of
