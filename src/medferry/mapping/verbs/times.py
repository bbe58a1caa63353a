"""Verbs on dates and times. Wall time as written: no time zone is ever applied to text."""

from __future__ import annotations

import re
from typing import Literal

import polars as pl

from medferry.mapping.values import D8, DT15, T6, Value, as_text, datetime_of, text_value
from medferry.mapping.verb import Column, verb

_TWO_DIGITS = frozenset({"%m", "%d", "%H", "%M", "%S", "%y"})
_NUMERIC = _TWO_DIGITS | {"%Y"}


def _parsed(value: Value, formats: tuple[str, ...], to: str) -> Value:
    """Text by the first strptime format that fits; what fits none stays; typed values need no parsing."""
    if value.dtype.is_temporal():
        return value
    text = value.text()
    kind = pl.Time() if to == T6 else pl.Datetime("us")
    tries = [
        pl.when(text.str.contains(_pattern(one)))
        .then(text.str.strptime(kind, one, strict=False, exact=True))
        .dt.strftime(to)
        for one in formats
    ]
    return text_value(pl.coalesce(*tries, text))


def _pattern(form: str) -> str:
    """The digits that a format asks for: the parser alone reads 26-01-05 by %Y as the year 26, 2601051 by %Y%m%d as 2601."""
    parts = re.findall(r"%[-_0]?[A-Za-z%]|\s+|.", form)
    found = []
    for at, part in enumerate(parts):
        beside = {*parts[max(at - 1, 0) : at], *parts[at + 1 : at + 2]}
        if part == "%Y":
            found.append("[0-9]{4}")
        elif part in _TWO_DIGITS:
            found.append("[0-9]{2}" if beside & _NUMERIC else "[0-9]{1,2}")
        elif part.startswith("%"):
            found.append(".*")
        else:
            found.append(r"\s*" if part.isspace() else re.escape(part))
    return f"^{''.join(found)}$"


@verb
def date(value: Value, formats: tuple[str, ...]) -> Value:
    """按 strptime 格式（可多个，先合者用）读为日期；都不合则原样留给校验。零日期请先用 null_if。"""
    return _parsed(value, formats, D8)


@verb
def datetime(value: Value, formats: tuple[str, ...]) -> Value:
    """按 strptime 格式读为日期时间；格式中没有时间部分、或列是日期类型时即为当日零点。都不合则原样留给校验。"""
    if isinstance(value.dtype, pl.Date):
        # As text of a date does by the same format: whether a database has a type for dates must make no difference.
        return Value(value.expr.cast(pl.Datetime("us")), pl.Datetime("us"))
    return _parsed(value, formats, DT15)


@verb
def time(value: Value, formats: tuple[str, ...]) -> Value:
    """按 strptime 格式读为时间；都不合则原样留给校验。"""
    return _parsed(value, formats, T6)


@verb
def age_years(value: Value, at: Column) -> Value:
    """由出生日期算到 at 列时的周岁；任一缺失、无法读为日期或早于出生时为缺失。"""
    months = _whole_months(value, at)
    return Value(pl.when(months >= 0).then(months // 12), pl.Int64())


@verb
def age_months(value: Value, at: Column) -> Value:
    """由出生日期算到 at 列时的足月数；任一缺失、无法读为日期或早于出生时为缺失。"""
    months = _whole_months(value, at)
    return Value(pl.when(months >= 0).then(months), pl.Int64())


def _whole_months(birth: Value, at: Value) -> pl.Expr:
    born, then = datetime_of(birth), datetime_of(at)
    months = (then.dt.year().cast(pl.Int64) - born.dt.year()) * 12 + then.dt.month() - born.dt.month()
    return months - (then.dt.day() < born.dt.day()).cast(pl.Int64)


@verb
def minutes_between(value: Value, to: Column) -> Value:
    """本列到 to 列相隔的整分钟数（to 在前则为负）；任一缺失或无法读为时间则为缺失。"""
    return Value((datetime_of(to) - datetime_of(value)).dt.total_minutes(), pl.Int64())


@verb
def date_part(value: Value, part: Literal["year", "month", "day", "hour", "minute", "date", "time"]) -> Value:
    """取日期时间的一部分：年、月、日、时、分、日期或时间；无法读为时间则为缺失。"""
    moment = datetime_of(value)
    if part == "date":
        return Value(moment.dt.date(), pl.Date())
    if part == "time":
        return Value(moment.dt.time(), pl.Time())
    number = {
        "year": moment.dt.year(),
        "month": moment.dt.month(),
        "day": moment.dt.day(),
        "hour": moment.dt.hour(),
        "minute": moment.dt.minute(),
    }[part]
    return Value(number.cast(pl.Int64), pl.Int64())


@verb
def add_minutes(value: Value, minutes: int) -> Value:
    """日期时间加上若干分钟（可为负）；无法读为时间则原样。"""
    moved = (datetime_of(value) + pl.duration(minutes=minutes)).dt.strftime(DT15)
    return text_value(pl.coalesce(moved, as_text(value.expr, value.dtype)))
