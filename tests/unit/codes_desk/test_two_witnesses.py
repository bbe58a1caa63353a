"""Goal: where a local code and its name lead to two different things, a person decides. Method: pairs by hand, and every
name of one chapter asked beside the code of another category."""

from __future__ import annotations

import pytest

from medferry.catalog.load import load_catalog
from medferry.codes_desk.suggest import Suggester, Suggestion


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(load_catalog())


@pytest.mark.parametrize(
    ("value_set", "code", "name"),
    [
        ("ICD-10", "J42", "急性支气管炎"),
        ("ICD-10", "J42.x00", "急性支气管炎"),
        ("ICD-10", "E11.900", "高血压"),
        ("ICD-10", "C50.900", "左侧乳腺良性肿瘤"),
        ("ICD-10-clinical", "J42", "急性支气管炎"),
        ("ICD-9-CM-3", "51.22", "阑尾切除术"),
    ],
)
def test_a_code_and_a_name_of_two_things_recommend_nothing(
    suggester: Suggester, value_set: str, code: str, name: str
) -> None:
    found = suggester.suggest(value_set, name, code)
    assert found
    assert not [one for one in found if one.is_recommended]
    assert max(one.score for one in found) <= 0.5, "two witnesses of two things: neither is sure"


@pytest.mark.parametrize(
    ("value_set", "code", "name", "right"),
    [
        ("ICD-10", "J20.900", "急性支气管炎", "J20.900"),
        ("ICD-10", "12", "高血压", "I10.x00x002"),
        ("ICD-10", "J42", "慢性支气管炎", "J42.x00"),
        ("ICD-10-clinical", "J20.900", "急性支气管炎", "J20.900"),
        ("ICD-9-CM-3", "47.0", "腹腔镜下阑尾切除术", "47.0100"),
        ("ICD-9-CM-3-clinical", "7", "阑尾切除术", "47.0901"),
    ],
)
def test_a_code_and_a_name_that_agree_recommend_it(
    suggester: Suggester, value_set: str, code: str, name: str, right: str
) -> None:
    first, *others = suggester.suggest(value_set, name, code)
    assert (first.code, first.is_recommended) == (right, True)
    assert not [one for one in others if one.is_recommended]


def test_what_the_code_says_is_shown_though_the_name_excludes_it(suggester: Suggester) -> None:
    shown = [one.code for one in suggester.suggest("ICD-10", "左侧乳腺良性肿瘤", "C50.900")]
    assert "C50.900" in shown


def test_no_name_is_recommended_beside_the_code_of_another_category(suggester: Suggester) -> None:
    names = load_catalog().value_set("ICD-10").names
    asked = [(code, name) for code, name in names.items() if code.startswith("K")][::60]

    def found(code: str, name: str) -> list[Suggestion]:
        return [one for one in suggester.suggest("ICD-10", name, code) if one.is_recommended]

    assert sum(bool(found("", name)) for _, name in asked) >= len(asked) // 2
    assert not [name for _, name in asked if found("I10.x00", name)]
