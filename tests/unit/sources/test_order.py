"""Change times whose order is not time's: found over all rows, read whole, said; absurd ones carry no cursor away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pymysql
import pytest

from medferry.clock import ZONE, FixedClock
from medferry.records import Cursor, RawBatch
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings
from medferry.sources.sql_query.order import Order
from medferry.sources.sql_query.position import IntegerMeaning, newer

CLOCK = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE))
PLAN = ReadPlan(
    "his.t", "east", "SELECT * FROM order_t", ("id",), "changed", timedelta(minutes=5), timedelta(3), 100
)


class Table:
    """`order_t(id, changed)` in one database."""

    def __init__(self, url: str, run: Any) -> None:
        self.url, self._run = url, run

    def made(self, kind: str, *values: object) -> SqlQuery:
        self._run("DROP TABLE IF EXISTS order_t")
        self._run(f"CREATE TABLE order_t (id integer PRIMARY KEY, changed {kind})")
        self._next = 1
        self.add(*values)
        settings = {"name": "his", "campus": "east", "url": self.url}
        return SqlQuery(SqlQuerySettings.model_validate(settings), CLOCK)

    def add(self, *values: object) -> None:
        for value in values:
            self._run(f"INSERT INTO order_t VALUES ({self._next}, {value!r})")
            self._next += 1


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    if request.param == "sqlite":
        made = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
        yield Table(f"sqlite:///{tmp_path / 'a.sqlite'}", made.execute)
        made.close()
        return
    if request.param == "postgres":
        try:
            there = psycopg.connect("host=127.0.0.1 user=root dbname=test connect_timeout=2", autocommit=True)
        except psycopg.OperationalError:
            pytest.skip("no PostgreSQL on 127.0.0.1:5432")
        yield Table("postgresql://root@127.0.0.1/test", lambda sql: there.execute(sql.encode()))
        there.execute("DROP TABLE IF EXISTS order_t")
        there.close()
        return
    try:
        server = pymysql.connect(host="127.0.0.1", user="root", autocommit=True, charset="utf8mb4")
    except pymysql.OperationalError:
        pytest.skip("no MariaDB on 127.0.0.1:3306")
    cursor = server.cursor()
    for sql in (
        "CREATE DATABASE IF NOT EXISTS sources_order",
        "USE sources_order",
        "SET SESSION sql_mode = ''",
    ):
        cursor.execute(sql)
    yield Table("mariadb://root@127.0.0.1/sources_order", cursor.execute)
    cursor.execute("DROP DATABASE sources_order")
    server.close()


def ids(batches: list[RawBatch]) -> list[int]:
    return [one for batch in batches for one in batch.frame["id"].to_list()]


def cursor_of(batches: list[RawBatch]) -> Cursor | None:
    return next((batch.cursor for batch in reversed(batches) if batch.cursor), None)


@pytest.mark.parametrize(
    "texts",
    [
        ("2026/9/8 9:05:00", "2026/10/9 10:00:00"),
        ("20260119080000", "2026-01-19 08:00:00"),
        ("2026-01-19 08:00:00", "2026-01-19T09:00:00"),
        ("2026-01-19 08:00:00", "19.01.2026 09:00"),
        ("2026-01-19T08:00:00Z", "2026-01-19T08:00:00+08:00"),
    ],
)
def test_texts_without_times_order_are_read_whole_and_said(table: Table, texts: tuple[str, str]) -> None:
    """Goal: a row whose text sorts before the cursor is read all the same. Method: two spellings, a third row behind them."""
    source = table.made("varchar(30)", *texts)
    batches = list(source.read(PLAN, None, "head"))
    assert ids(batches) == [1, 2]
    assert cursor_of(batches) is None
    assert "整表读取" in source.notices("his.t")[0]
    assert not any(text in source.notices("his.t")[0] for text in texts)
    table.add(texts[0])
    assert 3 in ids(list(source.read(PLAN, None, "sweep")))
    finding = {one.subject: one for one in source.probe(PLAN)}["变更时间"]
    assert not finding.ok
    assert "整表读取" in finding.text
    assert finding.fix
    source.close()


def test_texts_written_alike_order_themselves(table: Table) -> None:
    source = table.made(
        "varchar(30)", "2026-01-18", "2026-01-18 08:00:00", "2026-01-18 08:00:00.5", "0000-00-00"
    )
    batches = list(source.read(PLAN, None, "head"))
    assert cursor_of(batches) is not None
    assert source.notices("his.t") == ()
    assert {one.subject: one for one in source.probe(PLAN)}["变更时间"].ok
    source.close()


def test_a_new_spelling_is_seen_on_its_page_and_by_the_sweep(table: Table) -> None:
    """Goal: an order proved once is not believed for ever. Method: a second spelling comes behind, then before the cursor."""
    source = table.made("varchar(30)", "2026-01-18 08:00:00", "2026-01-19 08:00:00")
    cursor = cursor_of(list(source.read(PLAN, None, "head")))
    assert cursor is not None
    table.add("2026-01-19T09:00:00")
    assert 3 in ids(list(source.read(PLAN, cursor, "head")))
    assert source.notices("his.t")
    source.close()
    source = table.made("varchar(30)", "2026-01-18 08:00:00", "2026-01-19 08:00:00")
    cursor = cursor_of(list(source.read(PLAN, None, "head")))
    table.add("20260119090000")
    assert 3 in ids(list(source.read(PLAN, cursor, "sweep"))), "it sorts before the cursor"
    source.close()


def test_whole_numbers_that_are_times_are_read_as_times(table: Table) -> None:
    """Goal: 20991231235959 carries no cursor away. Method: one such row, a newer one behind."""
    source = table.made("bigint", 20260118090500, 20260119090500, 20991231235959)
    batches = list(source.read(PLAN, None, "head"))
    cursor = cursor_of(batches)
    assert ids(batches) == [1, 2, 3]
    assert cursor is not None
    assert cursor.changed_at == 20260119090500
    table.add(20260120080000)
    again = list(source.read(PLAN, cursor, "head"))
    assert 4 in ids(again)
    after = cursor_of(again)
    assert after is not None
    assert after.changed_at == 20260120080000
    assert 1 not in ids(list(source.read(PLAN, after, "head"))), "the overlap goes back by minutes"
    finding = {one.subject: one for one in source.probe(PLAN)}["变更时间"]
    assert "晚" in finding.text
    source.close()


def test_whole_numbers_of_two_lengths_are_read_whole(table: Table) -> None:
    source = table.made("bigint", 20260119, 20260118090500)
    assert cursor_of(list(source.read(PLAN, None, "head"))) is None
    assert "位数" in source.notices("his.t")[0]
    source.close()


def test_a_sequence_stays_a_sequence(table: Table) -> None:
    source = table.made("bigint", 9, 10, 100)
    cursor = cursor_of(list(source.read(PLAN, None, "head")))
    assert cursor is not None
    assert cursor.changed_at == 100
    assert source.notices("his.t") == ()
    source.close()


def test_a_whole_table_is_not_read_at_every_poll(table: Table) -> None:
    source = table.made("varchar(30)", "2026/9/8 9:05:00", "2026/10/9 10:00:00")
    assert ids(list(source.read(PLAN, None, "head"))) == [1, 2]
    assert ids(list(source.read(PLAN, None, "head"))) == []
    assert ids(list(source.read(PLAN, None, "sweep"))) == [1, 2]
    source.close()


def test_zero_dates_do_not_hold_the_cursor(table: Table) -> None:
    """Goal: a told time moves a cursor that stood at 0000-00-00, and equal zero dates are not read at every poll."""
    source = table.made("varchar(30)", "0000-00-00 00:00:00", "0000-00-00 00:00:00")
    cursor = cursor_of(list(source.read(PLAN, None, "head")))
    assert ids(list(source.read(PLAN, cursor, "head"))) == []
    table.add("2026-01-19 08:00:00")
    batches = list(source.read(PLAN, cursor, "head"))
    assert ids(batches) == [3]
    moved = cursor_of(batches)
    assert moved is not None
    assert moved.changed_at == "2026-01-19 08:00:00"
    source.close()


def test_a_told_time_is_newer_than_none() -> None:
    assert newer("2026-01-19 08:00:00", "0000-00-00 00:00:00")
    assert not newer("0000-00-00 00:00:00", "2026-01-19 08:00:00")


def test_a_page_is_held_against_the_spellings_of_all_rows() -> None:
    order = Order(IntegerMeaning(), frozenset({"0000-00-00"}))
    assert order.holds_for(pl.Series(["2026-01-19", None]))
    assert not order.holds_for(pl.Series(["2026-1-19"]))
    assert Order(IntegerMeaning()).holds_for(pl.Series(["2026-1-19"]))


def test_text_in_an_integer_key_of_sqlite_is_read(tmp_path: Path) -> None:
    """Goal: one text among the numbers neither ends the read nor is lost. Method: every page size."""
    with sqlite3.connect(tmp_path / "a.sqlite") as made:
        made.execute("CREATE TABLE order_t (id INTEGER, changed TEXT)")
        keys = [1, 2, "A12", "B7", "ZY0001"]
        made.executemany("INSERT INTO order_t VALUES (?, '2026-01-19 08:00:00')", [(key,) for key in keys])
    for rows_max in (2, 3, 100):
        settings = {
            "name": "his",
            "campus": "east",
            "url": f"sqlite:///{tmp_path / 'a.sqlite'}",
            "rows_max": rows_max,
        }
        source = SqlQuery(SqlQuerySettings.model_validate(settings), CLOCK)
        batches = list(source.read(PLAN, None, "head"))
        assert [str(one) for one in ids(batches)] == ["1", "2", "A12", "B7", "ZY0001"]
        source.close()
