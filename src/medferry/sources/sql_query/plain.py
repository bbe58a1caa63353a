"""All other databases, through SQLAlchemy: Oracle, SQL Server, 达梦, ODBC. 未在真实服务器上测试。"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Dialect, Engine, Executable, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import ClauseElement

from medferry.errors import Next
from medferry.records import ProbeFinding
from medferry.sources.sql_query import dialects
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import Column, series_from_objects
from medferry.sources.sql_query.driver import PlanView
from medferry.sources.sql_query.faults import (
    BAD_SQL,
    LOST,
    NO_COLUMN,
    NO_LOGIN,
    NO_RIGHT,
    NO_TABLE,
    NO_WRITING,
    TOO_SLOW,
    Fault,
    Rule,
    judged,
)
from medferry.sources.sql_query.settings import SqlQuerySettings

_EXTRAS = {"oracle": "oracle", "mssql": "sqlserver", "dm": "dameng", "odbc": "odbc"}
_READ_ONLY = {"oracle": "SET TRANSACTION READ ONLY", "dm": "SET TRANSACTION READ ONLY"}
_PYTHON_TYPES: Mapping[type, pl.DataType] = {
    bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64(), bytes: pl.Binary(), bytearray: pl.Binary(),
    datetime: pl.Datetime("us"), date: pl.Date(),
}  # fmt: skip
_ORACLE_TYPES: Mapping[str, pl.DataType] = {
    "DB_TYPE_DATE": pl.Datetime("us"), "DB_TYPE_TIMESTAMP": pl.Datetime("us"), "DB_TYPE_RAW": pl.Binary(),
    "DB_TYPE_BLOB": pl.Binary(), "DB_TYPE_LONG_RAW": pl.Binary(), "DB_TYPE_BINARY_DOUBLE": pl.Float64(),
    "DB_TYPE_BINARY_FLOAT": pl.Float64(),
}  # fmt: skip
_INT64_DIGITS = 18

_FAULTS = (
    Rule("ORA-01013|DPY-4024|DPI-1067|HYT00", TOO_SLOW),
    Rule("ORA-00904|42S22", NO_COLUMN, r'ORA-00904: "?([\w".]+?)"?:'),
    Rule("ORA-00942|42S02", NO_TABLE),
    Rule("ORA-01031", NO_RIGHT),
    Rule("ORA-(01017|28000|28001)|28000", NO_LOGIN),
    Rule("ORA-01456|25006", NO_WRITING),
    Rule(
        "DPY-3010",
        Fault(Next.STOP, "瘦模式读不了这么旧的 Oracle", "安装 Oracle 客户端，设置 oracle_client_dir"),
    ),
    Rule("ORA-(009|017)[0-9]{2}|42000|42601", BAD_SQL),
)


class PlainDriver:
    """See Driver. Values come as Python objects, one by one."""

    fast_path = None
    errors: tuple[type[Exception], ...] = (SQLAlchemyError, ModuleNotFoundError)

    def __init__(self, settings: SqlQuerySettings) -> None:
        dialects.register()
        self._settings = settings
        url = settings.parsed_url
        self._backend = url.get_backend_name()
        self.dialect: Dialect = url.get_dialect()()
        self.page_form: paging.PageForm = "limit"
        if self._backend == "oracle":
            self.page_form = "rownum"
        elif self._backend == "odbc":
            self.page_form = settings.page_form
        self.plain_path = self.dialect.driver
        self.fast_path_absent = "这种数据库只走普通驱动"
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    def _connected(self) -> Connection:
        if self._connection is not None:
            return self._connection
        if self._engine is None:
            options: dict[str, Any] = {}
            if self._backend == "oracle" and self._settings.oracle_client_dir:
                options["thick_mode"] = {"lib_dir": self._settings.oracle_client_dir}
            self._engine = create_engine(self._settings.parsed_url, poolclass=NullPool, **options)
        connection = self._engine.connect()
        raw: Any = connection.connection.driver_connection
        if self._backend == "oracle":
            raw.call_timeout = int(self._settings.statement_timeout_s * 1000)
        elif self._backend in ("mssql", "odbc"):
            raw.timeout = max(1, int(self._settings.statement_timeout_s))
        first = []
        if self._settings.schema_name and self._backend in ("oracle", "dm"):
            quoted = self.dialect.identifier_preparer.quote(self._settings.schema_name)
            first.append(
                f"ALTER SESSION SET CURRENT_SCHEMA = {quoted}"
                if self._backend == "oracle"
                else f"SET SCHEMA {quoted}"
            )
        for statement in (*first, *self._settings.session_sql):
            connection.exec_driver_sql(statement)
        connection.rollback()
        self._connection = connection
        return connection

    def _run(self, statement: Executable) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Rows and description, in a transaction that is rolled back."""
        connection = self._connected()
        try:
            if self._backend in _READ_ONLY:
                connection.exec_driver_sql(_READ_ONLY[self._backend])
            result = connection.execute(statement)
            description = list(result.cursor.description or ()) if result.cursor is not None else []
            return [tuple(row) for row in result.fetchall()], [tuple(item) for item in description]
        finally:
            connection.rollback()

    def describe(
        self, query: str, placed_by: Sequence[str], parameters: Mapping[str, object] | None = None
    ) -> tuple[Column, ...]:
        _, description = self._run(paging.described(query, parameters))
        return tuple(_column(item) for item in description)

    def bind(self, column: Column, value: object) -> object:
        if isinstance(value, str) and isinstance(column.dtype, (pl.Datetime, pl.Date)):
            return datetime.fromisoformat(value)
        return value

    def fetch(
        self, statement: ClauseElement, columns: Sequence[Column], order: Sequence[str], *, fast: bool
    ) -> pl.DataFrame:
        assert isinstance(statement, Executable)
        fetched, _ = self._run(statement)
        by_column = list(zip(*fetched, strict=True)) if fetched else [()] * len(columns)
        return pl.DataFrame([_series(c, v) for c, v in zip(columns, by_column, strict=True)])

    def rows(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        return self._run(text(statement) if isinstance(statement, str) else statement)[0]

    def fault(self, error: Exception) -> Fault:
        if isinstance(error, ModuleNotFoundError):
            extra = _EXTRAS.get(self._backend, "")
            return Fault(
                Next.STOP,
                f"没有安装 {self._backend} 的驱动",
                f"pip install 'medferry[{extra}]'",
                self._backend,
            )
        cause = error.orig if isinstance(error, DBAPIError) else error
        message = str(cause)
        found = re.search(r"(ORA|DPY|DPI)-[0-9]{4,5}|\b[0-9][0-9A-Z]{4}\b|\bHY[0-9A-Z]{3}\b", message)
        return judged(_FAULTS, found[0] if found else type(cause).__name__, message, LOST)

    def server(self) -> str:
        self._connected()
        version = ".".join(str(part) for part in self.dialect_version())
        return f"{self._backend} {version}（未在真实服务器上测试过的数据库）"

    def dialect_version(self) -> tuple[Any, ...]:
        """What SQLAlchemy learnt at the first connection; empty where the dialect does not ask."""
        return tuple(getattr(self._connected().dialect, "server_version_info", None) or ())

    def clock_difference_s(self, now_epoch_s: float) -> float | None:
        return None

    def account(self) -> ProbeFinding:
        how = "事务设为只读" if self._backend in _READ_ONLY else "查询包在子查询里，写不进去"
        return ProbeFinding(
            "只读", False, f"无法核实账号的写权限（{how}）", "请管理员确认账号只有 SELECT 权限"
        )

    def plan(self, statement: ClauseElement) -> PlanView | None:
        return None

    def reset(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None


def _column(item: tuple[Any, ...]) -> Column:
    name, code = item[0], item[1]
    if isinstance(code, type):
        return Column(name, _PYTHON_TYPES.get(code, pl.String()), code.__name__)
    kind = str(getattr(code, "name", ""))
    precision, scale = (item[4] or 0, item[5]) if len(item) > 5 else (0, None)
    if kind == "DB_TYPE_NUMBER" and scale == 0 and 0 < precision <= _INT64_DIGITS:
        return Column(name, pl.Int64(), kind)
    return Column(name, _ORACLE_TYPES.get(kind, pl.String()), kind)


def _series(column: Column, values: Sequence[Any]) -> pl.Series:
    if column.dtype == pl.Int64:
        values = [None if v is None else int(v) for v in values]
    return series_from_objects(column.name, values, column.dtype)
