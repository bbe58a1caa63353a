"""What count queries may answer, and what is said when they do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl
import pytest

from medferry.config.model import Project, Route
from medferry.config.queries import Query
from medferry.errors import SourceError
from medferry.mapping.model import Campus, TableMapping
from medferry.score.expected import Expected, expected_keys
from medferry.score.survey import Window
from medferry.sources.source import Source

CAMPUS = Campus("donghu", "东湖", "01", "ORG", "医院")


@dataclass(frozen=True)
class Asked:
    """Answers one query with one table."""

    answer: pl.DataFrame | None

    def lookup_table(self, query: str) -> pl.DataFrame:
        assert query == "SELECT 1"
        if self.answer is None:
            raise SourceError("读取数据源", fix="检查网络")
        return self.answer


@dataclass(frozen=True)
class Routes:
    """The part of a project that is looked at."""

    routes: tuple[Route, ...]


@dataclass(frozen=True)
class OneRoute:
    id: str
    counts: dict[str, Query]
    source: str = "his"
    campus: Campus = CAMPUS
    mappings: tuple[TableMapping, ...] = (TableMapping("visit", ()),)
    tables: tuple[str, ...] = ("visit",)


def asked(
    answer: pl.DataFrame | None, *ids: str, window: Window | None = None, counted: bool = True
) -> Expected:
    counts = {"visit": Query("queries/his/count.sql", "SELECT 1")} if counted else {}
    routes = [OneRoute(one, counts) for one in (ids or ("his.visit",))]
    project = cast(Project, Routes(tuple(cast(Route, one) for one in routes)))
    return expected_keys(project, lambda _: cast(Source, Asked(answer)), window or Window())[
        "visit", "donghu"
    ]


def test_one_number_whatever_its_column_is_called() -> None:
    assert asked(pl.DataFrame({"COUNT(*)": [7]})).keys == 7
    assert asked(pl.DataFrame({"EXPECTED": ["7"], "note": ["x"]})).keys == 7


def test_days_in_both_writings_and_only_those_of_the_window() -> None:
    frame = pl.DataFrame({"DAY": ["20260114", "2026-01-15", "2026-01-15 00:00:00"], "expected": [1, 2, 4]})
    found = asked(frame)
    assert (found.keys, found.by_day) == (7, {"20260114": 1, "20260115": 6})
    assert asked(frame, window=Window(date(2026, 1, 15))).keys == 6
    typed = pl.DataFrame({"day": [date(2026, 1, 15)], "expected": [3]})
    assert asked(typed).by_day == {"20260115": 3}


def test_two_routes_into_one_table_are_added() -> None:
    found = asked(pl.DataFrame({"day": ["20260115"], "expected": [3]}), "his.a", "his.b")
    assert (found.keys, found.by_day) == (6, {"20260115": 6})


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (None, "未能完成（source"),
        (pl.DataFrame({"a": [1], "b": [2]}), "应有一列 expected"),
        (pl.DataFrame({"expected": [None]}, schema={"expected": pl.Int64}), "不小于 0 的整数"),
        (pl.DataFrame({"expected": ["many"]}), "不小于 0 的整数"),
        (pl.DataFrame({"expected": [-1]}), "不小于 0 的整数"),
        (pl.DataFrame({"expected": [1], "day": ["15/01/26"]}), "yyyymmdd"),
    ],
)
def test_what_is_no_answer_is_unknown_and_says_why(frame: pl.DataFrame | None, said: str) -> None:
    found = asked(frame)
    assert found.keys is None
    assert said in found.reason


def test_a_number_without_days_is_none_for_a_window() -> None:
    found = asked(pl.DataFrame({"expected": [7]}), window=Window(date(2026, 1, 15)))
    assert found.keys is None
    assert "没有 day 列" in found.reason


def test_no_query_is_unknown_and_names_the_route() -> None:
    found = asked(None, counted=False)
    assert (found.keys, found.place) == (None, "his.visit")
    assert "没有计数查询" in found.reason
