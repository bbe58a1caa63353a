"""The rules over the synthetic hospital's truth.

Goal: no rule that may hold a row is wrong about a row that the platform should have; no rule is silent on every row.
Method: all entries of every active rules.yaml over the newest accepted rows of a small hospital after its second wave.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest
from try_rules import Tried, truth_frames, try_table

from medferry.catalog.load import load_catalog

CATALOG = load_catalog("jiangxi")
ACTIVE = [name for name in CATALOG.table_names if CATALOG.rule_book(name).active]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frames() -> Mapping[str, pl.DataFrame]:
    return truth_frames(CATALOG, visits=400)


def tried(name: str, frames: Mapping[str, pl.DataFrame]) -> list[Tried]:
    return try_table(name, CATALOG, frames)


@pytest.mark.parametrize("name", ACTIVE)
def test_no_accepted_row_is_an_error(name: str, frames: Mapping[str, pl.DataFrame]) -> None:
    wrong = [
        f"{one.place}: {one.wrong}"
        for one in tried(name, frames)
        if one.rule.mark.severity == "error" and one.wrong
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ACTIVE)
def test_every_rule_judges_something(name: str, frames: Mapping[str, pl.DataFrame]) -> None:
    found = [one for one in tried(name, frames) if one.rule.spec.rule_id]
    speaking = {one.rule.spec.rule_id for one in found if one.fine + one.wrong + one.untouched}
    assert {one.rule.spec.rule_id for one in found} - speaking == set()
