"""Names find codes: the reason is the strongest that holds, and a stronger reason always stands higher."""

from __future__ import annotations

from time import process_time

import pytest

from medferry.catalog.load import LoadedCatalog, load_catalog
from medferry.codes_desk.crosswalk import Crosswalk, crosswalk_to, edition_rows
from medferry.codes_desk.name_index import CEILING, NameIndex, Reason
from medferry.codes_desk.normalise import alternatives, core, normal, without_brackets
from medferry.codes_desk.pinyin import initials, pinyin
from medferry.codes_desk.suggest import SetSearch, Suggester
from medferry.codes_desk.synonyms import NO_SYNONYMS, load_synonyms

NAMES = {
    "1": "特级护理",
    "2": "一级护理",
    "3": "肌肉注射",
    "4": "居民身份证",
    "5": "左枕前(LOA)",
    "6": "心血管内科",
    "7": "软膏剂(油膏剂,水膏剂)",
    "8": "城镇职工基本医疗保险",
    "9": "其他",
    "10": "急性胃黏膜炎",
}


@pytest.fixture(scope="module")
def catalog() -> LoadedCatalog:
    return load_catalog()


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("特级护理", "1", Reason.EXACT),
        (" 特级护理 ", "1", Reason.EXACT),
        ("１级护理", "2", Reason.NORMALISED),
        ("Ⅰ级护理", "2", Reason.NORMALISED),
        ("左枕前（ＬＯＡ）", "5", Reason.NORMALISED),
        ("肌注", "3", Reason.SYNONYM),
        ("身份证", "4", Reason.SYNONYM),
        ("职工医保", "8", Reason.SYNONYM),
        ("急性胃粘膜炎", "10", Reason.SYNONYM),
        ("水膏剂", "7", Reason.LISTED),
        ("左枕前", "5", Reason.LISTED),
        ("特级", "1", Reason.BRACKETS),
        ("急行胃黏膜炎", "10", Reason.PINYIN),
        ("血管内科", "6", Reason.SUBSEQUENCE),
        ("心内科", "6", Reason.SYNONYM),
        ("急性胃部黏膜炎症", "10", Reason.SUBSEQUENCE),
        ("慢性胃黏膜炎", "10", Reason.SIMILAR),
    ],
)
def test_each_reason_is_found_and_scores_within_its_span(name: str, code: str, reason: Reason) -> None:
    best = NameIndex(NAMES).suggest(name)[0]
    assert (best.code, best.reason) == (code, reason)
    assert 0.3 <= best.strength <= CEILING[reason]


def test_reasons_stand_in_their_order() -> None:
    assert [CEILING[reason] for reason in Reason] == sorted(CEILING.values(), reverse=True)


def test_a_code_of_letters_speaks_for_itself_only_where_no_name_does() -> None:
    index = NameIndex(NAMES)
    assert [(one.code, one.reason) for one in index.suggest("", "XXGNK")] == [("6", Reason.INITIALS)]
    assert index.suggest("其他", "XXGNK")[0].code == "9"
    assert [(one.code, one.reason) for one in index.suggest("", "9")] == [("9", Reason.SAME_CODE)]
    assert index.suggest("特级护理", "9")[0].code == "1"


@pytest.mark.parametrize("name", ["", "   ", "？！", "完全无关"])
def test_where_nothing_is_alike_nothing_is_suggested(name: str) -> None:
    assert NameIndex(NAMES).suggest(name) == []


def test_normal_forms() -> None:
    assert normal("Ｒｈ（Ｄ）　阴 性") == "rhd阴性"
    assert normal("Rh-") == "rh-" != normal("Rh+")
    assert normal("第一医院") == "第一医院", "a numeral is a rank only before 级, 度, 类, 型, 期"
    assert without_brackets("非霍奇[何杰]金淋巴瘤 (M96900/3)") == "非霍奇金淋巴瘤"
    assert without_brackets("(+)") == normal("(+)")
    assert core("放射科") == "放射"
    assert core("外科") == "外科", "two characters stay"
    assert alternatives("软膏剂(油膏剂,水膏剂)") == ("软膏剂", "油膏剂", "水膏剂")
    assert alternatives("酊剂") == ()
    assert (initials(normal("心血管内科")), pinyin("内科")) == ("xxgnk", "neike")


def test_the_list_of_synonyms_is_sound() -> None:
    listed = load_synonyms()
    assert listed.whole
    assert listed.parts
    for word, means in (*listed.whole.items(), *listed.parts.items()):
        assert word
        assert means
        assert word != means
        assert listed.applied(listed.applied(word)) == listed.applied(word), word


