"""The SQL of a page in every dialect, against golden text. Oracle, SQL Server, 达梦 and ODBC are proved here only."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from medferry.records import Cursor
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import SqlQuerySettings
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import Column
from medferry.sources.sql_query.driver import Driver, compiled
from medferry.sources.sql_query.page_sql import PageAsk
from medferry.sources.sql_query.plain import PlainDriver
from medferry.sources.sql_query.position import Start
from medferry.sources.sql_query.postgres import PostgresDriver
from medferry.sources.sql_query.sqlite import SqliteDriver

GOLDEN = Path(__file__).parent / "golden_pages.sql"
QUERY = "SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊"
PLAN = ReadPlan("his.visit", "east", QUERY, ("JZLSH", "XH"), "GXSJ", timedelta(0), timedelta(1), 5000)
COLUMNS = [
    Column("JZLSH", pl.String()), Column("XH", pl.Int64()), Column("GXSJ", pl.Datetime("us")), Column("JZSJ", pl.String()),
]  # fmt: skip
AFTER = Cursor("2026-01-15T08:29:41", ("A'1", 2))


def settings(url: str, **more: object) -> SqlQuerySettings:
    return SqlQuerySettings.model_validate({"name": "his", "campus": "east", "url": url, **more})


DRIVERS: dict[str, Driver] = {
    "sqlite": SqliteDriver(settings("sqlite:///a.sqlite")),
    "postgresql": PostgresDriver(settings("postgresql://u@h/d")),
    "oracle": PlainDriver(settings("oracle+oracledb://u:p@h/?service_name=s")),
    "sqlserver": PlainDriver(settings("mssql+pyodbc://u:p@dsn")),
    "dm": PlainDriver(settings("dm://u:p@h:5236")),
    "odbc limit": PlainDriver(settings("odbc://u:p@dsn")),
    "odbc top": PlainDriver(settings("odbc://u:p@dsn", page_form="top")),
    "odbc fetch": PlainDriver(settings("odbc://u:p@dsn", page_form="fetch")),
}


def page_sql(driver: Driver) -> tuple[str, object]:
    by_name = {column.name: column for column in COLUMNS}
    statement = paging.page(
        driver.page_form, QUERY, tuple(by_name), PLAN, PageAsk(Start(after=AFTER), 5001),
        lambda name, value: driver.bind(by_name[name], value),
    )  # fmt: skip
    return compiled(statement, driver.dialect)


def golden() -> dict[str, str]:
    found: dict[str, str] = {}
    for part in GOLDEN.read_text("utf-8").split("--== ")[1:]:
        name, text = part.split("\n", 1)
        found[name] = text.rstrip()
    return found


def squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("name", DRIVERS)
def test_page_sql_is_the_golden_one(name: str) -> None:
    assert squeezed(page_sql(DRIVERS[name])[0]) == golden()[name]


def test_oracle_knows_no_fetch_first_and_compares_dates_with_dates() -> None:
    text, values = page_sql(DRIVERS["oracle"])
    assert "FETCH" not in text
    assert "ROWNUM <= 5001" in text
    assert isinstance(values, dict)
    assert datetime(2026, 1, 15, 8, 29, 41) in values.values()  # noqa: DTZ001 - wall time


def test_no_value_is_ever_in_the_text() -> None:
    for driver in DRIVERS.values():
        assert "A'1" not in page_sql(driver)[0]


def test_a_missing_driver_is_named_with_its_extra() -> None:
    driver = DRIVERS["dm"]
    fault = driver.fault(ModuleNotFoundError("dmPython"))
    assert "medferry[dameng]" in fault.fix
