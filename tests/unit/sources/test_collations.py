"""Goal: no page loses a row whose key the database holds for equal to another's, and rows without a key are counted.
Method: keys that one collation or another takes for the same, in one table, read at every page size."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pymysql
import pytest

from medferry.clock import ZONE, FixedClock
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings

DATABASE = "unit_collations"
PG_URL = "postgresql://root@127.0.0.1/test"
MY_URL = f"mariadb://root@127.0.0.1/{DATABASE}"
CLOCK = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE))
PLAN = ReadPlan("his.t", "east", "SELECT * FROM t", ("id",), "changed", timedelta(0), timedelta(3), 100)


def settings(url: str, **more: object) -> SqlQuerySettings:
    return SqlQuerySettings.model_validate({"name": "his", "campus": "east", "url": url, **more})


def read(source: SqlQuery) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in source.read(PLAN, None, "head")])


EQUAL_IN_SOME_COLLATION = (
    "a",
    "A",
    "b",
    "é",
    "e",
    "f",
    "F ",
    "g",
    "s",
    "ß",
    "𠮷",
    "𠮶",
    "ａ1",
    "a1",
    "b-1",
    "b1",
    "张",
    "李",
    "王",
)


@pytest.mark.mariadb
@pytest.mark.parametrize("collation", ["utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin"])
def test_text_keys_equal_to_the_collation_are_not_lost(
    mariadb: pymysql.Connection[Any], collation: str
) -> None:
    """Goal: keys 'a' and 'A' are equal to the server, so no page may end between them. Method: every page size."""
    cursor = mariadb.cursor()
    cursor.execute(f"CREATE TABLE t (id varchar(20) COLLATE {collation}, changed datetime)")
    cursor.executemany("INSERT INTO t VALUES (%s, '2026-01-01')", [(x,) for x in EQUAL_IN_SOME_COLLATION])
    for rows_max in (4, 5, 6, 7, 8):
        source = SqlQuery(settings(MY_URL, rows_max=rows_max), CLOCK)
        assert sorted(read(source)["id"]) == sorted(EQUAL_IN_SOME_COLLATION)
        source.close()


@pytest.mark.postgres
def test_text_keys_equal_to_a_nondeterministic_collation_are_not_lost(
    postgres: psycopg.Connection[Any],
) -> None:
    """Goal: a collation that skips case, accents, width and signs loses no row. Method: every page size."""
    postgres.execute(
        "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1-ka-shifted', deterministic = false)"
    )
    postgres.execute("CREATE TABLE t (id text COLLATE loose, changed timestamp)")
    for one in EQUAL_IN_SOME_COLLATION:
        postgres.execute("INSERT INTO t VALUES (%s, '2026-01-01')", (one,))
    for rows_max in (4, 5, 6, 7, 8):
        source = SqlQuery(settings(PG_URL, schema_name=DATABASE, rows_max=rows_max), CLOCK)
        assert sorted(read(source)["id"]) == sorted(EQUAL_IN_SOME_COLLATION)
        source.close()


def test_rows_without_a_key_are_counted_in_a_notice(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (id TEXT, changed TEXT)")
        made.executemany("INSERT INTO t VALUES (?, '2026-01-01')", [("1",), (None,), (None,), (None,)])
    source = SqlQuery(settings(f"sqlite:///{file}", rows_max=2), CLOCK)
    assert [batch.frame.height for batch in source.read(PLAN, None, "sweep")] == [2, 1]
    (said,) = source.notices(PLAN.route)
    assert "有 2 行的 key（id）为空，只取前 2 行，其余未读" in said
    with sqlite3.connect(file) as made:
        made.execute("DELETE FROM t WHERE id IS NULL")
    assert [batch.frame.height for batch in source.read(PLAN, None, "sweep")] == [1]
    assert source.notices(PLAN.route) == ()
    source.close()