def test_synonyms_can_be_left_out() -> None:
    assert NameIndex(NAMES, NO_SYNONYMS).suggest("身份证")[0].reason is Reason.SUBSEQUENCE


def test_what_one_name_lacks_of_another() -> None:
    index = NameIndex(NAMES)
    assert index.lacking("软膏剂", "7") == (0.0, 0.0), "one of those that the entry lists"
    lacks, adds = index.lacking("心血管病内科", "6")
    assert lacks > adds > 0.0, "病 is missing there; the pair 管内 here"
    assert index.lacking("心血管内科", "gone") == (1.0, 1.0)
    assert index.has("身份证")
    assert not index.has("军官证")


def test_editions_lead_to_ours(catalog: LoadedCatalog) -> None:
    assert {row.target for row in edition_rows()} <= set(catalog.value_set_ids)
    suggester = Suggester(catalog)
    clinical = next(
        row for row in catalog.value_set("ICD-10-clinical").rows() if row["code"] != row.values["yibao_code"]
    )
    best = suggester.suggest("ICD-10", "", clinical["code"])[0]
    assert (best.code, best.reason) == (clinical.values["yibao_code"], Reason.CROSSWALK)
    old_name = suggester.suggest("ICD-10", "埃尔托小肠炎")
    assert old_name[0].code.startswith("A00.1"), "the older edition knows the name and its subcategory"
    assert old_name[0].reason is Reason.OLD_NAME
    old_code = suggester.suggest("ICD-9-CM-3", "脑池穿刺", "1.011")
    assert old_code[0].code.startswith("01.01"), "a zero lost before the point comes back"


def test_a_set_without_other_editions_has_no_crosswalk(catalog: LoadedCatalog) -> None:
    index = NameIndex(NAMES)
    assert crosswalk_to(catalog, "GB/T 2261.1", index) is None
    search = SetSearch("nurse", index, Crosswalk(index, {"x": "6", "y": "gone"}, None))
    assert search.suggest("", "x")[0].code == "6"
    assert search.suggest("", "y") == []


def test_thirty_thousand_names_answer_at_once(catalog: LoadedCatalog) -> None:
    suggester = Suggester(catalog)
    suggester.suggest("ICD-10", "肺炎")
    names = [
        "急性化脓性阑尾炎伴穿孔",
        "右侧股骨颈骨折术后",
        "2型糖尿病伴多并发症",
        "社区获得性肺炎",
        "交通事故中汽车乘客的损伤",
    ]
    index = suggester.index("ICD-10")
    small = NameIndex(dict(list(catalog.value_set("ICD-10").names.items())[:1_000]))

    def seconds(asked: NameIndex) -> float:
        best = float("inf")
        for _ in range(3):
            started = process_time()
            assert all(asked.suggest(name) is not None for name in names)
            best = min(best, process_time() - started)
        return best

    assert seconds(index) < 20 * seconds(small), "thirty times the names, and only those alike are looked at"


@pytest.mark.parametrize(
    ("set_id", "name", "local", "code"),
    [
        ("CV03.00.101", "从不吸烟", "1", "4"),
        ("CV05.10.001", "视力残疾", "6", "02"),
        ("CV08.30.005", "待聘", "9", "6"),
        ("CV07.10.001", "自制制剂", "10", "99"),
    ],
)
def test_a_code_of_an_earlier_edition_becomes_todays_by_its_name(
    catalog: LoadedCatalog, set_id: str, name: str, local: str, code: str
) -> None:
    """Smoking 1 was 从不 and is 每天 today: the code alone says nothing."""
    crosswalk = crosswalk_to(catalog, set_id, NameIndex(catalog.value_set(set_id).names))
    assert crosswalk is not None
    assert [one.code for one in crosswalk.suggest(name, local, 5)] == [code]
    assert crosswalk.suggest("", local, 5) == []


def test_the_two_editions_of_icd_lead_into_each_other(catalog: LoadedCatalog) -> None:
    insurance = crosswalk_to(catalog, "ICD-10", NameIndex(catalog.value_set("ICD-10").names))
    clinical = crosswalk_to(catalog, "ICD-10-clinical", NameIndex(catalog.value_set("ICD-10-clinical").names))
    assert insurance is not None
    assert clinical is not None
    assert insurance.suggest("", "K35.900", 1)[0].code == "K35.800x001"
    assert clinical.suggest("", "K35.800x001", 1)[0].code.startswith("K35.9")
    assert clinical.suggest("", "A00.000", 1)[0].code == "A00.000", "the same code where both have it"
