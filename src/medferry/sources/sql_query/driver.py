"""What the source asks of a database family; one file each: sqlite, postgres, mariadb, and plain for all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl
from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from medferry.records import ProbeFinding
from medferry.sources.sql_query.columns import Column
from medferry.sources.sql_query.faults import Fault
from medferry.sources.sql_query.page_sql import PageForm


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the database says of a page's plan.

    full_scans  table -> estimated rows, for tables read from end to end
    sorts       rows are sorted for the page: no index gives the order (changed_at, key)
    summary     one Chinese line
    """

    full_scans: Mapping[str, int]
    sorts: bool
    summary: str


class Driver(Protocol):
    """One kept connection to a database, read-only, every statement timed. Raises the drivers' own errors.

    Not for two threads at once. Each method is a transaction of its own and leaves none open.
    """

    @property
    def dialect(self) -> Dialect: ...
    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """Everything that its drivers raise; anything else is a mistake of ours."""
        ...

    @property
    def page_form(self) -> PageForm:
        """How the dialect limits rows."""
        ...

    @property
    def plain_path(self) -> str:
        """Name of the plain driver."""
        ...

    @property
    def fast_path(self) -> str | None:
        """Name of the columnar driver; None where there is none, `fast_path_absent` says why."""
        ...

    @property
    def fast_path_absent(self) -> str: ...

    def describe(
        self, query: str, placed_by: Sequence[str], parameters: Mapping[str, object] | None = None
    ) -> tuple[Column, ...]:
        """The columns the query gives; `placed_by` are those that cursors are made of."""
        ...

    def bind(self, column: Column, value: object) -> object:
        """A cursor's value as the driver compares it with the column."""
        ...

    def fetch(
        self, statement: ClauseElement, columns: Sequence[Column], order: Sequence[str], *, fast: bool
    ) -> pl.DataFrame:
        """All rows of the statement, in the columns' types.

        raises  FastPathUnfit on the fast path, when it cannot carry the page or cannot prove that it read every row
        """
        ...

    def rows(self, statement: Executable | str) -> list[tuple[Any, ...]]:
        """A small result for probes, as the plain driver gives it."""
        ...

    def fault(self, error: Exception) -> Fault:
        """The translation of one of `errors`."""
        ...

    def server(self) -> str:
        """Product and version."""
        ...

    def clock_difference_s(self, now_epoch_s: float) -> float | None:
        """Server's clock minus `now_epoch_s`; None where the database runs on our own clock."""
        ...

    def account(self) -> ProbeFinding:
        """Proves that the account cannot write, or says plainly that it can or that it cannot be proved."""
        ...

    def plan(self, statement: ClauseElement) -> PlanView | None:
        """The plan of a page; None where this driver cannot ask."""
        ...

    def reset(self) -> None:
        """Drops the connection; the next call makes a new one."""
        ...


def compiled(statement: ClauseElement, dialect: Dialect) -> tuple[str, Any]:
    """SQL text and parameters in the driver's own style: a tuple or a dict."""
    done = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    assert isinstance(done, SQLCompiler)
    if done.positiontup is not None:
        return str(done), tuple(done.params[name] for name in done.positiontup)
    return str(done), dict(done.params)
