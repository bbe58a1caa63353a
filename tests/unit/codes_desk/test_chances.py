"""A score is a measured chance; one suggestion at most is recommended, and only where the chance is high."""

from __future__ import annotations

from itertools import pairwise

import pytest

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk.chances import LARGE, OF_DEGREE, SENSES, SMALL, Standing, chance, standings
from medferry.codes_desk.classification import Classification
from medferry.codes_desk.name_index import Match, NameIndex, Reason
from medferry.codes_desk.suggest import RECOMMENDED_FROM, Grade, SetSearch, Suggester

FAMILIES = (SMALL, LARGE, "ICD-10", "ICD-9-CM-3")
MIDDLE = {trait: 0.3 for trait in SENSES if trait != "constant"}


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(load_catalog())


@pytest.fixture(scope="module")
def catalog() -> LoadedCatalog:
    return load_catalog()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("reason", sorted(OF_DEGREE))
@pytest.mark.parametrize("trait", [trait for trait, sense in SENSES.items() if sense])
def test_no_trait_counts_against_its_sense(family: str, reason: Reason, trait: str) -> None:
    match = Match("1", "名", 0.5, reason)
    low, high = (chance(family, Standing(match, MIDDLE | {trait: value}, tied=1)) for value in (0.1, 0.6))
    assert SENSES[trait] * (high - low) >= 0.0
    assert 0.0 < low < 1.0


def test_reasons_that_hold_are_worth_what_was_measured_shared_among_equals() -> None:
    match = Match("1", "名", 1.0, Reason.EXACT)
    alone = chance(SMALL, Standing(match, MIDDLE, tied=1))
    assert 0.98 < alone < 1.0
    assert chance(SMALL, Standing(match, MIDDLE, tied=2)) == alone / 2


def test_rivals_are_those_of_other_subcategories() -> None:
    names = {"A00.000": "甲型病", "A00.001": "甲型病变", "B00.000": "乙型病"}
    index = NameIndex(names, None, Classification("ICD-10", names, 5))
    matches = [
        Match("A00.000", "甲型病", 0.8, Reason.SIMILAR),
        Match("A00.001", "甲型病变", 0.8, Reason.SIMILAR),
        Match("B00.000", "乙型病", 0.5, Reason.SIMILAR),
    ]
    first, second, third = standings("甲病", matches, index)
    assert (first.tied, second.tied, third.tied) == (1, 1, 1)
    assert first.traits["margin"] == pytest.approx(0.3)
    assert second.traits["margin"] == pytest.approx(0.3), "the equal one stands in the same subcategory"
    assert third.traits["behind"] == pytest.approx(0.3)
    assert standings("甲病", matches, NameIndex(names))[0].tied == 2


@pytest.mark.parametrize(
    ("set_id", "name", "code"),
    [
        ("GB/T 2261.2", "离异", "40"),
        ("ICD-10", "古典生物型霍乱", "A00.000x001"),
        ("ICD-9-CM-3", "脾切开术", "41.2x00"),
    ],
)
def test_what_is_equal_or_means_the_same_is_recommended(
    suggester: Suggester, set_id: str, name: str, code: str
) -> None:
    first, *others = suggester.suggest(set_id, name)
    assert (first.code, first.grade) == (code, Grade.RECOMMENDED)
    assert first.score >= RECOMMENDED_FROM
    assert all(one.grade is Grade.CANDIDATE for one in others)


@pytest.mark.parametrize("name", ["正中神经损伤 NOS", "移民的问题", "听觉问题"])
def test_what_is_merely_alike_is_a_candidate(suggester: Suggester, name: str) -> None:
    found = SetSearch("ICD-10", suggester.index("ICD-10")).suggest(name)
    assert found
    assert all(one.grade is Grade.CANDIDATE and one.score < RECOMMENDED_FROM for one in found)
    assert all(before.score >= after.score for before, after in pairwise(found))


def test_an_old_code_is_recommended_only_where_its_subcategory_leaves_no_choice(suggester: Suggester) -> None:
    lone, several = suggester.suggest("ICD-10", "", "V75.251"), suggester.suggest("ICD-10", "", "A00.051")
    assert [(one.code, one.reason, one.grade) for one in lone] == [
        ("V75.x00", Reason.OLD_CODE, Grade.RECOMMENDED)
    ]
    assert {one.code[:5] for one in several} == {"A00.0"}
    assert not any(one.is_recommended for one in several)


def test_two_equal_names_are_not_recommended() -> None:
    search = SetSearch("districts", NameIndex({"110105": "朝阳区", "220104": "朝阳区", "110101": "东城区"}))
    assert [(one.code, one.grade) for one in search.suggest("朝阳区", limit=2)] == [
        ("110105", Grade.CANDIDATE),
        ("220104", Grade.CANDIDATE),
    ]
    assert search.suggest("东城区", limit=1)[0].is_recommended
