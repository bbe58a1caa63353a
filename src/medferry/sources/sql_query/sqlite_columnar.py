"""SQLite by columns: ADBC, for pages whose values leave it nothing to guess.

The driver types a column by the values it meets and hands on text unchecked, and a statement of its cannot be stopped.
So text leaves the database as bytes and is read as UTF-8 here, numbers are taken only where a whole column came as the
declared type, the rows are counted by the plain driver, and a statement that is late is waited for no longer: its thread
ends by itself, and the driver is used no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import polars as pl
from sqlalchemy import ColumnElement, Integer, LargeBinary, Select, cast, func, literal
from sqlalchemy.sql.elements import quoted_name

from medferry.sources.sql_query.columns import Column, FastPathUnfit, text_from_bytes

FRACTIONS = "medferry_fractions"
"""Column that tells how many values of a row are fractions where text is expected: SQLite would write them with 15 digits."""

_BATCH_ROWS = (
    16_384  # the driver types each batch anew: a page fits into one; what does not goes the plain way
)
_WRITTEN_OUT = (pl.String, pl.Binary)


def shown_as_bytes(
    statement: Select[tuple[object, ...]], columns: Sequence[Column], never_numbers: frozenset[str]
) -> Select[tuple[object, ...]]:
    """The page with its columns as the driver carries them faithfully.

    never_numbers  columns whose affinity makes text of every number
    """
    by_name = {column.name: column for column in columns}
    shown: list[ColumnElement[Any]] = []
    fractions: ColumnElement[Any] = literal(0, Integer)
    for one in statement.selected_columns:
        column = by_name[one.name]
        name = quoted_name(column.name, quote=True)
        if not isinstance(column.dtype, _WRITTEN_OUT):
            shown.append(one.label(name))
            continue
        shown.append(cast(one, LargeBinary).label(name))
        if column.name not in never_numbers:
            fractions = fractions + cast(func.typeof(one) == "real", Integer)
    return statement.with_only_columns(*shown, fractions.label(FRACTIONS))


class ColumnarReader:
    """One read-only connection. Not for two threads at once."""

    def __init__(self, file: Path, session_sql: Sequence[str]) -> None:
        self._file = file
        self._session_sql = session_sql
        self._connection: Any = None
        self.is_late = False

    def read(
        self, sql: str, values: Sequence[object], columns: Sequence[Column], *, at_most_s: float
    ) -> pl.DataFrame:
        """The rows of `shown_as_bytes`, in the columns' types.

        raises  FastPathUnfit for values that the driver cannot carry and for whatever it stumbles over, TimeoutError
        """
        done: list[pl.DataFrame | BaseException] = []

        def work() -> None:
            try:
                done.append(self._fetched(sql, values))
            except BaseException as error:
                done.append(error)

        thread = Thread(target=work, name="sqlite columnar", daemon=True)
        thread.start()
        thread.join(at_most_s)
        if not done:
            self.is_late, self._connection = True, None  # the thread keeps its connection to its end
            raise TimeoutError
        found = done[0]
        if isinstance(found, Exception):
            # What is really wrong with the statement, the plain driver says.
            raise FastPathUnfit(f"列式驱动没有读完（{type(found).__name__}）") from found
        if isinstance(found, BaseException):
            raise found
        if found[FRACTIONS].sum():
            raise FastPathUnfit("文本列里有小数：按列读取会改变它的写法")
        return pl.DataFrame([_as_declared(found[column.name], column) for column in columns])

    def _fetched(self, sql: str, values: Sequence[object]) -> pl.DataFrame:
        with self._connected().cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_BATCH_ROWS)})
            cursor.execute(sql, tuple(values))
            return pl.DataFrame(pl.from_arrow(cursor.fetch_arrow_table()))

    def _connected(self) -> Any:
        if self._connection is None:
            import adbc_driver_sqlite.dbapi as adbc

            connection = adbc.connect(f"file:{quote(str(self._file))}?mode=ro", autocommit=True)
            with connection.cursor() as cursor:
                for statement in ("PRAGMA temp_store=MEMORY", *self._session_sql, "PRAGMA query_only=ON"):
                    cursor.execute(statement)
            self._connection = connection
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _as_declared(series: pl.Series, column: Column) -> pl.Series:
    if series.null_count() == len(series):
        return pl.Series(column.name, [None], dtype=column.dtype).new_from_index(0, len(series))
    if series.dtype == pl.Binary and column.dtype == pl.String:
        try:
            return series.cast(pl.String)
        except pl.exceptions.PolarsError:
            return text_from_bytes(column.name, series.to_list())
    if series.dtype != column.dtype:
        raise FastPathUnfit(f"列 {column.name} 的值不都是声明的类型")
    return series
