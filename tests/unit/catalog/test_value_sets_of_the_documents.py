"""Lists that were wrong once, held against the documents: WS/T 364-2023, the front page, diseases to be notified.

Method: code and name of what was wrong or missing; where an older edition means something else by the same code, that it is
not taken for the newer one.
"""

from __future__ import annotations

import pytest

from medferry.catalog.lint import lint_catalog
from medferry.catalog.load import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("set_id", "codes"),
    [
        (
            "CV03.00.101",
            {"1": "现在每天吸", "2": "现在吸，但不是每天吸", "3": "过去吸，现在不吸", "4": "从不吸"},
        ),
        ("CV03.00.104", {"1": "从不", "4": "每天", "21": "1d/月~3d/月"}),
        (
            "CV05.10.001",
            {"01": "无残疾", "02": "视力残疾", "05": "肢体残疾", "07": "精神残疾", "99": "其他残疾"},
        ),
        ("CV07.10.001", {"10": "材料费", "11": "麻醉费", "12": "输血费", "17": "输氧费"}),
        ("CV07.10.002", {"01": "综合医疗服务类费用", "0321": "麻醉费"}),
        ("CV07.10.004", {"09": "移动支付", "10": "数字化人民币", "11": "绿色通道"}),
        ("CV08.30.005", {"6": "待聘"}),
        ("CV02.01.101", {"08": "临时居民身份证", "10": "中华人民共和国港澳居民居住证", "12": "社会保障卡"}),
        ("CV06.00.102", {"405": "鞘内注射", "7": "经皮用药"}),
        ("CV06.00.222", {"1": "消化道隔离", "7": "保护性隔离"}),
        ("CV06.00.224", {"05": "禁食", "06": "禁食水", "99": "其他"}),
        ("CV06.00.208", {"01": "每2周", "08": "无需"}),
        ("RC030", {"6": "未查"}),
        ("NOTIFIABLE_DISEASE", {"B01": "新型冠状病毒感染", "B28": "猴痘"}),
        ("ICD-10-clinical", {"U07.100x002": "新型冠状病毒感染", "B04.x00": "猴痘"}),
    ],
)
def test_a_list_says_what_its_document_says(set_id: str, codes: dict[str, str]) -> None:
    names = CATALOG.value_set(set_id).names
    assert {code: names.get(code) for code in codes} == codes


@pytest.mark.parametrize(
    ("table", "field", "codes"),
    [
        ("infectious_disease_report", "disease_code", ("0100", "5200", "5300", "9901")),
        ("patient", "birth_place_code", ("361127", "360111", "710000")),
        ("patient", "nationality_code", ("156", "CHN", "840", "USA")),
    ],
)
def test_a_field_takes_what_is_written_in_life(table: str, field: str, codes: tuple[str, ...]) -> None:
    value_set = CATALOG.table(table).by_name[field].value_set
    assert value_set is not None
    assert [code for code in codes if code not in CATALOG.value_set(value_set).valid] == []


def test_every_list_names_its_document_its_edition_and_its_date_or_says_that_it_has_none() -> None:
    assert [
        one.text for one in lint_catalog(CATALOG) if one.check in ("document_undated", "document_missing")
    ] == []
    dated = [one for one in map(CATALOG.value_set, CATALOG.value_set_ids) if one.edition and one.date]
    assert len(dated) > 195
    assert all(CATALOG.value_set(set_id).source for set_id in CATALOG.value_set_ids)


def test_lists_of_which_two_documents_disagree_say_so() -> None:
    told = {one.id for one in map(CATALOG.value_set, CATALOG.value_set_ids) if one.disagrees}
    assert {"CV03.00.101", "CV05.10.001", "CV07.10.001", "CV08.30.005", "ICD-10", "ICD-9-CM-3"} <= told
