"""检查记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

import unicodedata
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    contains,
    day_of,
    differs,
    equals,
    has,
    lacks,
    not_over,
    of_other_sex,
    says,
    years,
)
from medferry_sandbox.platform.rules.owner import of_a_person, of_a_visit
from medferry_sandbox.platform.rules.texts import texts_of

rules = RuleBook("examination_record")
of_a_visit(rules, key="examination_id")
of_a_person(rules)

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_PATHOLOGY: Final = "PA"
_MALE: Final = "1"
_FEMALE: Final = "2"
_PARTS_OF_WOMEN: Final = ("子宫", "附件", "卵巢", "阴道", "宫颈", "胎儿")
_ITEMS_OF_WOMEN: Final = (*_PARTS_OF_WOMEN, "产科")
_OF_MEN: Final = ("前列腺", "精囊", "睾丸", "阴囊", "阴茎")
_POSITIVE_OF_RESULT: Final = {"1": "T", "2": "F"}
_SAYS_NOTHING: Final = frozenset(
    ("", "无", "未知", "不详", "略", "同上", "待补", "待写", "测试", "test", "null", "none")
)

rules.needs("age_year", when=not_over(1, years("birth_date", "exam_date")))
rules.needs("symptom_start_time", when=has("symptom_description"))
rules.needs("symptom_description", when=has("symptom_start_time"))
rules.needs("operation_name", when=has("operation_code"))
rules.needs("operation_code", when=has("operation_name"))
rules.needs("anesthesia_method_code", when=has("anesthesiologist_name"))
rules.needs("anesthesiologist_id", when=has("anesthesia_method_code"))
rules.needs("exam_technician_id", when=has("exam_technician_name"))
rules.needs("exam_technician_name", when=has("exam_technician_id"))

rules.row("examination_record-C06").aged("age_year", "birth_date", "exam_date")
rules.row("examination_record-C06").needs("age_month", when=equals("age_year", 0))
rules.parent("examination_record-C07", "visit_id").agrees("visit_type")
rules.row("examination_record-C07").needs("outpatient_no", when=says("visit_type", *_OUTPATIENT))
rules.row("examination_record-C07").needs(
    "inpatient_no", "ward_name", "bed_no", when=says("visit_type", _STAY)
)
rules.row("examination_record-01").in_order("request_time", "exam_time", "report_time")
for name, at in (("exam_date", "exam_time"), ("report_date", "report_time")):
    rules.row("examination_record-01").wrong(name, differs(day_of(name), day_of(at)))
rules.row("examination_record-02").during("review_time", "exam_time", "report_time")
rules.row("examination_record-03").not_before("symptom_end_time", "symptom_start_time")
rules.row("examination_record-04").needs(
    "operation_name", "operation_site_code", "operation_times", "operation_time", when=has("operation_code")
)
rules.row("examination_record-04").more_than("operation_times", 0, when=has("operation_code"))
rules.row("examination_record-05").needs(
    "anesthesia_tcm_flag_code", "anesthesiologist_name", when=has("anesthesia_method_code")
)
rules.row("examination_record-06").needs("study_uid", "accession_no", when=says("image_flag", "T"))
rules.later("examination_record-06").once("study_uid")
rules.row("examination_record-07").needs("critical_value_notify_time", when=says("critical_value_flag", "T"))
rules.row("examination_record-07").not_before(
    "critical_value_notify_time", "exam_time", when=says("critical_value_flag", "T")
)
rules.later("examination_record-08").wrong("examination_id", lacks("examination_exam", "examination_id"))
rules.row("examination_record-09").needs("specimen_no", when=says("exam_type_code", _PATHOLOGY))
for result, flag in _POSITIVE_OF_RESULT.items():
    rules.row("examination_record-10").one_of("positive_flag", flag, when=says("exam_result_code", result))
rules.row("examination_record-11").wrong(
    "exam_part_name", says("sex_code", _MALE) & contains("exam_part_name", *_PARTS_OF_WOMEN)
)
rules.row("examination_record-11").wrong(
    "exam_part_name", says("sex_code", _FEMALE) & contains("exam_part_name", *_OF_MEN)
)
rules.row("examination_record-11").wrong("diagnosis_code", of_other_sex("diagnosis_code", "sex_code"))


@rules.later("examination_record-11")
def items_are_of_the_sex(record: Record, beside: Beside) -> Says:
    items = texts_of(
        beside.rows("examination_exam", examination_id=record.get("examination_id")), "exam_item_name"
    )
    others = {_MALE: _ITEMS_OF_WOMEN, _FEMALE: _OF_MEN}.get(record.get("sex_code", ""), ())
    if any(part in item for item in items for part in others):
        yield "examination_id"


@rules.row("examination_record-12")
def finding_and_impression_say_something(record: Record) -> Says:
    finding, impression = record.get("objective_finding"), record.get("subjective_impression")
    if finding and finding == impression:
        yield "subjective_impression"
    for name in ("objective_finding", "subjective_impression"):
        if name in record and _bare(record[name]) in _SAYS_NOTHING:
            yield name


def _bare(text: str) -> str:
    """A text without the blanks, punctuation and signs around it, in small letters."""
    around = "".join(c for c in set(text) if c.isspace() or unicodedata.category(c)[0] in "PS")
    return text.strip(around).casefold() if around else text.casefold()


rules.later("examination_record-13").once("report_no")
