"""Findings in words that a nurse reads: no English names, no signs of programmers."""

from __future__ import annotations

import re

import pytest

from medferry.catalog.load import LoadedCatalog
from medferry.catalog.platform.answer_codes import load_answer_codes
from medferry.catalog.score_policy import Dimension
from medferry.score.words import Wording


@pytest.fixture(scope="module")
def wording(catalog: LoadedCatalog) -> Wording:
    return Wording(catalog, load_answer_codes())


def said(wording: Wording, table: str, rule_id: str) -> str:
    return wording.missing(
        table, dimension=Dimension.CONSISTENCY, code="5003", check="holds", field="", rule_id=rule_id
    )


@pytest.mark.parametrize(
    ("table", "rule_id", "words"),
    [
        ("inpatient_record_home", "IRH-064", "实际住院天数>1 时三项一次性材料费之和>0（规则 IRH-064）"),
        (
            "death_record", "DTR-002",
            "入院日期时间 ≤ 死亡日期时间; 与首页出院日期时间一致; 入院24小时内死亡者用 24小时内入院死亡记录（规则 DTR-002）",
        ),
        ("inspection_record", "inspection_record-12", "检验费用 ≥ 0（规则 inspection_record-12）"),
    ],
)  # fmt: skip
def test_rules_name_fields_as_people_do(wording: Wording, table: str, rule_id: str, words: str) -> None:
    assert said(wording, table, rule_id) == words


def test_no_rule_of_the_standard_keeps_a_field_s_english_name(
    wording: Wording, catalog: LoadedCatalog
) -> None:
    names = {one.name for table in catalog.table_names for one in catalog.table(table).fields}
    left = [
        (rule.table, rule.rule_id, name)
        for table in catalog.table_names
        for rule in catalog.rules(table)
        for name in re.findall(r"[a-z0-9_]+", said(wording, table, rule.rule_id).rpartition("（规则")[0])
        if name in names and "_" in name
    ]
    assert left == []


def test_tables_that_share_a_name_are_told_apart(wording: Wording, catalog: LoadedCatalog) -> None:
    assert wording.title("patient") == "患者基本信息"
    assert wording.title("encoun_obs_opt_order") == "急诊留观病历-门诊医嘱"
    titles = [wording.title(name) for name in catalog.table_names]
    assert len(set(titles)) == len(titles)


def test_what_is_missing_and_what_is_wanted(wording: Wording) -> None:
    def of(code: str, field: str) -> str:
        return wording.missing(
            "patient", dimension=Dimension.CONFORMITY, code=code, check="", field=field, rule_id=""
        )

    assert of("3001", "patient_name") == "必填而未填"
    assert of("3002", "birth_date").endswith("应为8 位日期，如 20260115")
    assert "《人的性别代码》" in of("3003", "sex_code")
