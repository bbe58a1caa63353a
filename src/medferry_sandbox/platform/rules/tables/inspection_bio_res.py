"""细菌结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import (
    above,
    contains,
    days,
    has,
    held,
    lacks,
    says,
    says_other,
    their,
)
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import absent

rules = RuleBook("inspection_bio_res")
of_a_visit(rules, key="bacteria_result_id")
of_a_record(rules, "inspection_id")

_CULTURE: Final = "2"

# What commonly contaminates blood cultures, and fungi: tested for resistance or not, as the laboratory sees fit.
_SELDOM_TESTED: Final = (
    "凝固酶阴性", "表皮葡萄球菌", "棒状杆菌", "微球菌", "丙酸杆菌", "皮肤杆菌", "芽孢杆菌", "草绿色链球菌",
    "念珠菌", "酵母", "曲霉",
)  # fmt: skip
_ORGANISM_OF: Final = {"MRSA": "金黄色葡萄球菌", "VRE": "肠球菌", "CRAB": "鲍曼", "CRPA": "铜绿假单胞菌"}
_CRE: Final = "CRE"
_NOT_ENTEROBACTERALES: Final = (
    "葡萄球菌", "肠球菌", "链球菌", "不动杆菌", "单胞菌", "念珠菌"
)  # fmt: skip

rules.row("inspection_bio_res-01").needs("bacteria_code", "bacteria_name", when=says("growth_flag", "T"))
rules.row("inspection_bio_res-01").empty("bacteria_code", "bacteria_name", when=says("growth_flag", "F"))
rules.message("inspection_bio_res-02").once_in_a_message("bacteria_code", "inspection_id")
rules.later("inspection_bio_res-02").once("bacteria_code", "inspection_id")
rules.later("inspection_bio_res-03").wrong(
    "growth_flag", says("growth_flag", "F") & held("inspection_anti_res", "bacteria_result_id")
)

_is_often_tested: Final = has("bacteria_name") & ~contains("bacteria_name", *_SELDOM_TESTED)
rules.later("inspection_bio_res-04").wrong(
    "bacteria_name",
    says("growth_flag", "T") & _is_often_tested & lacks("inspection_anti_res", "bacteria_result_id"),
)


@rules.row("inspection_bio_res-05")
def resistance_is_of_a_type_of_the_organism(record: Record) -> Says:
    of_type, organism = record.get("mdro_type_code", ""), record.get("bacteria_name")
    if record.get("mdro_flag") == "T":
        yield from missing(*absent(record, "mdro_type_code"))
    if not organism:
        return
    if _ORGANISM_OF.get(of_type, "") not in organism:
        yield "bacteria_name"
    if of_type == _CRE and any(name in organism for name in _NOT_ENTEROBACTERALES):
        yield "bacteria_name"


rules.parent("inspection_bio_res-06", "inspection_id").wrong(
    "inspection_id", says_other(their("report_type_code"), _CULTURE)
)
rules.parent("inspection_bio_res-06", "inspection_id").not_before(
    "report_time", their("specimen_receive_time")
)
rules.parent("inspection_bio_res-07", "inspection_id").wrong(
    "test_date", above(1, days(their("specimen_collect_time"), "test_date"))
)
