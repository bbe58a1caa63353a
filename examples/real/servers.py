"""Local database servers: is one there, and a dump put into a database of its own."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
import pymysql
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from examples.real.project import ServerKind

DEFAULT_URLS: Mapping[ServerKind, str] = {
    "postgresql": "postgresql+psycopg://root@127.0.0.1:5432/postgres",
    "mariadb": "mariadb+pymysql://root@127.0.0.1:3306",
}
CONNECT_TIMEOUT_S = 3
_PORTS: Mapping[ServerKind, int] = {"postgresql": 5432, "mariadb": 3306}
# Collations of MySQL 8 that MariaDB does not know, each by its nearest
_COLLATIONS = {"utf8mb4_0900_ai_ci": "utf8mb4_general_ci", "utf8mb4_0900_bin": "utf8mb4_bin"}
# Pieces that a semicolon may hide in, and the semicolon itself
_PIECES = re.compile(
    r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[ \t][^\n]*|--(?=\n)|\#[^\n]*|/\*.*?\*/|;""",
    re.DOTALL,
)


def why_absent(kind: ServerKind, server: URL) -> str:
    """Chinese; empty when the server listens."""
    host, port = server.host or "127.0.0.1", server.port or _PORTS[kind]
    try:
        socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S).close()
    except OSError:
        return f"{kind} 服务器 {host}:{port} 没有应答"
    return ""


def load_dump(kind: ServerKind, server: URL, database: str, dump: Path) -> str:
    """Makes the database anew and runs the dump in it; returns the URL to read it by.

    raises  the driver's error: a dump that does not load is for a person to look at
    """
    _LOADERS[kind](server, database, dump.read_text(encoding="utf-8"))
    return server.set(database=database).render_as_string(hide_password=False)


def _load_postgresql(server: URL, database: str, script: str) -> None:
    admin = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = sql.Identifier(database)
    with psycopg.connect(admin, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
    own = make_url(admin).set(database=database).render_as_string(hide_password=False)
    with psycopg.connect(own, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute(script.encode())


def _load_mariadb(server: URL, database: str, script: str) -> None:
    for unknown, known in _COLLATIONS.items():
        script = script.replace(unknown, known)
    connection = pymysql.connect(
        host=server.host or "127.0.0.1",
        port=server.port or _PORTS["mariadb"],
        user=server.username,
        password=server.password or "",
        charset="utf8mb4",
        connect_timeout=CONNECT_TIMEOUT_S,
        autocommit=False,
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS `{database}`")
        cursor.execute(f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
        cursor.execute(f"USE `{database}`")
        for statement in statements(script):
            cursor.execute(statement)
        connection.commit()


def statements(script: str) -> Iterator[str]:
    """The statements of a MySQL script; a semicolon inside quotes or a comment ends nothing."""
    start = 0
    for piece in _PIECES.finditer(script):
        if piece.group() == ";":
            yield script[start : piece.start()].strip()
            start = piece.end()
    rest = script[start:].strip()
    if _PIECES.sub("", rest).strip():
        yield rest


_LOADERS: Mapping[ServerKind, Callable[[URL, str, str], None]] = {
    "postgresql": _load_postgresql,
    "mariadb": _load_mariadb,
}
