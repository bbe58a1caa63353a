"""Puts source rows into real databases: SQLite files, or one database per system on PostgreSQL or MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from medferry.errors import ConfigError
from medferry_sandbox.hospital.encoders import Stored
from medferry_sandbox.hospital.physical import SourceTable, TableName
from medferry_sandbox.hospital.world import Row

ROWS_PER_INSERT_MAX = 500
_PREFIX = "sunshine_"

Rows = Mapping[TableName, Mapping[tuple[Stored, ...], Row]]
_Act = Callable[[sa.Connection, sa.Table, Mapping[tuple[Stored, ...], Row]], None]

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


class Databases:
    """The databases of all systems of the hospital.

    folder  for SQLite files `<system>.sqlite`, when `url` is None
    url     a server's URL with a database to connect to first; systems become databases `sunshine_<system>`
    """

    def __init__(self, schema: Mapping[TableName, SourceTable], folder: Path, url: str | None) -> None:
        self._server = None if url is None else _server_url(url)
        self.urls = {place: _system_url(place, folder, self._server) for place, _ in schema}
        self._metas: dict[str, sa.MetaData] = {place: sa.MetaData() for place in self.urls}
        self._tables: dict[TableName, sa.Table] = {}
        for (place, name), table in schema.items():
            self._tables[place, name] = _table(self._metas[place], name, table)

    def create(self, rows: Rows) -> int:
        """Makes all databases anew and fills them; returns the rows written."""
        for place, url in self.urls.items():
            if self._server is None:
                Path(str(url.database)).unlink(missing_ok=True)
            else:
                _recreate(self._server, str(url.database))
            with self._engine(place) as engine:
                self._metas[place].create_all(engine)
        return sum(self._each(rows, self._insert))

    def apply(self, before: Rows, after: Rows) -> int:
        """Brings the databases from one state to the next: inserts and updates, never deletes; returns rows touched."""
        new: dict[TableName, dict[tuple[Stored, ...], Row]] = {}
        changed: dict[TableName, dict[tuple[Stored, ...], Row]] = {}
        for name, wanted in after.items():
            held = before.get(name, {})
            for key, row in wanted.items():
                if key not in held:
                    new.setdefault(name, {})[key] = row
                elif held[key] != row:
                    changed.setdefault(name, {})[key] = row
        return sum(self._each(new, self._insert)) + sum(self._each(changed, self._update))

    def put(self, rows: Rows) -> None:
        """Inserts rows, or updates those whose key is there already: for live events."""
        for _ in self._each(rows, self._put):
            pass

    def _each(self, rows: Rows, act: _Act) -> Iterator[int]:
        for place in self.urls:
            mine = {name: keyed for name, keyed in rows.items() if name[0] == place and keyed}
            if mine:
                with self._engine(place) as engine, engine.begin() as connection:
                    for name, keyed in mine.items():
                        act(connection, self._tables[name], keyed)
                        yield len(keyed)

    @staticmethod
    def _insert(connection: sa.Connection, table: sa.Table, keyed: Mapping[tuple[Stored, ...], Row]) -> None:
        columns = [column.name for column in table.columns]
        rows = [{column: row.get(column) for column in columns} for row in keyed.values()]
        for start in range(0, len(rows), ROWS_PER_INSERT_MAX):
            connection.execute(table.insert(), rows[start : start + ROWS_PER_INSERT_MAX])

    @staticmethod
    def _update(connection: sa.Connection, table: sa.Table, keyed: Mapping[tuple[Stored, ...], Row]) -> None:
        for row in keyed.values():
            connection.execute(table.update().where(*_is(table, row)), dict(row))

    @staticmethod
    def _put(connection: sa.Connection, table: sa.Table, keyed: Mapping[tuple[Stored, ...], Row]) -> None:
        for key, row in keyed.items():
            there = connection.execute(
                sa.select(sa.literal(1)).select_from(table).where(*_is(table, row))
            ).first()
            (Databases._update if there else Databases._insert)(connection, table, {key: row})

    @contextmanager
    def _engine(self, place: str) -> Iterator[sa.Engine]:
        engine = sa.create_engine(self.urls[place], poolclass=sa.NullPool)
        try:
            yield engine
        except sa.exc.OperationalError as wrong:
            raise ConfigError(
                "写入模拟医院数据库",
                system=place,
                driver=self.urls[place].drivername,
                fix="检查 --url 指向的数据库服务是否启动、账号能否建库",
            ) from wrong
        finally:
            engine.dispose()


def _is(table: sa.Table, row: Row) -> list[sa.ColumnElement[bool]]:
    return [column == row[column.name] for column in table.primary_key.columns]


def _table(meta: sa.MetaData, name: str, source: SourceTable) -> sa.Table:
    short = set(source.key) | source.changed_at
    columns = [
        sa.Column(
            column,
            _type(kind, short=column in short),
            primary_key=column in source.key,
            autoincrement=False,
            quote=False,
        )
        for column, kind in source.kinds.items()
    ]
    indexes = [
        sa.Index(f"ix_{name}_{column}".lower()[:60], column, *source.key)
        for column in sorted(source.changed_at)
    ]
    return sa.Table(name, meta, *columns, *indexes, quote=False)  # unquoted, as the queries write them


def _type(
    kind: str, *, short: bool
) -> sa.types.TypeEngine[str] | sa.types.TypeEngine[int] | sa.types.TypeEngine[bytes]:
    if kind == "int":
        return sa.BigInteger()
    if kind == "blob":
        return sa.LargeBinary()
    return sa.String(64) if short else sa.Text()


def _system_url(place: str, folder: Path, server: sa.URL | None) -> sa.URL:
    if server is None:
        return sa.make_url(f"sqlite:///{folder.resolve() / place}.sqlite")
    return server.set(database=_PREFIX + place)


def _server_url(text: str) -> sa.URL:
    """The server's URL with the driver that is here, as sources have them: mariadb://root@127.0.0.1/test."""
    doing, fix = (
        "读取 --url",
        "形如 postgresql://用户:口令@主机:端口/库 或 mariadb://…，口令里的特殊字符写成 %40 这样",
    )
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as wrong:
        raise ConfigError(doing, reason="不是数据库地址", fix=fix) from wrong
    driver = _DRIVERS.get(
        url.get_backend_name() if "+" not in url.drivername else url.drivername.split("+")[0]
    )
    if driver is None or url.database is None:
        reason = "没有写库名" if driver else f"只写 PostgreSQL 与 MariaDB，不认识 {url.drivername}"
        raise ConfigError(doing, reason=reason, fix=fix)
    return url.set(drivername=driver)


def _recreate(server: sa.URL, name: str) -> None:
    """Drops and makes one of our own databases; its name always starts with the prefix."""
    assert name.startswith(_PREFIX)
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    tail = (
        " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        if server.get_backend_name() in ("mysql", "mariadb")
        else ""
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}{tail}")
    except sa.exc.SQLAlchemyError as wrong:
        raise ConfigError(
            "在数据库服务器上建库",
            database=name,
            driver=server.drivername,
            fix="检查 --url、服务是否启动、账号能否建库",
        ) from wrong
    finally:
        engine.dispose()
