"""Which codes may stand in a field, judged by both readings of the standard."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from medferry.catalog.load import load_catalog
from medferry.checks import compile_checks, run_checks
from medferry.records import StandardBatch
from medferry_sandbox.platform.standard import Standard
from medferry_sandbox.platform.validate import RecordValidator

_CATALOG = load_catalog()
_STANDARD = Standard()
_CASES = Path(__file__).parents[1] / "cases" / "codes.csv"


def cases() -> list[tuple[str, str, str, bool]]:
    with _CASES.open(encoding="utf-8", newline="") as file:
        return [(r["table"], r["field"], r["code"], r["valid"] == "yes") for r in csv.DictReader(file)]


@cache
def _engine_of(table: str) -> object:
    return compile_checks(_CATALOG.table(table), _CATALOG, {})


def engine_finds(table: str, field: str, code: str) -> set[str]:
    names = _CATALOG.table(table).field_names
    frame = pl.DataFrame(
        {name: [code if name == field else None] for name in names}, schema=dict.fromkeys(names, pl.String)
    )
    batch = StandardBatch(
        table,
        "main",
        "r",
        frame,
        pl.Series("origin", [0], dtype=pl.UInt32),
        pl.Series("lookup_miss", [False]),
    )
    found = run_checks(batch, _engine_of(table)).findings  # type: ignore[arg-type]
    return {
        one["code"] for one in found.to_dicts() if one["field"] == field and one["check"] in _OF_THE_FIELD
    }


_OF_THE_FIELD = {"value_set", "format", "length", "range"}


def platform_finds(table: str, field: str, code: str) -> set[str]:
    judge = RecordValidator(_STANDARD.table(table), _STANDARD, frozenset(), with_rules=False)
    found = judge.check({"org_code": "1", field: code}, "1", suspicious=False)
    return {one.code for one in found if one.field == field}


@pytest.mark.parametrize(("table", "field", "code", "valid"), cases())
def test_both_sides_take_the_same_codes(table: str, field: str, code: str, *, valid: bool) -> None:
    assert engine_finds(table, field, code) == (set() if valid else {"3003"})
    assert platform_finds(table, field, code) == (set() if valid else {"3003"})
