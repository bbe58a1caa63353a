"""Goal: rules that look at parents' columns judge every row whose parent is at hand, wherever it is, and no other.
Method: the standard's example rows of a visit and one of its diagnoses, changed a little, go through `load_batch` into a
real ledger, as source rows whose columns are the standard's, alone or as one family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from medferry.catalog.load import load_catalog
from medferry.checks.table_checks import compile_checks
from medferry.clock import ZONE, FixedClock
from medferry.mapping.engine import compile_mapping
from medferry.mapping.model import Campus, FieldMapping, TableMapping
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import RawBatch, State
from medferry.way_in.ancestors import Ancestors
from medferry.way_in.batch import LoadTools, load_batch

CATALOG = load_catalog("jiangxi")
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=ZONE)
PARENT, CHILD = "visit", "diagnose_record"
RULE = ("DIA-001", "patient_id")
Row = Mapping[str, str | None]


def examples(table: str) -> list[dict[str, str | None]]:
    folder = resources.files("medferry.catalog") / "jiangxi" / "tables" / table
    return pl.read_csv((folder / "example.csv").read_bytes(), infer_schema=False).to_dicts()


CHILD_ROW: Row = examples(CHILD)[0]
(PARENT_ROW,) = (row for row in examples(PARENT) if row["visit_id"] == CHILD_ROW["visit_id"])
CAMPUS = Campus("main", "本部", "01", str(PARENT_ROW["org_code"]), str(PARENT_ROW["org_name"]))


class Way:
    """The way in of one project with one route."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOW)
        tiers = [(name, CATALOG.table(name).tier) for name in (PARENT, CHILD)]
        self.outbox = SqliteOutbox(folder / "ledger.sqlite", self.clock, tiers, "test")
        self.reader = SqliteLedgerReader(folder / "ledger.sqlite")
        self._batches = 0

    def load(self, **rows: Row) -> None:
        """One source row that becomes one row of each of these tables, in this order."""
        raw = {f"{table}.{name}": value for table, row in rows.items() for name, value in row.items()}
        mappings = tuple(
            TableMapping(
                table,
                tuple(
                    FieldMapping(name, columns=(f"{table}.{name}",))
                    for name in row
                    if name not in {"org_code", "org_name"}
                ),
            )
            for table, row in rows.items()
        )
        tables = {table: CATALOG.table(table) for table in rows}
        tools = LoadTools(
            route=SimpleNamespace(id="his.route", ready_when={}),
            mapping=compile_mapping("his.route", mappings, CATALOG, CAMPUS, {}),
            key_columns=[f"{next(iter(rows))}.updated_at"],
            tables=tables,
            checks={table: compile_checks(one, CATALOG, {}) for table, one in tables.items()},
            outbox=self.outbox,
            tell=lambda _: None,
        )
        self._batches += 1
        frame = pl.DataFrame([raw], schema=dict.fromkeys(raw, pl.String))
        batch = RawBatch("his.route", CAMPUS.id, "head", frame, None, self.clock.now())
        load_batch(batch, f"B{self._batches}", {}, tools)

    def states(self, table: str = CHILD, row: Row = CHILD_ROW) -> list[State]:
        key = str(row[CATALOG.table(table).key_field])
        return [one.state for one in self.reader.versions_of(table, CAMPUS.org_code, key)]

    def broken_rules(self) -> set[tuple[str | None, str | None]]:
        """Rule and field of every finding of the child's newest version."""
        key = str(CHILD_ROW[CATALOG.table(CHILD).key_field])
        versions = self.reader.versions_of(CHILD, CAMPUS.org_code, key)
        return {(one.rule_id, one.field) for one in self.reader.findings_of([versions[-1].seq])}


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    way = Way(tmp_path)
    yield way
    way.reader.close()
    way.outbox.close()


def other_patient(row: Row) -> Row:
    return {**row, "patient_id": "DH-SOMEBODY-ELSE"}


