"""Every record's newest version with its row and findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.outbox.reader import NEWEST_FINDINGS_SCHEMA, NEWEST_SCHEMA
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import Outcome
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed, lease, receipt, settle


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def outbox(tmp_path: Path, clock: FixedClock) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(tmp_path / "ledger.sqlite", clock, ORDER, "test")
    yield outbox
    outbox.close()


@pytest.fixture
def reader(outbox: SqliteOutbox) -> Iterator[SqliteLedgerReader]:
    reader = SqliteLedgerReader(outbox._store.path)
    yield reader
    reader.close()


def contents(reader: SqliteLedgerReader, **how: object) -> dict[str, tuple[str, str, bool]]:
    """Key -> content, state and whether any version was accepted."""
    return {
        row["key"]: (json.loads(row["body"])["content"], row["state"], row["accepted"])
        for one in reader.newest(**how)  # type: ignore[arg-type]
        for row in one.rows.iter_rows(named=True)
    }


def test_newest_by_source_time_also_when_it_came_first(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    outbox.put(family(keyed("parent", [Record("A", 9, "new"), Record("B", 1, "old")])))
    settle(outbox, lease(outbox))
    outbox.put(
        family(keyed("parent", [Record("A", 3, "late"), Record("B", 5, "held", sound=False)]), batch_id="B2")
    )
    assert contents(reader) == {"A": ("new", "accepted", True), "B": ("held", "held", True)}


def test_what_a_person_withdrew_is_not_there(outbox: SqliteOutbox, reader: SqliteLedgerReader) -> None:
    outbox.put(family(keyed("parent", [Record("A", 1, "wrong", sound=False), Record("B", 1, "right")])))
    outbox.void([version.seq for version in reader.versions_of("parent", Record("A").org_code, "A")], "test")
    assert set(contents(reader)) == {"B"}


def test_findings_point_to_their_row_in_every_slice(outbox: SqliteOutbox, reader: SqliteLedgerReader) -> None:
    outbox.put(family(keyed("parent", [Record(f"K{n}", n, sound=n % 3 != 0) for n in range(10)])))
    (envelope,) = lease(outbox)
    outbox.settle([receipt(envelope, verdicts={1: Outcome.REFUSED})])
    found = {}
    for one in reader.newest(rows_max=4):
        assert one.rows.height <= 4
        assert dict(one.rows.schema) == dict(NEWEST_SCHEMA) | {"put_at": one.rows.schema["put_at"]}
        assert list(one.findings.columns) == list(NEWEST_FINDINGS_SCHEMA)
        for finding in one.findings.iter_rows(named=True):
            found[one.rows["key"][finding["row"]]] = (finding["check"], finding["code"], finding["field"])
    ours = ("required", "3001", "content")
    assert found == {"K0": ours, "K3": ours, "K6": ours, "K9": ours, "K2": ("platform", "3002", "content")}


def test_tables_in_the_order_asked_for_and_days_from_a_day_on(
    outbox: SqliteOutbox, reader: SqliteLedgerReader, clock: FixedClock
) -> None:
    outbox.put(family(keyed("parent", [Record("A")]), keyed("child", [Record("C")])))
    clock.advance(timedelta(days=1))
    outbox.put(family(keyed("parent", [Record("B", 5)]), batch_id="B2", at=clock.now()))
    assert [one.table for one in reader.newest(tables=["parent", "child", "none"])] == ["parent", "child"]
    assert set(contents(reader, since="20260116")) == {"B"}
    (second,) = reader.newest(tables=["parent"], since="20260116")
    assert second.rows["began_at"].to_list() == [START], "the route's first batch, on the day before"
    assert second.rows["put_at"].to_list() == [clock.now()]


def test_an_empty_ledger_has_no_rows(reader: SqliteLedgerReader) -> None:
    assert list(reader.newest()) == []
