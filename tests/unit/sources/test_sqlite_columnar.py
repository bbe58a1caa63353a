"""SQLite's two paths give the same frame, whatever stands in the columns; and a late statement is left behind."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as some

from medferry.clock import ZONE, FixedClock
from medferry.errors import SourceError
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings

CLOCK = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE))
PLAN = ReadPlan("his.t", "east", "SELECT * FROM t", ("id",), "changed", timedelta(0), timedelta(3), 4)
KINDS = ("TEXT", "VARCHAR(20)", "INTEGER", "REAL", "DECIMAL(10,2)", "DATETIME", "BLOB", "")
VALUES = some.one_of(
    some.none(),
    some.integers(-(2**63), 2**63 - 1),
    some.sampled_from([0.1 + 0.2, 1e300, -0.0, 2.0**60, 12.5, 1e22]),
    some.text(max_size=8),
    some.binary(max_size=6),
    some.sampled_from(["2026-01-05 08:00:00", "0000-00-00", "12.50", "一\x00二", "1e5", b"\xd6\xd0"]),
)
OF_ONE_KIND = some.sampled_from(
    [
        some.none() | some.integers(-(2**63), 2**63 - 1),
        some.floats(allow_nan=False),
        some.text(max_size=8),
        some.none(),
        VALUES,
    ]
)
ROWS = some.tuples(*[OF_ONE_KIND] * len(KINDS)).flatmap(
    lambda kinds: some.lists(some.tuples(*kinds), min_size=1, max_size=9)
)


def source(file: Path, fast_path: str, **more: object) -> SqlQuery:
    said = {"name": "his", "campus": "east", "url": f"sqlite:///{file}", "fast_path": fast_path, **more}
    return SqlQuery(SqlQuerySettings.model_validate(said), CLOCK)


def made(file: Path, kinds: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    file.unlink(missing_ok=True)
    columns = ", ".join(f"c{n} {kind}" for n, kind in enumerate(kinds))
    with sqlite3.connect(file) as database:
        database.execute(f"CREATE TABLE t (id INTEGER, changed TEXT, {columns})")
        marks = ", ".join("?" * len(kinds))
        database.executemany(
            f"INSERT INTO t VALUES (?, '2026-01-01', {marks})", [(n, *row) for n, row in enumerate(rows)]
        )
    database.close()


@tried(max_examples=150, deadline=None)
@given(ROWS)
def test_both_paths_give_the_same_frames(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]
) -> None:
    """Goal: a value never depends on the driver. Method: columns of every affinity, each holding values of every kind."""
    file = tmp_path_factory.getbasetemp() / "both.sqlite"
    made(file, KINDS, rows)
    plain, fast = source(file, "off"), source(file, "auto")
    for one, other in zip(plain.read(PLAN, None, "head"), fast.read(PLAN, None, "head"), strict=True):
        assert one.frame.schema == other.frame.schema
        assert one.frame.equals(other.frame)
        assert one.cursor == other.cursor
    plain.close()
    fast.close()


def test_a_column_of_one_kind_is_read_by_columns(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        (f"张{n}", n, n + 0.5, 2**60 + n, "2026-01-05", b"\xd6\xd0") for n in range(9)
    ]
    made(tmp_path / "a.sqlite", ("TEXT", "INTEGER", "REAL", "BIGINT", "DATETIME", "TEXT"), rows)
    opened = source(tmp_path / "a.sqlite", "auto")
    frame = pl.concat([batch.frame for batch in opened.read(PLAN, None, "head")])
    assert opened.path_used[PLAN.route].name == "adbc"
    assert frame["c0"].to_list() == [f"张{n}" for n in range(9)]
    assert frame["c3"].to_list() == [2**60 + n for n in range(9)]
    assert frame["c5"].to_list() == [r"\xd6\xd0"] * 9


def test_a_lookup_table_is_read_by_columns_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made(tmp_path / "a.sqlite", ("TEXT",), [(f"张{n}",) for n in range(9)])
    opened = source(tmp_path / "a.sqlite", "auto")
    assert opened.lookup_table("SELECT c0 FROM t")["c0"].to_list() == [f"张{n}" for n in range(9)]
    assert caplog.text == "", "nothing fell back to the plain driver"


def test_a_lookup_table_beyond_one_batch_that_changes_its_kind_is_whole(tmp_path: Path) -> None:
    made(tmp_path / "a.sqlite", ("INTEGER",), [*((n,) for n in range(17_000)), ("zwölf",)])
    opened = source(tmp_path / "a.sqlite", "auto")
    assert opened.lookup_table("SELECT id, c0 FROM t")["c0"].to_list() == [*map(str, range(17_000)), "zwölf"]


def test_fractions_where_text_is_expected_take_the_plain_path(tmp_path: Path) -> None:
    made(tmp_path / "a.sqlite", ("DECIMAL(10,2)",), [(0.1 + 0.2,), (2**60 + 1,)])
    opened = source(tmp_path / "a.sqlite", "auto")
    frame = pl.concat([batch.frame for batch in opened.read(PLAN, None, "head")])
    assert frame["c0"].to_list() == ["0.30000000000000004", str(2**60 + 1)]
    assert opened.path_used[PLAN.route].name == "sqlite3"
    assert "小数" in opened.path_used[PLAN.route].reason


def test_after_a_late_statement_the_columnar_driver_rests(tmp_path: Path) -> None:
    """Method: a query that never ends in time, then a quick one on the same source."""
    made(tmp_path / "a.sqlite", ("TEXT",), [("x",)])
    opened = source(tmp_path / "a.sqlite", "auto", statement_timeout_s=0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000) SELECT max(i) FROM n"
    slow = replace(PLAN, route="slow", query=f"SELECT * FROM t WHERE ({endless}) > 0")
    with pytest.raises(SourceError, match="超时"):
        list(opened.read(slow, None, "head"))
    assert opened.path_used["slow"].name == "adbc"
    assert sum(batch.frame.height for batch in opened.read(PLAN, None, "head")) == 1
    assert opened.path_used[PLAN.route].name == "sqlite3"
