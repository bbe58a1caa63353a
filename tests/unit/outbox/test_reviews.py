"""What the ledger keeps of reviews, the accepted rows they read, and a ledger of the version before there were any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from medferry.clock import FixedClock
from medferry.outbox.reviews import REVIEW_SCHEMA, ReviewGroup
from medferry.outbox.sqlite import accepted
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.payload import CHUNK_ROWS_MAX
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.outbox.sqlite.review_writer import PAGE_ROWS, ReviewWriter
from medferry.records import Outcome, Severity
from medferry.testing.outbox_world import (
    ORDER,
    ORG,
    START,
    Record,
    family,
    keyed,
    lease,
    receipt,
    settle,
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def outbox(path: Path, clock: FixedClock) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(path, clock, ORDER, "test")
    yield outbox
    outbox.close()


@pytest.fixture
def reader(outbox: SqliteOutbox, path: Path) -> Iterator[SqliteLedgerReader]:
    reader = SqliteLedgerReader(path)
    yield reader
    reader.close()


def found(*keys: str, rule: str = "R-1", table: str = "parent", campus: str = "east") -> pl.DataFrame:
    rows = [(table, campus, ORG, "jiangxi", key, "holds", "5003", "content", "warning", rule) for key in keys]
    return pl.DataFrame(rows, schema=dict(REVIEW_SCHEMA), orient="row")


def group(rows: int, rule: str = "R-1") -> ReviewGroup:
    return ReviewGroup("parent", "east", "holds", "5003", "content", Severity.WARNING, rule, rows)


def test_a_review_is_read_when_it_has_ended(
    outbox: SqliteOutbox, reader: SqliteLedgerReader, clock: FixedClock
) -> None:
    assert (reader.last_review(), reader.review_groups(), reader.review_of("parent", ORG, "a")) == (
        None,
        [],
        [],
    )
    review = outbox.begin_review()
    outbox.add_review(review, found("a", "b"))
    outbox.add_review(review, found("a", rule="R-2"))
    assert reader.review_groups() == []
    clock.advance(timedelta(minutes=3))
    outbox.end_review(review, rows=7, left_out=2)
    last = reader.last_review()
    assert last is not None
    assert (last.began_at, last.ended_at, last.rows, last.left_out) == (START, clock.now(), 7, 2)
    assert reader.review_groups() == [group(2), group(1, "R-2")]
    assert reader.review_of("parent", ORG, "a") == [group(1), group(1, "R-2")]
    assert reader.review_of("parent", ORG, "b") == [group(1)]
    assert reader.review_of("child", ORG, "a") == reader.review_of("parent", "OTHER", "a") == []
    both = pl.concat([found("a", "b"), found("a", rule="R-2")])
    assert sorted(reader.review_findings("parent").rows()) == sorted(both.rows())
    assert reader.review_findings("child").rows() == []


def test_each_review_takes_the_place_of_the_one_before(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    for keys in (("a", "b", "c"), ("b",)):
        review = outbox.begin_review()
        outbox.add_review(review, found(*keys))
        outbox.end_review(review, 3, 0)
    assert reader.review_groups() == [group(1)]
    assert reader.review_of("parent", ORG, "a") == []
    assert kept(outbox) == (1, 1, 1)


def test_one_that_was_cut_off_leaves_the_one_before_and_is_forgotten_by_the_next(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    first = outbox.begin_review()
    outbox.add_review(first, found("a"))
    outbox.end_review(first, 1, 0)
    cut_off = outbox.begin_review()
    outbox.add_review(cut_off, found(*(f"K{n}" for n in range(2 * PAGE_ROWS + 1))))
    assert reader.review_groups() == [group(1)]
    third = outbox.begin_review()
    assert kept(outbox) == (1, 1, 2)
    outbox.end_review(third, 1, 0)
    assert reader.review_groups() == []
    assert kept(outbox) == (0, 0, 1)


def kept(outbox: SqliteOutbox) -> tuple[int, ...]:
    tables = ("review_findings", "review_counts", "reviews")
    counted = (outbox._store._writer.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables)
    return tuple(rows for (rows,) in counted)


def test_a_record_that_two_entries_of_a_rule_find_is_one(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    review = outbox.begin_review()
    outbox.add_review(review, pl.concat([found("a", "b"), found("b")]))
    outbox.add_review(review, found("a", "c"))
    outbox.end_review(review, 3, 0)
    assert reader.review_groups() == [group(3)]


def test_a_rule_that_finds_more_than_anybody_reads_is_counted_on(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    reviewing = ReviewWriter(outbox._store, findings_max=5)
    review = reviewing.begin()
    for start in range(0, 12, 4):
        reviewing.add(review, found(*(f"K{n}" for n in range(start, start + 4))))
    reviewing.add(review, found("K0", rule="R-2"))
    reviewing.end(review, 12, 0)
    assert reader.review_groups() == [group(12), group(1, "R-2")]
    assert sorted(key for key, *_ in reader.review_findings("parent").select("key", "rule_id").rows()) == [
        "K0", "K0", "K1", "K2", "K3", "K4",
    ]  # fmt: skip


ROWS = 2 * CHUNK_ROWS_MAX + 3


@pytest.mark.parametrize("bytes_max", [1, accepted.BYTES_MAX])
def test_accepted_rows_are_the_newest_that_the_platform_took(
    outbox: SqliteOutbox,
    reader: SqliteLedgerReader,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    bytes_max: int,
) -> None:
    monkeypatch.setattr(accepted, "BYTES_MAX", bytes_max)
    assert list(reader.accepted({"parent": ["id"]})) == []
    outbox.put(family(keyed("parent", [Record(f"K{n}", 1, f"one {n}") for n in range(ROWS)])))
    (first, *more) = lease(outbox, records_max=ROWS)
    outbox.settle([receipt(first, verdicts={1: Outcome.REFUSED})])
    assert more == []
    clock.advance(timedelta(days=1))
    newer = [Record("K2", 2, 'two "quoted"'), Record("K3", 2, "held", sound=False)]
    outbox.put(family(keyed("parent", newer), keyed("child", [Record("c")]), batch_id="B2"))
    settle(outbox, lease(outbox))
    west = replace(keyed("parent", [Record("W", 1, "west")], "west"), edition="jiangxi+2026")
    outbox.put(family(west, batch_id="B3"))
    settle(outbox, lease(outbox))
    outbox.put(family(keyed("parent", [Record("K4", 5, "on its way")]), batch_id="B4"))
    parts = list(reader.accepted({"parent": ["content", "id", "absent"]}))
    assert {(one.table, one.campus, one.org_code, one.edition) for one in parts} == {
        ("parent", "east", ORG, ""),
        ("parent", "west", ORG, "jiangxi+2026"),
    }
    assert all(one.frame.columns == ["content", "id", "absent"] for one in parts)
    rows = {key: (content, absent) for one in parts for content, key, absent in one.frame.iter_rows()}
    expected = {f"K{n}": (f"one {n}", None) for n in range(ROWS) if n != 1}
    assert rows == expected | {"K2": ('two "quoted"', None), "W": ("west", None)}
    assert sum(one.frame.height for one in parts) == len(rows)
