"""Goal: the read-only accounts of docs/operations.md can read and cannot write, by our own probe.
Method: a database of its own on a real server; the manual's SQL is run in it word for word but for names, then a source
is opened as that account.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pymysql
import pytest
from pydantic import SecretStr

from medferry.clock import SystemClock
from medferry.sources.settings import SourceTools
from medferry.sources.sql_query import SqlQuerySettings

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def statements(server: str, database: str, account: str) -> list[str]:
    found = re.search(rf"^```sql {server}\n(.*?)^```", MANUAL.read_text(encoding="utf-8"), re.M | re.S)
    assert found is not None
    text = re.sub(r"\bmedferry\b", account, re.sub(r"\bhis\b", database, found[1])).replace("换成口令", "x1")
    return [one.strip() for one in text.split(";\n") if one.strip()]


def assert_reads_and_cannot_write(url: str) -> None:
    settings = SqlQuerySettings(name="his", campus="main", url=SecretStr(url))
    source = settings.open(SourceTools(SystemClock()))
    try:
        assert source.lookup_table("SELECT brid FROM brxx").to_dicts() == [{"brid": 1}]
        account = next(one for one in source.probe() if one.subject == "只读")
        assert account.ok, account.text
    finally:
        source.close()


@contextmanager
def postgres_database(name: str) -> Iterator[None]:
    try:
        admin = psycopg.connect("postgresql://root@127.0.0.1:5432/test", autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    with admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            admin.execute(f"DROP ROLE IF EXISTS {name}".encode())


@pytest.mark.postgres
def test_postgresql() -> None:
    name = f"docs_{uuid.uuid4().hex[:12]}"
    with postgres_database(name):
        with psycopg.connect(f"postgresql://root@127.0.0.1:5432/{name}", autocommit=True) as owner:
            owner.execute("CREATE TABLE brxx AS SELECT 1 AS brid")
            for one in statements("postgresql", name, name):
                owner.execute(one.encode())
        assert_reads_and_cannot_write(f"postgresql://{name}:x1@127.0.0.1:5432/{name}")


@pytest.mark.mariadb
def test_mariadb() -> None:
    name = f"docs_{uuid.uuid4().hex[:12]}"
    try:
        admin = pymysql.connect(host="127.0.0.1", user="root", autocommit=True)
    except pymysql.OperationalError:
        pytest.skip("no MariaDB on 127.0.0.1:3306")
    with admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            cursor.execute(f"CREATE TABLE {name}.brxx AS SELECT 1 AS brid")
            for one in statements("mariadb", name, name):
                cursor.execute(one)
            assert_reads_and_cannot_write(f"mysql://{name}:x1@127.0.0.1:3306/{name}")
        finally:
            cursor.execute(f"DROP DATABASE {name}")
            cursor.execute(f"DROP USER IF EXISTS '{name}'@'127.0.0.1'")
