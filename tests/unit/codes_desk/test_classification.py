"""Names of a classification: words that say nothing, older words for today's, and the family that a name begins with."""

from __future__ import annotations

import pytest

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk.classification import Classification, is_of_others, load_rewordings, telling
from medferry.codes_desk.crosswalk import index_of
from medferry.codes_desk.name_index import CEILING, NameIndex, Reason

NAMES = {
    "27.3100": "腭病损切除术",
    "37.3300": "心脏病损切除术",
    "37.3301": "心脏肿物摘除术",
    "27.4100": "唇系带切除术",
    "52.2900": "胰腺病损切除术",
    "A00.800": "某病，其他特指的",
    "A00.900": "某病，未特指",
}
REWORDINGS = (("肿瘤", "病损"), ("瘤切", "病损切"))


@pytest.fixture(scope="module")
def catalog() -> LoadedCatalog:
    return load_catalog()


def test_words_that_say_nothing_are_left_out() -> None:
    assert telling("其他特指的肺炎") == "肺炎"
    assert telling("肺炎未特指") == "肺炎"
    assert telling("其他") == "其他", "something stays"
    assert is_of_others("其他特指的肺炎")
    assert not is_of_others("肺炎未特指")


def test_a_name_in_older_words_is_found_in_todays() -> None:
    plain = NameIndex(NAMES, None, Classification("operations", NAMES, 5, ()))
    worded = NameIndex(NAMES, None, Classification("operations", NAMES, 5, REWORDINGS))
    before, after = plain.suggest("腭肿瘤切除术")[0], worded.suggest("腭肿瘤切除术")[0]
    assert after.code == "27.3100"
    assert after.reason is Reason.REWORDED
    assert before.strength < after.strength <= CEILING[Reason.REWORDED]
    assert worded.suggest("腭病损切除术")[0].reason is Reason.EXACT, (
        "what is found as it stands keeps its words"
    )


def test_a_pair_is_not_applied_to_what_it_leads_to() -> None:
    words = Classification("operations", NAMES, 5, (("切除", "切除术"), ("肿瘤", "病损")))
    assert words.reworded("腭切除术") == "腭切除术"
    assert words.reworded("腭肿瘤切除") == "腭病损切除术"


def test_others_are_told_from_the_unspecified() -> None:
    index = NameIndex(NAMES, None, Classification("diagnoses", NAMES, 5, ()))
    assert index.suggest("其他某病")[0].code == "A00.800"
    assert index.suggest("未特指的某病")[0].code == "A00.900"


@pytest.mark.parametrize("set_id", ["ICD-10", "ICD-9-CM-3"])
def test_the_pairs_shipped_are_sound(catalog: LoadedCatalog, set_id: str) -> None:
    pairs = load_rewordings(set_id)
    assert pairs
    assert len({word for word, _ in pairs}) == len(pairs)
    assert all(word and means and word != means for word, means in pairs)
    names = catalog.value_set(set_id).names
    assert all(any(means in name for name in names.values()) for _, means in pairs), "words of the set itself"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("小儿肾内科", "07.06"),
        ("小儿精神科", "07"),
        ("小儿皮肤科", "07"),
        ("中医神经内科", "50"),
        ("神经内科", "03.03"),
        ("中医皮肤科", "50.05"),
    ],
)
def test_a_department_stays_in_the_family_that_its_name_begins_with(
    catalog: LoadedCatalog, name: str, code: str
) -> None:
    found = index_of(catalog, "医疗机构诊疗科目名录").suggest(name)
    assert found[0].code[: len(code)] == code or found[0].code == code[:2]
    assert found[0].code[:2] == code[:2]
