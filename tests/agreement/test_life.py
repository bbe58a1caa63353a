"""Rows as hospitals have them travel, and rows that are truly wrong are held, on both sides.

Goal: no rule holds what a nurse would call right, and none lets pass what cannot be true.
Method: tests/cases/life/<table>.yaml; each case is an example row with some fields changed (null removes), parents likewise;
the checks and the pretend platform judge it.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from drawn import CATALOG, Row
from judged import said_by_checks, said_by_platform

CASES = Path(__file__).parents[1] / "cases" / "life"


def cases(kind: str) -> list[object]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(page) <= {"travel", "held"}, path.name
        found += [
            pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}") for case in page.get(kind, [])
        ]
    return found


@pytest.mark.parametrize(("table", "case"), cases("travel"))
def test_rows_from_life_travel(table: str, case: dict[str, Any]) -> None:
    by_checks, by_platform = _judged(table, case)
    assert (by_checks, by_platform) == (set(), set())


@pytest.mark.parametrize(("table", "case"), cases("held"))
def test_wrong_rows_are_held(table: str, case: dict[str, Any]) -> None:
    by_checks, by_platform = _judged(table, case)
    assert by_checks, "the checks let it travel"
    assert by_platform, "the platform takes it"


def test_there_are_cases_of_most_tables() -> None:
    assert len(list(CASES.glob("*.yaml"))) > 40


def _judged(table: str, case: dict[str, Any]) -> tuple[set[str], set[str]]:
    """What each of the two refuses the row for."""
    row = _row(table, case)
    parents = {name: [_row(name, one) for one in rows] for name, rows in case.get("parents", {}).items()}
    ours, theirs = said_by_checks(table, [row], parents), said_by_platform(table, [row], parents)
    return {one.what for one in ours[0] if one.refuses}, {one.what for one in theirs[0] if one.refuses}


def _row(table: str, case: dict[str, Any]) -> Row:
    changed = {**_examples(table)[case["example"]], **case["change"]}
    return {name: text for name, text in changed.items() if text}


@cache
def _examples(table: str) -> tuple[Row, ...]:
    path = CATALOG.files.path(f"tables/{table}/example.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))
