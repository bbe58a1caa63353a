"""What the exercise suite cannot ask of every database: fall-backs, encodings, types, faults."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pymysql
import pytest
from pydantic import ValidationError
from sqlalchemy.sql.elements import ClauseElement

from medferry.clock import ZONE, FixedClock
from medferry.errors import Next, SourceError, SourceRefused
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings
from medferry.sources.sql_query.columns import outside_calendar, temporal_from_text, text_from_bytes
from medferry.sources.sql_query.mariadb import MariadbDriver
from medferry.sources.sql_query.mariadb_probe import account_of
from medferry.sources.sql_query.postgres import PostgresDriver

DATABASE = "unit_source"
PG_URL = "postgresql://root@127.0.0.1/test"
MY_URL = f"mariadb://root@127.0.0.1/{DATABASE}"
CLOCK = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE))
PLAN = ReadPlan("his.t", "east", "SELECT * FROM t", ("id",), "changed", timedelta(0), timedelta(3), 100)


def settings(url: str, **more: object) -> SqlQuerySettings:
    return SqlQuerySettings.model_validate({"name": "his", "campus": "east", "url": url, **more})


def read(source: SqlQuery, plan: ReadPlan = PLAN) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in source.read(plan, None, "head")])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


def test_sqlite_mixed_and_broken_values_stay_visible(file: Path) -> None:
    with sqlite3.connect(file) as made:
        made.execute(
            "CREATE TABLE t (id INTEGER, changed TEXT, n DECIMAL(10,2), x TEXT, b BLOB, i INTEGER, r REAL)"
        )
        made.executemany(
            "INSERT INTO t VALUES (?, '2026-01-01', ?, ?, ?, ?, ?)",
            [
                (1, 12.5, "张", b"\xd6\xd0", 1, 0.5),
                (2, 12, b"\xd6\xd0", "text", 2, 1),
                (3, 2**60 + 1, None, None, None, -0.0),
            ],
        )
    frame = read(SqlQuery(settings(f"sqlite:///{file}"), CLOCK))
    assert frame["n"].to_list() == ["12.5", "12", str(2**60 + 1)]
    assert frame["x"].to_list() == ["张", r"\xd6\xd0", None]
    assert frame["b"].to_list() == [b"\xd6\xd0", b"text", None]
    assert frame.schema["i"] == pl.Int64
    assert frame["r"].to_list() == [0.5, 1.0, 0.0]
    computed = replace(
        PLAN, query="SELECT id, changed, CAST(b AS BLOB) AS raw, x || '' AS y, id + 1 AS z FROM t"
    )
    other = read(SqlQuery(settings(f"sqlite:///{file}"), CLOCK), computed)
    assert other.schema["raw"] == pl.Binary
    assert other["z"].to_list() == ["2", "3", "4"]


@pytest.mark.parametrize("column", ["changed", "changed + 0"])
def test_sqlite_whole_numbers_order_as_numbers(file: Path, column: str) -> None:
    """Goal: 9 comes before 10, and a cursor of 9 finds 10. Method: declared and computed integer columns, one row a page."""
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (id INTEGER, changed DATETIME)")
        made.executemany("INSERT INTO t VALUES (?, ?)", [(1, 9), (2, 10), (3, 100)])
    plan = replace(PLAN, query=f"SELECT id, {column} AS changed FROM t", rows_max=1)
    source = SqlQuery(settings(f"sqlite:///{file}"), CLOCK)
    batches = list(source.read(plan, None, "head"))
    assert [batch.cursor.changed_at for batch in batches if batch.cursor] == [9, 10, 100]
    assert [b.frame["id"][0] for b in source.read(plan, batches[0].cursor, "head")] == [2, 3]


def test_a_changed_at_without_order_is_refused(file: Path) -> None:
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (id INTEGER, changed REAL)")
    with pytest.raises(SourceRefused, match="不能排出先后"):
        read(SqlQuery(settings(f"sqlite:///{file}"), CLOCK))


def test_an_alias_that_looks_like_a_doubled_name_is_none(file: Path) -> None:
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (id INTEGER, changed TEXT, x TEXT)")
        made.execute("INSERT INTO t VALUES (1, '2026-01-01', 'a')")
    source = SqlQuery(settings(f"sqlite:///{file}"), CLOCK)
    assert read(source, replace(PLAN, query='SELECT *, x AS "比例1:1" FROM t'))["比例1:1"].to_list() == ["a"]
    with pytest.raises(SourceRefused, match="同名的列 x:1"):
        read(source, replace(PLAN, query="SELECT *, 2 AS x FROM t"))


def test_files_that_are_absent_or_no_database_are_told_apart(file: Path) -> None:
    source = SqlQuery(settings(f"sqlite:///{file}"), CLOCK)
    with pytest.raises(SourceError, match="找不到数据库文件") as absent:
        read(source)
    assert absent.value.next is Next.RETRY
    file.write_bytes(b"x" * 4096)
    with pytest.raises(SourceRefused, match="不是 SQLite 数据库"):
        read(source)


def test_no_text_of_the_url_is_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        settings("geheim")
    assert "不是有效的数据库 URL" in str(caught.value)
    shown = settings("mssql+pyodbc://u:geheim@h:1433/d?PWD=geheim")
    assert "geheim" not in shown.shown_url + repr(shown)


def test_text_from_bytes_and_times() -> None:
    assert text_from_bytes("x", [b"a", b"\xff", None]).to_list() == ["a", r"\xff", None]
    fine = temporal_from_text(
        pl.Series(["0001-01-01 00:00:00", "9999-12-31 23:59:59.5", None]), pl.Datetime("us")
    )
    assert fine.dtype == pl.Datetime("us")
    assert not outside_calendar(fine)
    assert temporal_from_text(pl.Series(["infinity"]), pl.Date()).dtype == pl.String
    assert temporal_from_text(pl.Series(["0044-03-15 BC"]), pl.Date()).dtype == pl.String


@pytest.mark.parametrize(
    ("grants", "ok"),
    [
        (
            [
                "GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*GEHEIM'",
                "GRANT SELECT ON `h`.* TO `a`@`%`",
            ],
            True,
        ),
        (["GRANT SELECT, INSERT (a, b), SHOW VIEW ON `h`.`t` TO `a`@`%`"], False),
        (["GRANT `doctor` TO `a`@`%`", "GRANT SELECT ON *.* TO `a`@`%`"], False),
        (["GRANT SELECT ON *.* TO `a`@`%` WITH GRANT OPTION"], False),
    ],
)
def test_mariadb_grants_are_judged_and_never_shown(grants: list[str], ok: bool) -> None:
    finding = account_of(grants)
    assert finding.ok is ok
    assert "GEHEIM" not in finding.text


@pytest.mark.postgres
def test_both_postgres_paths_give_the_same_frame(postgres: psycopg.Connection[Any]) -> None:
    """Goal: every type arrives equal on both paths, with equal column types. Method: one row of odd values, one of nulls."""
    postgres.execute(
        "CREATE TABLE t (id int, changed timestamptz, a smallint, b real, c float8, d numeric, e bytea, f bool, g date, "
        "h time, i interval, j uuid, k jsonb, l int[], m char(5), n varchar(9), o money, p timestamp)"
    )
    postgres.execute(
        "INSERT INTO t VALUES (1, '2026-01-15 08:29:41.5+08', 3, 0.1, '-0', 'NaN', '\\xd6d000', true, '0001-01-01', '08:30',"
        " '1 day', '123e4567-e89b-12d3-a456-426614174000', '{\"a\": 1}', '{1,2}', 'ab', 'x', 1, '9999-12-31 23:59:59')"
    )
    postgres.execute("INSERT INTO t (id, changed) VALUES (2, '2026-01-16 00:00:00+08')")
    fast, plain = (
        SqlQuery(settings(PG_URL, schema_name="unit_source", fast_path=path), CLOCK)
        for path in ("auto", "off")
    )
    one, two = read(fast), read(plain)
    assert fast.path_used["his.t"].name == "adbc"
    assert plain.path_used["his.t"].name == "psycopg"
    assert one.schema == two.schema
    assert one.equals(two)
    assert str(one["c"][0]) == "-0.0"
    assert one["b"][0] == 0.1
    assert str(one["changed"][0]) == "2026-01-15 08:29:41.500000", "wall time of Asia/Shanghai"


@pytest.mark.postgres
def test_colons_of_postgres_are_its_own(postgres: psycopg.Connection[Any]) -> None:
    """Goal: casts, JSON paths and backslashes before a colon arrive at the server as they were written."""
    postgres.execute("CREATE TABLE t (id int, changed timestamp)")
    postgres.execute("INSERT INTO t VALUES (1, '2026-01-01')")
    query = """SELECT id, changed, 'D\\:数据'::text AS a, ('{"状态": "x"}'::jsonb ->> '状态') AS b FROM t -- ZT:已启用"""
    for path in ("auto", "off"):
        source = SqlQuery(settings(PG_URL, schema_name="unit_source", fast_path=path), CLOCK)
        assert read(source, replace(PLAN, query=query)).select("a", "b").row(0) == ("D\\:数据", "x")
        source.close()


@pytest.mark.postgres
def test_the_server_takes_no_second_statement(postgres: psycopg.Connection[Any]) -> None:
    """Goal: past our own reading of the text, the read-only session and the prepared statement still refuse. Method: the
    driver asked directly, with what would leave the derived table."""
    driver = PostgresDriver(settings(PG_URL, schema_name="unit_source"))
    for query in ("SELECT 1 AS a) q; CREATE TABLE x (a int); SELECT * FROM (SELECT 1 AS a", "DELETE FROM t"):
        with pytest.raises(psycopg.Error):
            driver.describe(query, ())
    driver.reset()
    assert postgres.execute("SELECT to_regclass('unit_source.x')").fetchone() == (None,)


@pytest.mark.postgres
def test_infinity_takes_the_plain_path_as_text(postgres: psycopg.Connection[Any]) -> None:
    postgres.execute("CREATE TABLE t (id int, changed timestamp, d date)")
    postgres.execute("INSERT INTO t VALUES (1, '2026-01-01', 'infinity'), (2, '2026-01-02', '0044-03-15 BC')")
    source = SqlQuery(settings(PG_URL, schema_name="unit_source"), CLOCK)
    assert read(source)["d"].to_list() == ["infinity", "0044-03-15 BC"]
    assert source.path_used["his.t"].name == "psycopg"
    assert "9999" in source.path_used["his.t"].reason


class _LosesARow:
    """An ADBC connection that loses the last row of every table: what the proof is for."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        cursor = self._connection.cursor()
        whole = cursor.fetch_arrow_table
        cursor.fetch_arrow_table = lambda: whole()[:-1]
        return cursor


