"""URLs, accounts, floats and summers on real servers: each trouble has a sentence of its own, and no piece of a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import psycopg
import pymysql
import pytest
from pydantic import ValidationError

from medferry.clock import ZONE, FixedClock
from medferry.errors import Next, SourceError
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings

CLOCK = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE))
PLAN = ReadPlan("his.t", "east", "SELECT * FROM t", ("id",), None, timedelta(0), timedelta(3), 100)


def opened(url: str, **more: object) -> SqlQuery:
    return SqlQuery(
        SqlQuerySettings.model_validate({"name": "his", "campus": "east", "url": url, **more}), CLOCK
    )


def read(source: SqlQuery) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in source.read(PLAN, None, "head")])


def trouble(url: str) -> SourceError:
    source = opened(url, connect_timeout_s=3.0)
    with pytest.raises(SourceError) as caught:
        read(source)
    source.close()
    assert caught.value.__cause__ is None
    assert caught.value.fix
    return caught.value


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://u:Yy@2026#zz@127.0.0.1:3306/his", "%40"),
        ("postgresql://u:a@zz b@h/d", "%40"),
        ("postgresql://u:zz@h/d@x", "%40"),
        ("sqlserver://u:zz@h/d", "不认识的数据库类型 sqlserver"),
    ],
)
def test_an_url_that_cannot_be_meant_is_refused_without_a_piece_of_it(url: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        opened(url)
    told = "".join(one["msg"] for one in caught.value.errors(include_url=False, include_input=False))
    assert says in told
    assert "zz" not in told


@pytest.fixture
def mariadb() -> Iterator[Any]:
    try:
        server = pymysql.connect(host="127.0.0.1", user="root", autocommit=True, charset="utf8mb4")
    except pymysql.OperationalError:
        pytest.skip("no MariaDB on 127.0.0.1:3306")
    cursor = server.cursor()
    for sql in (
        "DROP DATABASE IF EXISTS sources_doors",
        "CREATE DATABASE sources_doors",
        "USE sources_doors",
    ):
        cursor.execute(sql)
    yield cursor
    cursor.execute("DROP DATABASE sources_doors")
    server.close()


@contextmanager
def account(cursor: Any, options: str) -> Iterator[None]:
    hosts = ("127.0.0.1", "localhost", "%")
    for host in hosts:
        cursor.execute(f"CREATE OR REPLACE USER sources_door@'{host}' {options}")
        cursor.execute(f"GRANT SELECT ON sources_doors.* TO sources_door@'{host}'")
    try:
        yield
    finally:
        for host in hosts:
            cursor.execute(f"DROP USER sources_door@'{host}'")


@pytest.mark.mariadb
def test_accounts_of_mariadb_are_told_apart(mariadb: Any) -> None:
    """Goal: locked, expired, wrong password, no database: a sentence each. Method: accounts made so."""
    url = "mariadb://sources_door:geheim@127.0.0.1/sources_doors"
    mariadb.execute("CREATE TABLE t (id int)")
    for options, says in (
        ("IDENTIFIED BY 'geheim' ACCOUNT LOCK", "锁定"),
        ("IDENTIFIED BY 'geheim' PASSWORD EXPIRE", "过期"),
        ("IDENTIFIED BY 'other'", "不接受这个账号"),
    ):
        with account(mariadb, options):
            error = trouble(url)
            assert says in str(error), options
            assert "geheim" not in str(error)
    assert "数据库不存在" in str(trouble("mariadb://root@127.0.0.1/sources_nowhere"))


@pytest.mark.mariadb
def test_one_connection_is_enough_and_a_chinese_password_is_one(mariadb: Any) -> None:
    mariadb.execute("CREATE TABLE t (id int)")
    mariadb.execute("INSERT INTO t VALUES (1)")
    with account(mariadb, "IDENTIFIED BY '汉 @' WITH MAX_USER_CONNECTIONS 1"):
        source = opened("mariadb://sources_door:%E6%B1%89%20%40@127.0.0.1/sources_doors")
        assert read(source)["id"].to_list() == [1]
        assert "第二个连接" in source.path_used["his.t"].reason
        source.close()


@pytest.mark.mariadb
def test_mariadb_floats_keep_their_digits_and_timestamps_their_summers(mariadb: Any) -> None:
    """Goal: 123456.78 does not become 123457; a TIMESTAMP of summer 1988 keeps its wall time where the server knows of it."""
    mariadb.execute("CREATE TABLE t (id int, a float, b float(12,2), c double, d timestamp NULL)")
    mariadb.execute("INSERT INTO t VALUES (1, 123456.78, 1234567.89, 0.1, from_unixtime(583718400))")
    mariadb.execute("INSERT INTO t VALUES (2, NULL, NULL, NULL, NULL)")
    mariadb.execute("SELECT count(*) FROM mysql.time_zone_name WHERE Name = 'Asia/Shanghai'")
    knows = bool(mariadb.fetchone()[0])
    for path in ("auto", "off"):
        source = opened("mariadb://root@127.0.0.1/sources_doors", fast_path=path)
        frame = read(source)
        assert frame["a"].to_list() == [123456.78, None]
        assert frame["b"][0] == pytest.approx(1234567.88, abs=0.01)
        assert frame["c"][0] == 0.1
        assert not knows or frame["d"][0] == "1988-07-01 09:00:00"
        source.close()


@pytest.fixture
def postgres() -> Iterator[psycopg.Connection[Any]]:
    try:
        server = psycopg.connect("host=127.0.0.1 user=root dbname=test connect_timeout=2", autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    server.execute("DROP DATABASE IF EXISTS sources_doors WITH (FORCE)")
    server.execute("CREATE DATABASE sources_doors")
    server.execute("DROP ROLE IF EXISTS sources_door")
    yield server
    server.execute("DROP DATABASE sources_doors WITH (FORCE)")
    server.execute("DROP ROLE IF EXISTS sources_door")
    server.close()


@pytest.mark.postgres
def test_accounts_of_postgres_are_told_apart(postgres: psycopg.Connection[Any]) -> None:
    """Goal: no database, no role, no login, no right to connect, too many: a sentence each, though no SQLSTATE comes."""
    url = "postgresql://sources_door:geheim@127.0.0.1/sources_doors"
    assert "数据库不存在" in str(trouble("postgresql://root@127.0.0.1/sources_nowhere"))
    assert "没有这个账号" in str(trouble(url))
    postgres.execute("CREATE ROLE sources_door NOLOGIN")
    assert "不许登录" in str(trouble(url))
    postgres.execute("ALTER ROLE sources_door LOGIN")
    postgres.execute("REVOKE CONNECT ON DATABASE sources_doors FROM PUBLIC")
    assert "没有连接这个数据库的权限" in str(trouble(url))
    postgres.execute("GRANT CONNECT ON DATABASE sources_doors TO sources_door")
    postgres.execute("ALTER ROLE sources_door CONNECTION LIMIT 0")
    full = trouble(url)
    assert "连接数已满" in str(full)
    assert full.next is Next.RETRY


@pytest.mark.postgres
def test_postgres_takes_a_blank_in_a_password_and_gives_all_digits(postgres: psycopg.Connection[Any]) -> None:
    postgres.execute("ALTER DATABASE sources_doors SET extra_float_digits = 0")
    with psycopg.connect("host=127.0.0.1 user=root dbname=sources_doors", autocommit=True) as there:
        there.execute("CREATE TABLE t (id int, a real, b float8)")
        there.execute("INSERT INTO t VALUES (1, 123456.78, 0.1::float8 + 0.2), (2, NULL, NULL)")
    for path in ("auto", "off"):
        source = opened("postgresql://root:p%20w'\\@127.0.0.1/sources_doors", fast_path=path)
        frame = read(source)
        assert frame["a"].to_list() == [123456.78, None]
        assert frame["b"][0] == 0.1 + 0.2
        source.close()