def newer(row: Row, minutes: int = 1) -> Row:
    at = datetime.strptime(str(row["updated_at"]), "%Y%m%dT%H%M%S")  # noqa: DTZ007  wall time
    return {**row, "updated_at": (at + timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%S")}


def test_a_row_that_contradicts_its_parent_in_the_ledger_is_held(way: Way) -> None:
    way.load(visit=PARENT_ROW)
    way.load(diagnose_record=other_patient(CHILD_ROW))
    assert way.states() == [State.HELD]
    assert way.broken_rules() == {RULE}


def test_a_row_that_agrees_with_its_parent_is_not(way: Way) -> None:
    way.load(visit=PARENT_ROW)
    way.load(diagnose_record=CHILD_ROW)
    assert way.states() == [State.WAITING_PARENT]
    assert way.broken_rules() == set()


@pytest.mark.parametrize("order", [(PARENT, CHILD), (CHILD, PARENT)])
def test_a_parent_of_the_same_family_is_seen(way: Way, order: tuple[str, str]) -> None:
    rows = {PARENT: PARENT_ROW, CHILD: other_patient(CHILD_ROW)}
    way.load(**{table: rows[table] for table in order})
    assert way.states(PARENT, PARENT_ROW) == [State.WAITING_PARENT], "for its patient"
    assert (way.states(), way.broken_rules()) == ([State.HELD], {RULE})


def test_without_its_parent_a_row_is_not_wrong(way: Way) -> None:
    way.load(diagnose_record=other_patient(CHILD_ROW))
    assert way.states() == [State.WAITING_PARENT]


def test_a_parent_that_is_held_is_not_known(way: Way) -> None:
    way.load(visit={**PARENT_ROW, "sex_code": "?"}, diagnose_record=other_patient(CHILD_ROW))
    assert way.states(PARENT, PARENT_ROW) == [State.HELD]
    assert way.states() == [State.WAITING_PARENT]


def test_the_sound_version_before_a_held_one_is_the_parent(way: Way) -> None:
    way.load(visit=PARENT_ROW)
    way.load(visit=newer({**other_patient(PARENT_ROW), "sex_code": "?"}))
    way.load(diagnose_record=CHILD_ROW)
    assert way.states() == [State.WAITING_PARENT]
    way.load(diagnose_record=newer(other_patient(CHILD_ROW)))
    assert way.states() == [State.WAITING_PARENT, State.HELD]


@pytest.mark.parametrize(
    ("minutes", "state"), [(-1, State.HELD), (0, State.WAITING_PARENT), (1, State.WAITING_PARENT)]
)
def test_of_ledger_and_family_the_newer_version_is_the_parent(way: Way, minutes: int, state: State) -> None:
    """Of equal times what comes now, as the ledger will have it."""
    way.load(visit=PARENT_ROW)
    way.load(visit=newer(other_patient(PARENT_ROW), minutes), diagnose_record=other_patient(CHILD_ROW))
    assert way.states() == [state]


def test_a_voided_parent_still_is_one(way: Way) -> None:
    way.load(visit={**PARENT_ROW, "record_status": "2"})
    way.load(diagnose_record=other_patient(CHILD_ROW))
    assert way.states() == [State.HELD]


def test_when_a_parent_changes_nothing_is_recalled(way: Way) -> None:
    way.load(visit=PARENT_ROW)
    way.load(diagnose_record=CHILD_ROW)
    way.load(visit=newer(other_patient(PARENT_ROW)))
    assert way.states() == [State.WAITING_PARENT]


def test_a_held_row_is_freed_when_it_is_read_again_after_its_parent_was_mended(way: Way) -> None:
    way.load(visit=other_patient(PARENT_ROW))
    way.load(diagnose_record=CHILD_ROW)
    assert way.states() == [State.HELD]
    way.load(visit=newer(PARENT_ROW))
    way.load(diagnose_record=CHILD_ROW)
    assert way.states() == [State.SUPERSEDED, State.WAITING_PARENT]


def test_tables_whose_rules_look_at_no_parent_do_not_touch_the_ledger(way: Way) -> None:
    tables = {PARENT: CATALOG.table(PARENT)}
    checks = {PARENT: compile_checks(tables[PARENT], CATALOG, {})}
    assert not checks[PARENT].ancestor_columns
    frame = pl.DataFrame([PARENT_ROW], schema=dict.fromkeys(tables[PARENT].field_names, pl.String))
    way.outbox.close()
    batch = SimpleNamespace(table=PARENT, frame=frame)
    assert Ancestors(way.outbox, tables, checks).of(batch) == {}  # type: ignore[arg-type]
