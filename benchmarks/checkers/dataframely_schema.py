"""The rules as a dataframely schema on Polars: constraints of columns, rules as expressions, failing rows filtered out.

Dates and numbers are read once, before the rules, as columns of the schema: quicker than reading them in each rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dataframely as dy
import polars as pl

from benchmarks.checkers.said import CLEAN, FieldSaid, Said
from benchmarks.checkers.verdicts import Checker, Places
from medferry.checks.moments import readings_of, with_readings


def checker(said: Said) -> Checker:
    readings = readings_of(rule.verdict for rule in said.rules)
    schema = schema_of(said, readings)

    def judge(frame: pl.DataFrame) -> tuple[pl.DataFrame, Any]:
        read = with_readings(frame, readings)
        return read, schema.filter(read)

    return Checker("dataframely", lambda frame: frame, judge, _places(said))


def schema_of(said: Said, readings: tuple[str, ...]) -> type[dy.Schema]:
    parts: dict[str, Any] = {name: _column(field) for name, field in said.fields.items()}
    read = with_readings(pl.DataFrame(schema=dict.fromkeys(said.fields, pl.String)), readings)
    for n, name in enumerate(readings):
        if read.schema[name] == pl.Float64:
            parts[f"reading_{n}"] = dy.Float64(nullable=True, allow_inf=True, allow_nan=True, alias=name)
        else:
            parts[f"reading_{n}"] = dy.Datetime(nullable=True, alias=name)
    for n, rule in enumerate(said.rules):
        parts[f"rule_{n}"] = dy.rule()(lambda cls, verdict=rule.verdict: verdict)
    return type("Stays", (dy.Schema,), parts)


def _column(said: FieldSaid) -> dy.String:
    checks: dict[str, Callable[[pl.Expr], pl.Expr]] = {}
    pattern = said.pattern or CLEAN
    if said.codes is not None:
        pattern, codes = None, pl.Series(sorted(said.codes)).implode()
        checks["codes"] = lambda value: value.is_in(pl.lit(codes))
    if said.chars_max is not None:
        checks["length"] = lambda value: value.str.len_chars().is_between(said.chars_min, said.chars_max)
    if said.words:
        words = list(said.words)
        checks["words"] = lambda value: ~value.is_in(words)
    return dy.String(nullable=not said.required, regex=pattern, check=checks or None)


def _places(said: Said) -> Callable[[Any], Places]:
    of_rule = {f"rule_{n}": rule.spec.field for n, rule in enumerate(said.rules)}
    key = said.table.key_field

    def places(judged: tuple[pl.DataFrame, Any]) -> Places:
        frame, result = judged
        rows = {of: n for n, of in enumerate(frame[key])}
        details: pl.DataFrame = result.failure.details()
        found = set()
        for name in details.columns[frame.width :]:
            wrong = details.filter(pl.col(name).cast(pl.String) == "invalid")[key]
            found.update((rows[of], of_rule.get(name) or name.partition("|")[0]) for of in wrong)
        return frozenset(found)

    return places
