"""How many keys the sources should have given: what the count queries of the mapping files say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from medferry.config.model import Project, Route
from medferry.errors import SourceError
from medferry.score.survey import Window
from medferry.sources.source import Source

KEYS_COLUMN, DAY_COLUMN = "expected", "day"
_DAY = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Expected:
    """Keys of one table in one campus.

    keys    None: not known; `reason` says why (Chinese), `place` where: a route or a query file
    by_day  yyyymmdd -> keys; None where the query does not tell days apart
    """

    keys: int | None
    by_day: Mapping[str, int] | None = None
    reason: str = ""
    place: str = ""


def expected_keys(
    project: Project, source_of: Callable[[str], Source] | None, window: Window
) -> dict[tuple[str, str], Expected]:
    """(table, campus) -> what every count query there says together; routes without one make it unknown.

    source_of  opens sources; None: they are not asked
    """
    found: dict[tuple[str, str], Expected] = {}
    for route in project.routes:
        for table in route.tables:
            place = (table, route.campus.id)
            one = _asked(route, table, source_of, window)
            found[place] = _together(found[place], one) if place in found else one
    return found


def _asked(route: Route, table: str, source_of: Callable[[str], Source] | None, window: Window) -> Expected:
    query = route.counts.get(table)
    if query is None:
        return Expected(None, reason="路线没有计数查询（read: count:）", place=route.id)
    if source_of is None:
        return Expected(None, reason="没有询问数据源（--no-sources）", place=route.id)
    try:
        frame = source_of(route.source).lookup_table(query.text)
    except SourceError as error:
        return Expected(None, reason=f"计数查询未能完成（{error.code}）", place=route.id)
    return _read(frame, query.file, window)


def _read(frame: pl.DataFrame, file: str, window: Window) -> Expected:
    """A column `expected` (or the only one) with a number per row, and perhaps `day` as yyyymmdd or yyyy-mm-dd."""
    columns = {name.lower(): name for name in frame.columns}
    others = [name for name in columns if name != DAY_COLUMN]
    if KEYS_COLUMN not in columns and len(others) != 1:
        return Expected(None, reason=f"计数查询应有一列 {KEYS_COLUMN}，可另有一列 {DAY_COLUMN}", place=file)
    numbers = frame[columns.get(KEYS_COLUMN) or columns[others[0]]].cast(pl.Int64, strict=False)
    if numbers.null_count() or (numbers < 0).any():
        return Expected(None, reason=f"计数查询的 {KEYS_COLUMN} 应为不小于 0 的整数", place=file)
    if DAY_COLUMN not in columns:
        if window.first or window.last:
            return Expected(None, reason=f"计数查询没有 {DAY_COLUMN} 列，不能按天数取", place=file)
        return Expected(int(numbers.sum()))
    days = frame[columns[DAY_COLUMN]].cast(pl.String).str.replace_all("-", "").str.head(8)
    if days.null_count() or not all(_DAY.fullmatch(one) for one in days.to_list()):
        return Expected(None, reason=f"计数查询的 {DAY_COLUMN} 应为 yyyymmdd 或 yyyy-mm-dd", place=file)
    by_day = pl.DataFrame({"day": days, "keys": numbers}).filter(window.keeps(pl.col("day")))
    sums = dict(by_day.group_by("day").agg(pl.col("keys").sum()).iter_rows())
    return Expected(sum(sums.values()), sums)


def _together(one: Expected, other: Expected) -> Expected:
    """Two routes that feed the same table of the same campus."""
    if one.keys is None or other.keys is None:
        return one if one.keys is None else other
    by_day = None
    if one.by_day is not None and other.by_day is not None:
        days = {*one.by_day, *other.by_day}
        by_day = {day: one.by_day.get(day, 0) + other.by_day.get(day, 0) for day in days}
    return Expected(one.keys + other.keys, by_day)
