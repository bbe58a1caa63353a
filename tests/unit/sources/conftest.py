"""Servers on loopback, each test file with a database of its own, called DATABASE there; absent servers skip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pymysql
import pytest


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[Any]]:
    name: str = request.module.DATABASE
    try:
        connection = psycopg.connect(
            "host=127.0.0.1 user=root dbname=test connect_timeout=2", autocommit=True
        )
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    connection.execute(f"CREATE SCHEMA {name}")
    connection.execute(f"SET search_path = {name}")
    yield connection
    connection.execute(f"DROP SCHEMA {name} CASCADE")
    connection.close()


@pytest.fixture
def mariadb(request: pytest.FixtureRequest) -> Iterator[pymysql.Connection[Any]]:
    name: str = request.module.DATABASE
    try:
        connection = pymysql.connect(host="127.0.0.1", user="root", autocommit=True, charset="utf8mb4")
    except pymysql.OperationalError:
        pytest.skip("no MariaDB on 127.0.0.1:3306")
    cursor = connection.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {name}")
    cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    cursor.execute(f"USE {name}")
    yield connection
    cursor.execute(f"DROP DATABASE {name}")
    connection.close()