@pytest.mark.postgres
def test_a_lost_row_is_noticed(postgres: psycopg.Connection[Any]) -> None:
    """Goal: a columnar driver that loses a row is caught. Method: one that does, between the real server and ours."""
    postgres.execute("CREATE TABLE t (id int, changed timestamp)")
    postgres.execute("INSERT INTO t SELECT n, '2026-01-01' FROM generate_series(1, 10) n")
    source = SqlQuery(settings(PG_URL, schema_name="unit_source"), CLOCK)
    driver = source._driver
    assert isinstance(driver, PostgresDriver)
    driver._columnar = _LosesARow(driver._arrow())
    assert read(source)["id"].to_list() == list(range(1, 11))
    assert "行数" in source.path_used["his.t"].reason


@pytest.mark.postgres
def test_sql_ascii_databases_carry_gbk_debris(postgres: psycopg.Connection[Any]) -> None:
    postgres.execute("DROP DATABASE IF EXISTS unit_source_ascii")
    postgres.execute(
        "CREATE DATABASE unit_source_ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    try:
        with psycopg.connect("host=127.0.0.1 user=root dbname=unit_source_ascii", autocommit=True) as there:
            there.execute("CREATE TABLE t (id int, changed timestamp, x text)")
            there.execute(b"INSERT INTO t VALUES (1, '2026-01-01', E'\\xd6\\xd0'), (2, '2026-01-02', 'ok')")
        source = SqlQuery(settings("postgresql://root@127.0.0.1/unit_source_ascii"), CLOCK)
        assert read(source)["x"].to_list() == [r"\xd6\xd0", "ok"]
        assert "SQL_ASCII" in source.path_used["his.t"].reason
        source.close()
    finally:
        postgres.execute("DROP DATABASE unit_source_ascii")


@pytest.mark.postgres
def test_a_reader_is_proved_and_refused_what_it_may_not_read(postgres: psycopg.Connection[Any]) -> None:
    postgres.execute("CREATE TABLE t (id int, changed timestamp)")
    postgres.execute("DROP ROLE IF EXISTS unit_source_reader")
    postgres.execute("CREATE ROLE unit_source_reader LOGIN")
    try:
        postgres.execute("GRANT USAGE ON SCHEMA unit_source TO unit_source_reader")
        reader = SqlQuery(
            settings("postgresql://unit_source_reader@127.0.0.1/test", schema_name="unit_source"), CLOCK
        )
        with pytest.raises(SourceRefused, match="账号没有读 t 的权限"):
            read(reader)
        postgres.execute("GRANT SELECT ON t TO unit_source_reader")
        found = {finding.subject: finding for finding in reader.probe()}
        assert found["只读"].ok, found["只读"].text
        postgres.execute("GRANT UPDATE ON t TO unit_source_reader")
        assert "unit_source.t" in {f.subject: f for f in reader.probe()}["只读"].text
        reader.close()
    finally:
        postgres.execute("DROP OWNED BY unit_source_reader")
        postgres.execute("DROP ROLE unit_source_reader")


@pytest.mark.postgres
def test_a_connection_that_died_idle_is_made_again(postgres: psycopg.Connection[Any]) -> None:
    postgres.execute("CREATE TABLE t (id int, changed timestamp)")
    postgres.execute("INSERT INTO t VALUES (1, '2026-01-01')")
    source = SqlQuery(settings(PG_URL, schema_name="unit_source"), CLOCK)
    assert read(source).height == 1
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'medferry'"
    )
    assert read(source).height == 1


