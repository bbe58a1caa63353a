"""PostgreSQL: ADBC (Arrow, COPY) as the fast path, psycopg as the plain one; both read the same SQL."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
from psycopg import sql as pgsql
from psycopg.adapt import Loader
from psycopg.conninfo import make_conninfo
from sqlalchemy import ColumnElement, Dialect, Executable, Float, Text, cast, func, literal_column
from sqlalchemy.engine import URL
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import Select

from medferry.records import ProbeFinding
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import (
    TEMPORAL,
    Column,
    FastPathUnfit,
    outside_calendar,
    shortest_singles,
    temporal_from_text,
    text_from_bytes,
)
from medferry.sources.sql_query.driver import PlanView, compiled
from medferry.sources.sql_query.faults import (
    BAD_SQL,
    LOST,
    MAY_NOT_LOG_IN,
    NO_COLUMN,
    NO_CONNECT,
    NO_DATABASE,
    NO_LOGIN,
    NO_RIGHT,
    NO_ROLE,
    NO_TABLE,
    NO_WRITING,
    NOT_FROM_HERE,
    TOO_MANY,
    TOO_SLOW,
    Fault,
    Rule,
    judged,
)
from medferry.sources.sql_query.postgres_probe import account_of, plan_of
from medferry.sources.sql_query.settings import SqlQuerySettings

if TYPE_CHECKING:
    from psycopg.abc import Buffer

_TIMESTAMP_TZ = 1184
_REAL = 700
_TYPES: dict[int, pl.DataType] = {
    16: pl.Boolean(), 17: pl.Binary(), 20: pl.Int64(), 21: pl.Int64(), 23: pl.Int64(), 26: pl.Int64(),
    25: pl.String(), 1042: pl.String(), 1043: pl.String(),
    700: pl.Float64(), 701: pl.Float64(), 1082: pl.Date(), 1114: pl.Datetime("us"), 1184: pl.Datetime("us"),
}  # fmt: skip
"""Type number -> type. Every other type (numeric, json, uuid, interval, arrays …) is written as text by the server."""
_FAULTS = (
    Rule("57014", TOO_SLOW),
    Rule("42703", NO_COLUMN, r'column "?([\w.]+)"? does not exist'),
    Rule("42P01|3F000", NO_TABLE, r'"([\w.]+)" does not exist'),
    Rule("42501", NO_RIGHT, r"permission denied for \w+ ([\w.]+)"),
    Rule("25006", NO_WRITING),
    Rule("no role", NO_ROLE),
    Rule("no login", MAY_NOT_LOG_IN),
    Rule("no connect", NO_CONNECT),
    Rule("no entry", NOT_FROM_HERE),
    Rule("53300", TOO_MANY),
    Rule("28...", NO_LOGIN),
    Rule("3D000", NO_DATABASE),
    Rule("40001|40P01|55P03|08...|53...|57...|OperationalError|InterfaceError", LOST),
)
_REFUSALS = (
    ("28P01", "password authentication failed|no password supplied"),
    ("3D000", 'database ".*" does not exist'),
    ("no role", 'role ".*" does not exist'),
    ("no login", "is not permitted to log in"),
    ("no connect", "permission denied for database|does not have CONNECT privilege"),
    ("no entry", "no pg_hba.conf entry|pg_hba.conf rejects"),
    ("53300", "too many (?:clients|connections)|connection slots are reserved"),
    ("57P03", "the database system is "),
)
"""With a refused connection comes no SQLSTATE, only words."""
_SENT_AS_TEXT = (25, 1042, 1043, 1082, 1114)


class _Bytes(Loader):
    """Text as the bytes on the wire: a database of encoding SQL_ASCII sends anything."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class PostgresDriver:
    """See Driver."""

    plain_path = "psycopg"
    page_form: paging.PageForm = "limit"

    def __init__(self, settings: SqlQuerySettings) -> None:
        self._settings = settings
        self.dialect: Dialect = URL.create("postgresql+psycopg").get_dialect()()
        self._place = _conninfo(settings.parsed_url)
        self._plain: psycopg.Connection[tuple[Any, ...]] | None = None
        self._columnar: Any = None
        self.fast_path: str | None = "adbc"
        self.fast_path_absent = ""
        self.errors: tuple[type[Exception], ...] = (psycopg.Error,)
        if importlib.util.find_spec("adbc_driver_postgresql") is None:
            self._no_fast_path("没有安装 adbc-driver-postgresql")
        else:
            from adbc_driver_manager import Error

            self.errors = (*self.errors, Error)

    def _no_fast_path(self, reason: str) -> None:
        self.fast_path, self.fast_path_absent = None, reason

    def _session(self) -> list[str]:
        timeout_ms = max(1, int(self._settings.statement_timeout_s * 1000))
        first = [
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            f"SET statement_timeout = {timeout_ms}",
            f"SET lock_timeout = {timeout_ms}",
            "SET TIME ZONE 'Asia/Shanghai'",
            "SET DateStyle = 'ISO, YMD'",
            "SET standard_conforming_strings = on",
            "SET extra_float_digits = 3",  # before version 12, and where somebody set it, floats came with 6 or 15 digits
        ]
        if self._settings.schema_name:
            path = pgsql.Identifier(self._settings.schema_name).as_string(None)
            first.append(f"SET search_path = {path}, public")
        return [*first, *self._settings.session_sql]

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._plain is not None and not self._plain.closed:
            return self._plain
        connection = psycopg.connect(
            self._place,
            connect_timeout=max(1, int(self._settings.connect_timeout_s)),
            client_encoding="UTF8",
            application_name="medferry",
            autocommit=True,
        )
        for statement in self._session():
            connection.execute(statement.encode())
        if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
            connection.execute(
                "SET client_encoding = 'SQL_ASCII'"
            )  # else the server refuses to send such text
            self._no_fast_path("数据库编码是 SQL_ASCII，文本可能不是 UTF-8")
        self._plain = connection
        return connection

    def _arrow(self) -> Any:
        if self._columnar is None:
            import adbc_driver_postgresql.dbapi as adbc

            timeout_s = max(1, int(self._settings.connect_timeout_s))
            connection = adbc.connect(make_conninfo(self._place, connect_timeout=timeout_s), autocommit=True)
            with connection.cursor() as cursor:
                for statement in self._session():
                    cursor.execute(statement)
            self._columnar = connection
        return self._columnar

    def describe(
        self, query: str, placed_by: Sequence[str], parameters: Mapping[str, object] | None = None
    ) -> tuple[Column, ...]:
        text, values = compiled(paging.described(query, parameters), self.dialect)
        # Prepared: the server itself takes no second statement then.
        description = self._connected().execute(text.encode(), values, prepare=True).description or []
        return tuple(
            Column(d.name, _TYPES.get(d.type_code, pl.String()), str(d.type_code)) for d in description
        )

    def bind(self, column: Column, value: object) -> object:
        return value

    def fetch(
        self, statement: ClauseElement, columns: Sequence[Column], order: Sequence[str], *, fast: bool
    ) -> pl.DataFrame:
        assert isinstance(statement, Select)
        by_name = {c.name: c for c in columns}
        shown = paging.proved(statement, order, lambda c: _expression(c, by_name[c.name]))
        text, values = compiled(shown, self.dialect)
        return self._fetch_arrow(text, values, columns) if fast else self._fetch_plain(text, values, columns)

    def _fetch_arrow(
        self, text: str, values: Mapping[str, object], columns: Sequence[Column]
    ) -> pl.DataFrame:
        import pyarrow as pa

        # COPY takes no parameters, and without COPY the gain is gone: values become literals, quoted by psycopg.
        literals = {name: pgsql.Literal(value).as_string(None) for name, value in values.items()}
        with self._arrow().cursor() as cursor:
            cursor.execute(text % literals)
            table: pa.Table = cursor.fetch_arrow_table()
        if table.num_rows and table.column(paging.PROOF)[0].as_py() != table.num_rows:
            raise FastPathUnfit("列式驱动读到的行数与数据库自己数的不符")
        frame = pl.DataFrame(pl.from_arrow(table.drop_columns([paging.PROOF])))
        for column in columns:
            if isinstance(column.dtype, TEMPORAL) and outside_calendar(frame[column.name]):
                raise FastPathUnfit(f"列 {column.name} 有公元 1 年至 9999 年之外的时间")
        frame = frame.select(pl.col(c.name).cast(c.dtype) for c in columns)
        return frame.with_columns(
            shortest_singles(frame[c.name]) for c in columns if c.declared == str(_REAL)
        )

    def _fetch_plain(
        self, text: str, values: Mapping[str, object], columns: Sequence[Column]
    ) -> pl.DataFrame:
        with self._connected().cursor() as cursor:
            for oid in _SENT_AS_TEXT:
                cursor.adapters.register_loader(oid, _Bytes)
            fetched = cursor.execute(text.encode(), values).fetchall()
        by_column = list(zip(*fetched, strict=True))[:-1] if fetched else [()] * len(columns)
        return pl.DataFrame([_series(c, v) for c, v in zip(columns, by_column, strict=True)])

    def rows(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        if isinstance(statement, str):
            return self._connected().execute(statement.encode()).fetchall()
        assert isinstance(statement, ClauseElement)
        text, values = compiled(statement, self.dialect)
        return self._connected().execute(text.encode(), values).fetchall()

    def fault(self, error: Exception) -> Fault:
        message = (
            (error.diag.message_primary or str(error)) if isinstance(error, psycopg.Error) else str(error)
        )
        code = getattr(error, "sqlstate", None) or type(error).__name__
        if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
            code = next((told for told, words in _REFUSALS if re.search(words, message)), code)
        return judged(_FAULTS, code, message, BAD_SQL)

    def server(self) -> str:
        return f"PostgreSQL {self.rows('SHOW server_version')[0][0]}"

    def clock_difference_s(self, now_epoch_s: float) -> float | None:
        return float(self.rows("SELECT extract(epoch FROM clock_timestamp())")[0][0]) - now_epoch_s

    def account(self) -> ProbeFinding:
        return account_of(self.rows)

    def plan(self, statement: ClauseElement) -> PlanView | None:
        text, values = compiled(statement, self.dialect)
        return plan_of(self._connected(), text, values)

    def reset(self) -> None:
        for connection in (self._plain, self._columnar):
            if connection is not None:
                connection.close()
        self._plain = self._columnar = None


def _conninfo(url: URL) -> str:
    """What libpq connects by, in its own quoting: a blank in a password stays one."""
    given = {**url.query, **url.translate_connect_args(username="user", database="dbname")}
    told: dict[str, Any] = {name: value for name, value in given.items() if isinstance(value, (str, int))}
    return make_conninfo(**told)


def _expression(shown: ColumnElement[Any], column: Column) -> ColumnElement[Any]:
    oid = int(column.declared)
    if oid == _TIMESTAMP_TZ:
        return func.timezone(literal_column("'Asia/Shanghai'"), shown)  # record times are wall time
    if oid == _REAL:
        return cast(cast(shown, Text), Float(53))  # 0.1 stays 0.1
    return shown if oid in _TYPES else cast(shown, Text)


def _series(column: Column, values: Sequence[Any]) -> pl.Series:
    if isinstance(column.dtype, TEMPORAL):
        return temporal_from_text(text_from_bytes(column.name, values), column.dtype)
    if column.dtype == pl.String:
        return text_from_bytes(column.name, values)
    if column.declared == str(_REAL):
        return shortest_singles(pl.Series(column.name, values, dtype=pl.Float64))
    return pl.Series(column.name, values, dtype=column.dtype)
