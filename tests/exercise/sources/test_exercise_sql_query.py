"""`sql_query` passes the exercise suite on SQLite, PostgreSQL and MariaDB, on the plain and on the fast path."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psycopg
import pymysql
import pytest

from medferry.clock import Clock
from medferry.sources.settings import SourceTools
from medferry.sources.source import Source
from medferry.sources.sql_query import SqlQuerySettings
from medferry.testing.exercise_source import EXERCISES, Bench

_COLUMNS = ("id", "code", "note", "amount", "changed", "odd")


class SqliteWorld:
    closed_port_url = None
    takes_nul = True
    slow_query = (
        "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 100000000) "
        "SELECT count(*) AS id, 'x' AS code FROM n"
    )
    writing_query = "DELETE FROM exercise_rows"
    odd_times: Mapping[int, tuple[str, str]] = {
        i: (text, text) for i, text in enumerate(["0000-00-00", "0001-01-01 00:00:00", "9999-12-31", "昨天"])
    }

    def __init__(self, folder: Path) -> None:
        file = folder / "world.sqlite"
        self.url = f"sqlite:///{file}"
        self._connection = sqlite3.connect(file, isolation_level=None)
        self.run(
            "CREATE TABLE exercise_rows (id INTEGER, code TEXT, note TEXT, amount TEXT, changed DATETIME, odd DATETIME)"
        )

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        values = [tuple(row.get(name) for name in _COLUMNS) for row in rows]
        self._connection.executemany("INSERT INTO exercise_rows VALUES (?, ?, ?, ?, ?, ?)", values)

    def run(self, sql: str) -> None:
        self._connection.execute(sql)

    def close(self) -> None:
        self._connection.close()


class PostgresWorld:
    takes_nul = False
    closed_port_url = "postgresql://ferry:geheim@127.0.0.1:1/test"
    slow_query = "SELECT 1 AS id, pg_sleep(20)::text AS code"
    writing_query = "DELETE FROM exercise_rows RETURNING id, changed"
    odd_times: Mapping[int, tuple[str, str]] = {
        0: ("0001-01-01 00:00:00", "0001-01-01 00:00:00"),
        1: ("9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999"),
    }

    def __init__(self, folder: Path) -> None:
        try:
            self._connection = psycopg.connect(
                "host=127.0.0.1 user=root dbname=test connect_timeout=2", autocommit=True
            )
        except psycopg.OperationalError:
            pytest.skip("no PostgreSQL on 127.0.0.1:5432")
        self.url = "postgresql://root:geheim@127.0.0.1/test?options=-csearch_path%3Dexercise_source"
        self.run("DROP SCHEMA IF EXISTS exercise_source CASCADE")
        self.run("CREATE SCHEMA exercise_source")
        self.run("SET search_path = exercise_source")
        self.run(
            "CREATE TABLE exercise_rows (id bigint, code text, note text, amount numeric(38, 0), "
            "changed timestamp, odd timestamp)"
        )

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        values = [tuple(row.get(name) for name in _COLUMNS) for row in rows]
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO exercise_rows VALUES (%s, %s, %s, %s, %s, %s)", values)

    def run(self, sql: str) -> None:
        self._connection.execute(sql.encode())

    def close(self) -> None:
        self.run("DROP SCHEMA exercise_source CASCADE")
        self._connection.close()


class MariadbWorld:
    takes_nul = True
    closed_port_url = "mariadb://ferry:geheim@127.0.0.1:1/test"
    slow_query = "SELECT 1 AS id, sleep(20) AS code"
    writing_query = "DELETE FROM exercise_rows"
    odd_times: Mapping[int, tuple[str, str]] = {
        i: (text, text)
        for i, text in enumerate(
            ["0000-00-00 00:00:00", "2026-02-00 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59"]
        )
    }

    def __init__(self, folder: Path) -> None:
        try:
            self._connection = pymysql.connect(
                host="127.0.0.1", user="root", autocommit=True, charset="utf8mb4"
            )
        except pymysql.OperationalError:
            pytest.skip("no MariaDB on 127.0.0.1:3306")
        self.url = "mariadb://root@127.0.0.1/exercise_source"
        self.run("DROP DATABASE IF EXISTS exercise_source")
        self.run("CREATE DATABASE exercise_source CHARACTER SET utf8mb4")
        self.run("USE exercise_source")
        self.run("SET SESSION sql_mode = ''")  # hospitals' old rows were written without strict mode
        self.run(
            "CREATE TABLE exercise_rows (id bigint, code varchar(60), note longtext, amount decimal(38, 0), "
            "changed datetime(6), odd datetime)"
        )

    def put(self, rows: Sequence[Mapping[str, object]]) -> None:
        values = [tuple(row.get(name) for name in _COLUMNS) for row in rows]
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO exercise_rows VALUES (%s, %s, %s, %s, %s, %s)", values)

    def run(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def close(self) -> None:
        self.run("DROP DATABASE exercise_source")
        self._connection.close()


_World = SqliteWorld | PostgresWorld | MariadbWorld
_PATHS = [
    pytest.param((SqliteWorld, "off"), id="sqlite-plain"),
    pytest.param((SqliteWorld, "auto"), id="sqlite-fast"),
    pytest.param((PostgresWorld, "off"), id="postgres-plain", marks=pytest.mark.postgres),
    pytest.param((PostgresWorld, "auto"), id="postgres-fast", marks=pytest.mark.postgres),
    pytest.param((MariadbWorld, "off"), id="mariadb-plain", marks=pytest.mark.mariadb),
    pytest.param((MariadbWorld, "auto"), id="mariadb-fast", marks=pytest.mark.mariadb),
]


@pytest.fixture(params=_PATHS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    kind, fast_path = request.param
    world: _World = kind(tmp_path)
    opened: list[Source] = []

    def make_source(url: str, clock: Clock, settings: Mapping[str, object]) -> Source:
        given = {"name": "his", "campus": "east", "url": url, "fast_path": fast_path, **settings}
        source = SqlQuerySettings.model_validate(given).open(SourceTools(clock))
        opened.append(source)
        return source

    yield Bench(world, make_source)
    for source in opened:
        source.close()
    world.close()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.__name__)
def test_exercise(bench: Bench, exercise: Callable[[Bench], None]) -> None:
    exercise(bench)
