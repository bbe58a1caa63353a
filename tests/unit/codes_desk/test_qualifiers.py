"""Goal: what excludes the name is never recommended for it. Method: pairs by hand; and names of the catalog's own lists with
one qualifier turned round: whatever is recommended for the new name does not say the opposite of it."""

from __future__ import annotations

import pytest

from medferry.catalog.load import load_catalog
from medferry.codes_desk.qualifiers import contradict
from medferry.codes_desk.suggest import Suggester

TURNED = (
    ("急性", "慢性"), ("左", "右"), ("良性", "恶性"), ("原发性", "继发性"), ("开放性", "闭合性"), ("上肢", "下肢"),
    ("男", "女"), ("亢进", "减退"), ("伴", "不伴"), ("新生儿", "成人"), ("完全性", "不完全性"), ("内侧", "外侧"),
)  # fmt: skip
OF_EACH = 25


EXCLUDE = """
急性胃肠炎 | 慢性胃肠炎
亚急性甲状腺炎 | 急性甲状腺炎
脑外伤 | 脑瘤
左肾结石 | 右肾结石
双侧股骨头坏死 | 左侧股骨头坏死
子宫肌瘤 | 子宫恶性肿瘤
胃癌 | 胃炎
感染性腹泻 | 非感染性腹泻
糖尿病伴肾病 | 糖尿病不伴并发症
1型糖尿病 | 2型糖尿病
高血压Ⅲ级 | 高血压2级
轻度贫血 | 重度贫血
甲状腺功能亢进 | 甲状腺功能减退
高钾血症 | 低钾血症
新鲜骨折 | 陈旧性骨折
产前出血 | 产后出血
全子宫切除术 | 次全子宫切除术
腹腔镜阑尾切除术 | 开腹阑尾切除术
钢板置入术 | 钢板取出术
内痔 | 外痔
病毒性肝炎 | 药物性肝炎
闭合性骨折 | 开放性骨折
新生儿黄疸 | 成人黄疸
Rh阳性 | Rh阴性
非胰岛素依赖型糖尿病 | 胰岛素依赖型糖尿病
"""
DO_NOT = """
胃肠炎 | 急性胃肠炎
慢性支气管炎急性发作 | 急性支气管炎
肺部感染 | 肺炎
颅内动脉瘤 | 脑外伤
骨折 | 损伤
外伤性脑出血 | 脑出血
胆囊结石伴胆囊炎 | 胆囊结石
２型糖尿病 | Ⅱ型糖尿病
脑梗死 | 脑血栓形成
左氧氟沙星 | 氧氟沙星
肝癌 | 肝恶性肿瘤
癌前病变 | 良性增生
"""


def pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), pairs(EXCLUDE))
def test_these_exclude_each_other(one: str, other: str) -> None:
    assert contradict(one, other)
    assert contradict(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(DO_NOT))
def test_these_do_not(one: str, other: str) -> None:
    assert not contradict(one, other)
    assert not contradict(other, one)


SAYS_MORE = """
胃肠炎(慢性)
单侧腹股沟疝（双侧）
1型糖尿病（2型）
肝良性肿瘤（恶性）
肺恶性肿瘤（继发性）
甲状腺功能亢进（减退）
脑梗死(陈旧性)
"""


@pytest.mark.parametrize("name", SAYS_MORE.split())
def test_a_name_that_says_more_than_a_code_is_not_recommended_it(name: str) -> None:
    """Brackets are no reason to forget what stands in them."""
    assert not any(one.is_recommended for one in Suggester(load_catalog()).suggest("ICD-10", name))


@pytest.mark.parametrize("set_id", ["ICD-10", "ICD-9-CM-3"])
def test_nothing_recommended_says_the_opposite(set_id: str) -> None:
    catalog = load_catalog()
    names = sorted(_names(set_id))
    suggester, turned, recommended = Suggester(catalog), 0, 0
    for pair in TURNED:
        for said, opposite in (pair, pair[::-1]):
            found = [name for name in names if said in name and opposite not in name]
            for name in found[:: max(1, len(found) // OF_EACH)][:OF_EACH]:
                asked = name.replace(said, opposite)
                turned += 1
                for one in suggester.suggest(set_id, asked):
                    if one.is_recommended:
                        recommended += 1
                        assert one.name == asked or not contradict(asked, one.name), (asked, one.name)
    assert turned > 200
    assert recommended > 0


def _names(set_id: str) -> set[str]:
    return {name for name in load_catalog().value_set(set_id).names.values() if name}