@pytest.mark.mariadb
def test_both_mariadb_paths_give_the_same_frame(mariadb: pymysql.Connection[Any]) -> None:
    cursor = mariadb.cursor()
    cursor.execute(
        "CREATE TABLE t (id int, changed datetime, a tinyint(1), b bigint unsigned, c bit(1), d decimal(38,4), e double, "
        "f varbinary(9), g blob, h text CHARACTER SET gbk, i json, j enum('男','女'), k time, l year, m date, n bit(20))"
    )
    cursor.execute(
        "INSERT INTO t VALUES (1, '2026-01-01', 1, 18446744073709551615, b'1', 1.5, 0.1, x'd6d0', x'0001', '中', "
        "'{\"a\": 1}', '女', '-838:59:59', 2026, '9999-12-31', b'1000000000')"
    )
    cursor.execute("INSERT INTO t (id, changed) VALUES (2, '2026-01-02')")
    fast, plain = (SqlQuery(settings(MY_URL, fast_path=path), CLOCK) for path in ("auto", "off"))
    one, two = read(fast), read(plain)
    assert one.schema == two.schema
    assert one.equals(two)
    assert one.row(0)[2:] == (
        1, 18446744073709551615, 1, "1.5000", 0.1, b"\xd6\xd0", b"\x00\x01", "中", '{"a": 1}', "女", "-838:59:59", 2026,
        "9999-12-31", 512,
    )  # fmt: skip
    assert isinstance(fast._driver, MariadbDriver)
    fast.close()
    plain.close()


@pytest.mark.mariadb
def test_a_row_lost_by_the_fast_driver_is_noticed(
    mariadb: pymysql.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: the server's own count catches a lost row. Method: the real answer, its last row taken away."""
    cursor = mariadb.cursor()
    cursor.execute("CREATE TABLE t (id int, changed datetime)")
    cursor.executemany("INSERT INTO t VALUES (%s, '2026-01-01')", [(n,) for n in range(10)])
    source = SqlQuery(settings(MY_URL), CLOCK)
    driver = source._driver
    assert isinstance(driver, MariadbDriver)
    whole = driver._bytes_fast

    def short(statement: ClauseElement) -> tuple[Sequence[tuple[Any, ...]], int]:
        fetched, sent = whole(statement)
        return fetched[:-1], sent

    monkeypatch.setattr(driver, "_bytes_fast", short)
    assert read(source)["id"].to_list() == list(range(10))
    assert "行数" in source.path_used["his.t"].reason
    source.close()
