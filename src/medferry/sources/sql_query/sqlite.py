"""SQLite: read-only file, every statement timed, types by the declared affinity.

The plain path is the standard library's: text comes as bytes, which is a third faster and lets broken UTF-8 through
alive. The fast one is ADBC, held on a short lead: see sqlite_columnar.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
from sqlalchemy import Dialect, Executable, Select, func, literal_column, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.elements import ClauseElement

from medferry.errors import Next
from medferry.records import ProbeFinding
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import (
    Column,
    FastPathUnfit,
    series_from_objects,
    text_from_bytes,
    text_from_numbers,
)
from medferry.sources.sql_query.driver import PlanView, compiled
from medferry.sources.sql_query.faults import (
    BAD_SQL,
    NO_COLUMN,
    NO_TABLE,
    NO_WRITING,
    TOO_SLOW,
    Fault,
    Rule,
    judged,
)
from medferry.sources.sql_query.settings import SqlQuerySettings
from medferry.sources.sql_query.sqlite_columnar import ColumnarReader, shown_as_bytes

_STEPS_BETWEEN_LOOKS = 50_000  # virtual machine steps, about a millisecond
_ROWS_LOOKED_AT = 200
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_FAULTS = (
    Rule("SQLITE_INTERRUPT", TOO_SLOW),
    Rule(
        "SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN).*",
        Fault(Next.RETRY, "数据库文件打不开或被占用", "核对路径、权限和占用它的程序"),
    ),
    Rule("SQLITE_READONLY.*", NO_WRITING),
    Rule(
        "SQLITE_(NOTADB|CORRUPT).*", Fault(Next.STOP, "文件不是 SQLite 数据库或已损坏", "核对 url 中的路径")
    ),
    Rule("SQLITE_ERROR/column", NO_COLUMN, r"no such column: ([\w.]+)"),
    Rule("SQLITE_ERROR/table", NO_TABLE, r"no such table: ([\w.]+)"),
)
_COUNTED_MAX = 1_000_001


class SqliteDriver:
    """See Driver."""

    plain_path = "sqlite3"
    page_form: paging.PageForm = "limit"

    def __init__(self, settings: SqlQuerySettings) -> None:
        self._settings = settings
        self.errors: tuple[type[Exception], ...] = (sqlite3.Error, FileNotFoundError, TimeoutError)
        self.fast_path: str | None = None
        self.fast_path_absent = "没有安装 adbc-driver-sqlite"
        if importlib.util.find_spec("adbc_driver_sqlite") is not None:
            from adbc_driver_manager import Error

            self.fast_path, self.fast_path_absent = "adbc", ""
            self.errors = (*self.errors, Error)
        self.dialect: Dialect = SQLiteDialect_pysqlite()
        self._connection: sqlite3.Connection | None = None
        self._columnar = ColumnarReader(self.file, settings.session_sql)
        self._deadline = 0.0
        self._blobs: dict[str, frozenset[str]] = {}

    @property
    def file(self) -> Path:
        return Path(self._settings.parsed_url.database or "").absolute()

    def _connected(self) -> sqlite3.Connection:
        self._deadline = time.monotonic() + self._settings.statement_timeout_s
        if self._connection is not None:
            return self._connection
        if not self.file.is_file():
            raise FileNotFoundError(str(self.file))
        connection = sqlite3.connect(
            f"file:{quote(str(self.file))}?mode=ro",
            uri=True,
            check_same_thread=False,
            timeout=self._settings.connect_timeout_s,
            isolation_level=None,
        )
        connection.text_factory = bytes
        connection.set_progress_handler(self._late, _STEPS_BETWEEN_LOOKS)
        connection.execute("PRAGMA temp_store=MEMORY")
        for statement in self._settings.session_sql:
            connection.execute(statement)
        connection.execute("PRAGMA query_only=ON")
        self._connection = connection
        return connection

    def _late(self) -> int:
        return int(time.monotonic() > self._deadline)

    def _run(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        return self._connected().execute(sql, parameters)

    def describe(
        self, query: str, placed_by: Sequence[str], parameters: Mapping[str, object] | None = None
    ) -> tuple[Column, ...]:
        sql, values = compiled(paging.described(query, parameters), self.dialect)
        names = [item[0] for item in self._run(sql, values).description]
        declared = self._declared(paging.with_nulls(query, parameters))
        blobs = self._blobs_of(query, [name for name in names if not declared.get(name)], parameters)
        columns = []
        for name in names:
            kind = declared.get(name, "")
            dtype = _dtype(kind)
            if name in placed_by and _is_untyped(kind) and self._is_whole(query, name):
                dtype = pl.Int64()
            elif name in blobs:
                dtype = pl.Binary()
            columns.append(Column(name, dtype, kind))
        return tuple(columns)

    def _declared(self, query: str) -> dict[str, str]:
        """Declared types through a temporary view, the only place where SQLite tells them for a query."""
        connection = self._connected()
        connection.execute("PRAGMA query_only=OFF")
        try:
            connection.execute("DROP VIEW IF EXISTS temp.medferry_page")
            connection.execute(f"CREATE TEMP VIEW medferry_page AS {query.strip().rstrip(';')}\n")
            told = connection.execute("PRAGMA temp.table_info(medferry_page)").fetchall()
            connection.execute("DROP VIEW temp.medferry_page")
        finally:
            connection.execute("PRAGMA query_only=ON")
        return {row[1].decode(): row[2].decode() for row in told}

    def _blobs_of(
        self, query: str, names: Sequence[str], parameters: Mapping[str, object] | None
    ) -> frozenset[str]:
        """Undeclared columns that hold bytes in the query's first rows; looked at once for each query."""
        if query not in self._blobs:
            q = paging.wrapped(query, names, parameters)
            kinds = select(*(func.typeof(q.c[name]) for name in names)).limit(_ROWS_LOOKED_AT)
            seen = self.rows(kinds) if names else []
            self._blobs[query] = frozenset(
                name for i, name in enumerate(names) if any(r[i] == "blob" for r in seen)
            )
        return self._blobs[query]

    def _is_whole(self, query: str, name: str) -> bool:
        """An undeclared column holds whole numbers, by its first value: text would not compare with them."""
        q = paging.wrapped(query, (name,))
        found = self.rows(select(q.c[name]).where(q.c[name].is_not(None)).limit(1))
        return bool(found) and isinstance(found[0][0], int)

    def bind(self, column: Column, value: object) -> object:
        # SQLite lets text live in an INTEGER column; compared with the column it keeps its place behind all numbers.
        is_number = column.dtype == pl.Int64 and _WHOLE.fullmatch(str(value)) is not None
        return int(str(value)) if is_number else value

    def fetch(
        self, statement: ClauseElement, columns: Sequence[Column], order: Sequence[str], *, fast: bool
    ) -> pl.DataFrame:
        if fast:
            return self._fetch_columnar(statement, columns)
        sql, values = compiled(statement, self.dialect)
        fetched = self._run(sql, values).fetchall()
        by_column = list(zip(*fetched, strict=True)) if fetched else [()] * len(columns)
        return pl.DataFrame([_series(c, v) for c, v in zip(columns, by_column, strict=True)])

    def _fetch_columnar(self, statement: ClauseElement, columns: Sequence[Column]) -> pl.DataFrame:
        """The plain driver counts the rows: what it counts and the columnar one has not read, is missed."""
        assert isinstance(statement, Select)
        if self._columnar.is_late:
            raise FastPathUnfit("上一条语句超时，列式驱动停用")
        texts = frozenset(c.name for c in columns if _affinity(c.declared) == "TEXT")
        sql, values = compiled(shown_as_bytes(statement, columns, texts), self.dialect)
        self._connected()  # its checks of the file, and its words for what is wrong with it
        frame = self._columnar.read(sql, values, columns, at_most_s=self._settings.statement_timeout_s)
        counted = self.rows(
            select(func.count()).select_from(
                statement.with_only_columns(literal_column("1"), maintain_column_froms=True).subquery(
                    "counted"
                )
            )
        )
        if counted[0][0] != frame.height:
            raise FastPathUnfit("列式驱动读到的行数与数据库自己数的不符")
        return frame

    def rows(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        if isinstance(statement, str):
            found = self._run(statement).fetchall()
        else:
            assert isinstance(statement, ClauseElement)
            found = self._run(*compiled(statement, self.dialect)).fetchall()
        return [
            tuple(v.decode("utf-8", "backslashreplace") if isinstance(v, bytes) else v for v in row)
            for row in found
        ]

    def fault(self, error: Exception) -> Fault:
        if isinstance(error, TimeoutError):
            return TOO_SLOW
        if isinstance(error, FileNotFoundError):
            return Fault(Next.RETRY, "找不到数据库文件", "核对 url 中的路径", "CANTOPEN")
        code, text = str(getattr(error, "sqlite_errorname", type(error).__name__)), str(error)
        if code == "SQLITE_ERROR" and (missing := re.search("no such (column|table)", text)):
            code = f"{code}/{missing[1]}"
        return judged(_FAULTS, code, text, BAD_SQL)

    def server(self) -> str:
        self._connected()
        return f"SQLite {sqlite3.sqlite_version}"

    def clock_difference_s(self, now_epoch_s: float) -> float | None:
        return None

    def account(self) -> ProbeFinding:
        """The connection cannot write: mode=ro is tried, not believed."""
        try:
            self._run("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_READONLY":
                raise
            also = "；操作系统允许本程序写这个文件，建议改为只读权限" if os.access(self.file, os.W_OK) else ""
            return ProbeFinding("只读", True, f"以只读方式打开，SQLite 拒绝写入{also}")
        self._run("ROLLBACK")
        return ProbeFinding("只读", False, "连接竟能写入数据库文件", "把文件设为只读")

    def plan(self, statement: ClauseElement) -> PlanView | None:
        sql, values = compiled(statement, self.dialect)
        lines = [row[3].decode() for row in self._run(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
        scans = [m[1] for line in lines if (m := re.match(r"SCAN (\S+)$", line))]
        tables = {row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type='table'")}
        counts = {name: self._rows_in(name) for name in scans if name in tables}
        sorts = any("TEMP B-TREE FOR" in line and "ORDER BY" in line for line in lines)
        return PlanView(counts, sorts, "；".join(lines))

    def _rows_in(self, table: str) -> int:
        name = table.replace('"', '""')
        return int(self.rows(f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT {_COUNTED_MAX})')[0][0])

    def reset(self) -> None:
        self._columnar.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _is_untyped(declared: str) -> bool:
    return _affinity(declared) in ("NONE", "NUMERIC")


def _affinity(declared: str) -> str:
    """Rules of sqlite.org/datatype3.html 3.1, in their order."""
    name = declared.upper()
    if not name:
        return "NONE"
    for parts, affinity in (
        (("INT",), "INTEGER"),
        (("CHAR", "CLOB", "TEXT"), "TEXT"),
        (("BLOB",), "BLOB"),
        (("REAL", "FLOA", "DOUB"), "REAL"),
    ):
        if any(part in name for part in parts):
            return affinity
    return "NUMERIC"


def _dtype(declared: str) -> pl.DataType:
    by_affinity: dict[str, pl.DataType] = {"INTEGER": pl.Int64(), "REAL": pl.Float64(), "BLOB": pl.Binary()}
    return by_affinity.get(_affinity(declared), pl.String())


def _series(column: Column, values: Sequence[Any]) -> pl.Series:
    """Text came as bytes, and so do BLOBs; numbers in a text column are written out."""
    if column.dtype != pl.String:
        return series_from_objects(column.name, values, column.dtype)
    try:
        return text_from_bytes(column.name, values)
    except TypeError:
        written = text_from_numbers(column.name, values)
        return series_from_objects(column.name, values, pl.String()) if written is None else written
