"""MariaDB and MySQL: the text protocol's bytes, by asyncmy (compiled) as the fast path, by PyMySQL as the plain one.

Values stay bytes until a whole column is cast at once: twice as fast as a converter per value, and 0000-00-00 is
text like any other.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pymysql
import pymysql.converters
from pymysql.constants import FIELD_TYPE
from sqlalchemy import Dialect, Executable, Select, literal_column
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.sql.elements import ClauseElement, quoted_name

from medferry.errors import Next
from medferry.records import ProbeFinding
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import Column, FastPathUnfit, shortest_singles, text_from_bytes
from medferry.sources.sql_query.driver import PlanView, compiled
from medferry.sources.sql_query.faults import (
    BAD_SQL,
    EXPIRED,
    LOCKED,
    LOST,
    NO_COLUMN,
    NO_CONNECT,
    NO_DATABASE,
    NO_LOGIN,
    NO_RIGHT,
    NO_TABLE,
    NO_WRITING,
    TOO_MANY,
    TOO_SLOW,
    Fault,
    Rule,
    judged,
)
from medferry.sources.sql_query.mariadb_probe import account_of, plan_of
from medferry.sources.sql_query.settings import SqlQuerySettings

_BINARY_CHARSET = 63
_UNSIGNED = 32
_INTEGERS = {
    FIELD_TYPE.TINY,
    FIELD_TYPE.SHORT,
    FIELD_TYPE.INT24,
    FIELD_TYPE.LONG,
    FIELD_TYPE.LONGLONG,
    FIELD_TYPE.YEAR,
}
_FLOATS = {FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE}
_BYTES = {
    FIELD_TYPE.TINY_BLOB, FIELD_TYPE.MEDIUM_BLOB, FIELD_TYPE.LONG_BLOB, FIELD_TYPE.BLOB,
    FIELD_TYPE.VAR_STRING, FIELD_TYPE.STRING, FIELD_TYPE.VARCHAR,
}  # fmt: skip
_TIMES = {FIELD_TYPE.DATE, FIELD_TYPE.NEWDATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP}
_BIT = "bit"
_SINGLE = "float"
_NO_FIXED_DIGITS = 31
_SUMMER = "1988-07-01 09:00:00"  # 1988-07-01 00:00 UTC in Shanghai, that had summer time then
_NO_SECOND_CONNECTION = (1040, 1203, 1226)
_GRACE_S = 10.0  # the client waits this much longer than the server's own time-out
_FAULTS = (
    Rule("1969|3024|TimeoutError", TOO_SLOW),
    Rule("1054", NO_COLUMN, r"Unknown column '([^']+)'"),
    Rule("1051|1146", NO_TABLE, r"'([^']+)'"),
    Rule("1060", Fault(Next.STOP, "查询给出两个同名列 {name}", "用 AS 改名"), r"column name '([^']+)'"),
    Rule("1142|1143|1370", NO_RIGHT, r"for (?:table|column) [`']([\w.`]+)[`']"),
    Rule("1045|1698", NO_LOGIN),
    Rule("1044", NO_CONNECT),
    Rule("3118|4151", LOCKED),
    Rule("1820|1862", EXPIRED),
    Rule("1040|1203", TOO_MANY),
    Rule(
        "1226",
        Fault(Next.RETRY, "账号的连接数或查询数到了上限", "请管理员放宽账号的 MAX_USER_CONNECTIONS 等限制"),
    ),
    Rule("1049", NO_DATABASE),
    Rule("1290|1792", NO_WRITING),
    Rule("0|1040|1053|1205|1213|1317|1927|2[0-9]{3}|OperationalError|InterfaceError", LOST),
)
_ENCODERS = {key: value for key, value in pymysql.converters.conversions.items() if not isinstance(key, int)}


class MariadbDriver:
    """See Driver."""

    plain_path = "pymysql"
    page_form: paging.PageForm = "limit"

    def __init__(self, settings: SqlQuerySettings) -> None:
        self._settings = settings
        self.dialect: Dialect = MySQLDialect_pymysql()
        self._plain: pymysql.Connection[Any] | None = None
        self._fast: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.fast_path: str | None = "asyncmy"
        self.fast_path_absent = ""
        self._session: tuple[str, ...] = ()
        self.errors: tuple[type[Exception], ...] = (pymysql.MySQLError, OSError, EOFError)
        if importlib.util.find_spec("asyncmy") is None:
            self._no_fast_path("没有安装 asyncmy")
        else:
            from asyncmy.errors import MySQLError

            self.errors = (*self.errors, MySQLError)
        if "ssl_ca" in settings.parsed_url.query:
            self._no_fast_path("加密连接只走 pymysql")

    def _no_fast_path(self, reason: str) -> None:
        self.fast_path, self.fast_path_absent = None, reason

    def _arguments(self) -> dict[str, Any]:
        url = self._settings.parsed_url
        arguments: dict[str, Any] = {
            "host": url.host or "127.0.0.1",
            "port": url.port or 3306,
            "user": url.username,
            # As bytes: the drivers would take a text for latin-1, and fail at 汉.
            "password": str(url.password or "").encode(),
            "database": url.database,
            "charset": "utf8mb4",
            "use_unicode": False,
            "conv": _ENCODERS,
            "connect_timeout": max(1, int(self._settings.connect_timeout_s)),
            "read_timeout": int(self._settings.statement_timeout_s + _GRACE_S),
        }
        if "unix_socket" in url.query:
            arguments["unix_socket"] = url.query["unix_socket"]
        return arguments

    def _connected(self) -> pymysql.Connection[Any]:
        if self._plain is not None and self._plain.open:
            return self._plain
        arguments = self._arguments()
        if ca := self._settings.parsed_url.query.get("ssl_ca"):
            arguments["ssl_ca"] = ca
        connection: pymysql.Connection[Any] = pymysql.connect(**arguments, autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            (told,) = cursor.fetchall()
        version = told[0].decode()
        self._session = self._statements("mariadb" in version.lower())
        self._session = (*self._session, _zone(connection), *self._settings.session_sql)
        with connection.cursor() as cursor:
            for statement in self._session:
                cursor.execute(statement)
        self._plain = connection
        return connection

    def _statements(self, is_mariadb: bool) -> tuple[str, ...]:
        limit_s = self._settings.statement_timeout_s
        timed = (
            f"max_statement_time = {limit_s:g}"
            if is_mariadb
            else f"max_execution_time = {int(limit_s * 1000)}"
        )
        return (
            "SET SESSION TRANSACTION READ ONLY",
            f"SET SESSION {timed}",
        )

    def describe(
        self, query: str, placed_by: Sequence[str], parameters: Mapping[str, object] | None = None
    ) -> tuple[Column, ...]:
        text, values = compiled(paging.described(query, parameters), self.dialect)
        with self._connected().cursor() as cursor:
            cursor.execute(text, values)
            # The charset tells BLOB from TEXT, and the cursor's public description leaves it out.
            result: Any = cursor._result
            return tuple(_column(field) for field in result.fields)

    def bind(self, column: Column, value: object) -> object:
        return value

    def fetch(
        self, statement: ClauseElement, columns: Sequence[Column], order: Sequence[str], *, fast: bool
    ) -> pl.DataFrame:
        statement = _with_all_digits(statement, columns)
        if not fast:
            return _frame(self._bytes(statement), columns)
        fetched, sent = self._bytes_fast(statement)
        if sent != len(fetched):
            raise FastPathUnfit("快速驱动读到的行数与数据库自己数的不符")
        return _frame(fetched, columns)

    def _bytes(self, statement: ClauseElement) -> Sequence[tuple[Any, ...]]:
        text, values = compiled(statement, self.dialect)
        with self._connected().cursor() as cursor:
            cursor.execute(text, values)
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _bytes_fast(self, statement: ClauseElement) -> tuple[Sequence[tuple[Any, ...]], int]:
        """Rows, and how many the server says it sent."""
        text, values = compiled(statement, self.dialect)
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(self._ask(text, values))

    async def _ask(self, text: str, values: tuple[object, ...]) -> tuple[Sequence[tuple[Any, ...]], int]:
        import asyncmy

        if self._fast is None:
            self._connected()
            try:
                connection = await asyncmy.connect(**self._arguments(), autocommit=True)
            except self.errors as error:
                if not error.args or error.args[0] not in _NO_SECOND_CONNECTION:
                    raise
                self._no_fast_path("账号不许有第二个连接")
                raise FastPathUnfit(self.fast_path_absent) from None
            async with connection.cursor() as cursor:
                for statement in self._session:
                    await cursor.execute(statement)
            self._fast = connection
        async with self._fast.cursor() as cursor:
            await cursor.execute(text, values)
            found: Sequence[tuple[Any, ...]] = await cursor.fetchall()
            # Not count(*) OVER () as elsewhere: on wide rows it goes through a table on disk and costs half the speed.
            await cursor.execute("SELECT FOUND_ROWS()")
            ((sent,),) = await cursor.fetchall()
            return found, int(sent)

    def rows(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        if isinstance(statement, str):
            with self._connected().cursor() as cursor:
                cursor.execute(statement)
                found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        else:
            assert isinstance(statement, ClauseElement)
            found = self._bytes(statement)
        return [
            tuple(v.decode("utf-8", "backslashreplace") if isinstance(v, bytes) else v for v in row)
            for row in found
        ]

    def fault(self, error: Exception) -> Fault:
        if isinstance(error, (OSError, EOFError)):
            return judged(_FAULTS, type(error).__name__, "", LOST)
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        message = str(error.args[1]) if len(error.args) > 1 else ""
        return judged(_FAULTS, str(number or type(error).__name__), message, BAD_SQL)

    def server(self) -> str:
        return str(self.rows("SELECT version()")[0][0])

    def clock_difference_s(self, now_epoch_s: float) -> float | None:
        return float(self.rows("SELECT unix_timestamp(sysdate(6))")[0][0]) - now_epoch_s

    def account(self) -> ProbeFinding:
        return account_of([str(row[0]) for row in self.rows("SHOW GRANTS")])

    def plan(self, statement: ClauseElement) -> PlanView | None:
        text, values = compiled(statement, self.dialect)
        with self._connected().cursor() as cursor:
            cursor.execute(f"EXPLAIN {text}", values)
            names = [item[0] for item in cursor.description]
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return plan_of([dict(zip(names, row, strict=True)) for row in found])

    def reset(self) -> None:
        if self._plain is not None and self._plain.open:
            self._plain.close()
        if self._fast is not None:
            self._fast.close()
        if self._loop is not None:
            self._loop.close()
        self._plain = self._fast = self._loop = None


def _column(field: Any) -> Column:
    code, unsigned = field.type_code, bool(field.flags & _UNSIGNED)
    if code in _INTEGERS:
        wide = unsigned and code == FIELD_TYPE.LONGLONG
        return Column(field.name, pl.UInt64() if wide else pl.Int64())
    if code == FIELD_TYPE.FLOAT and field.scale >= _NO_FIXED_DIGITS:
        return Column(field.name, pl.Float64(), _SINGLE)
    if code in _FLOATS:
        return Column(field.name, pl.Float64())
    if code == FIELD_TYPE.BIT:
        return Column(field.name, pl.UInt64(), _BIT)
    if code == FIELD_TYPE.GEOMETRY or (code in _BYTES and field.charsetnr == _BINARY_CHARSET):
        return Column(field.name, pl.Binary())
    # Dates too: 0000-00-00 and 2026-02-00 are legal values here and have no place in a date type.
    return Column(field.name, pl.String(), orders_itself=code in _TIMES)


def _with_all_digits(statement: ClauseElement, columns: Sequence[Column]) -> ClauseElement:
    """FLOAT as DOUBLE: of a FLOAT the server writes six digits, and 123456.78 became 123457."""
    singles = {column.name for column in columns if column.declared == _SINGLE}
    if not singles or not isinstance(statement, Select):
        return statement
    shown = [
        (one + literal_column("0e0")).label(quoted_name(one.name, True)) if one.name in singles else one
        for one in statement.selected_columns
    ]
    return statement.with_only_columns(*shown)


def _zone(connection: pymysql.Connection[Any]) -> str:
    """Asia/Shanghai, by name or as the server's own clock keeps it: +08:00 knows nothing of the summers of 1986 to 1991, when
    a TIMESTAMP's wall time was an hour further."""
    for zone in ("'Asia/Shanghai'", "SYSTEM"):
        with connection.cursor() as cursor:
            try:
                cursor.execute(f"SET SESSION time_zone = {zone}")
            except pymysql.MySQLError:
                continue
            cursor.execute("SELECT CAST(from_unixtime(583718400) AS CHAR)")
            ((told,),) = cursor.fetchall()
        if told.decode() == _SUMMER:
            return f"SET SESSION time_zone = {zone}"
    return "SET SESSION time_zone = '+08:00'"


def _frame(fetched: Sequence[tuple[Any, ...]], columns: Sequence[Column]) -> pl.DataFrame:
    by_column = list(zip(*fetched, strict=True)) if fetched else [()] * len(columns)
    return pl.DataFrame([_series(c, v) for c, v in zip(columns, by_column, strict=False)])


def _series(column: Column, values: Sequence[bytes | None]) -> pl.Series:
    if column.dtype == pl.Binary:
        return pl.Series(column.name, values, dtype=pl.Binary)
    if column.declared == _BIT:
        numbers = [None if v is None else int.from_bytes(v) for v in values]
        return pl.Series(column.name, numbers, dtype=column.dtype)
    text = text_from_bytes(column.name, values)
    if column.declared == _SINGLE:
        return shortest_singles(text.cast(pl.Float64))
    return text if column.dtype == pl.String else text.cast(column.dtype)
