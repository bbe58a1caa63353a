"""What is odd and true: each kind comes about at its rate, and nothing is planted where it shows.

Method: hospitals of several seeds; what was asked and what happened, within four standard deviations of the rate.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from math import sqrt

import pytest

from medferry_sandbox.hospital.faults import plant
from medferry_sandbox.hospital.lives import Lives, kinds
from medferry_sandbox.hospital.standard import standard_tables
from medferry_sandbox.hospital.world import World

SEEDS = (2026, 7)


@cache
def world(seed: int) -> World:
    made = World(seed, 600, 14, date(2026, 1, 5))
    plant(made)
    return made


@cache
def shown(seed: int) -> Counter[tuple[str, str]]:
    """(kind, table) -> rows."""
    return Counter((kind, one.recipe.table) for one in world(seed).records.values() for kind in one.lives)


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_comes_about_at_its_rate(kind: str) -> None:
    chances = sum(world(seed).lives.chances[kind] for seed in SEEDS)
    happened = sum(world(seed).lives.happened[kind] for seed in SEEDS)
    expected = chances * kinds()[kind].rate
    assert happened > 0
    assert abs(happened - expected) <= 4 * sqrt(expected) + 1


@pytest.mark.parametrize("kind", kinds())
def test_each_of_its_tables_shows_it(kind: str) -> None:
    known = kinds()[kind]
    assert known.tables
    assert known.tables <= set(standard_tables())
    found = Counter({table: sum(shown(seed)[kind, table] for seed in SEEDS) for table in known.tables})
    assert all(found[table] for table in known.tables), found


def test_nothing_is_planted_in_a_row_that_is_odd_and_true() -> None:
    for seed in SEEDS:
        odd = [one for one in world(seed).records.values() if one.lives]
        assert odd
        assert {version.planted for one in odd for version in one.versions} == {""}
        assert {version.held for one in odd for version in one.versions} == {None}


def test_the_same_seed_gives_the_same_life() -> None:
    assert [Lives(3).happens("passport", "donghu", number) for number in range(500)] == [
        Lives(3).happens("passport", "donghu", number) for number in range(500)
    ]
    with pytest.raises(KeyError):
        Lives(3).happens("frob", 1)
