"""检查记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

import unicodedata
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.diagnoses import is_of_other_sex
from medferry_sandbox.platform.rules.owner import of_a_person, of_a_visit
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    day,
    differ,
    differing,
    is_age_off,
    is_before,
    number,
    texts_of,
    years_between,
)

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


@rules.needs("age_year")
def _is_one_year_old(record: Record) -> bool:
    years = years_between(record.get("birth_date"), record.get("exam_date"))
    return years is not None and years >= 1


@rules.needs("symptom_start_time")
def _has_symptoms(record: Record) -> bool:
    return "symptom_description" in record


@rules.needs("symptom_description")
def _has_felt_symptoms(record: Record) -> bool:
    return "symptom_start_time" in record


@rules.needs("operation_name")
def _has_operation_code(record: Record) -> bool:
    return "operation_code" in record


@rules.needs("operation_code")
def _has_operation_name(record: Record) -> bool:
    return "operation_name" in record


@rules.needs("anesthesia_method_code")
def _has_anesthesiologist(record: Record) -> bool:
    return "anesthesiologist_name" in record


@rules.needs("anesthesiologist_id")
def _has_anesthesia(record: Record) -> bool:
    return "anesthesia_method_code" in record


@rules.needs("exam_technician_id")
def _has_technician(record: Record) -> bool:
    return "exam_technician_name" in record


@rules.needs("exam_technician_name")
def _has_technicians_number(record: Record) -> bool:
    return "exam_technician_id" in record


@rules.row("examination_record-C06")
def age_is_that_of_the_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("exam_date")):
        yield "age_year"
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.parent("examination_record-C07", "visit_id")
def is_of_the_type_of_its_visit(record: Record, visit: Record) -> Says:
    yield from differing(record, visit, "visit_type")


@rules.row("examination_record-C07")
def has_the_numbers_of_its_visit_type(record: Record) -> Says:
    if record.get("visit_type") in _OUTPATIENT:
        yield from missing(*absent(record, "outpatient_no"))
    if record.get("visit_type") == _STAY:
        yield from missing(*absent(record, "inpatient_no", "ward_name", "bed_no"))


@rules.row("examination_record-01")
def requested_examined_reported(record: Record) -> Says:
    if wrong := are_in_order(record, "request_time", "exam_time", "report_time"):
        yield wrong
    for date_name, time_name in (("exam_date", "exam_time"), ("report_date", "report_time")):
        on, at = day(record.get(date_name)), day(record.get(time_name))
        if on and at and on != at:
            yield date_name


@rules.row("examination_record-02")
def reviewed_between_exam_and_report(record: Record) -> Says:
    reviewed = record.get("review_time")
    if is_before(reviewed, record.get("exam_time")) or is_before(record.get("report_time"), reviewed):
        yield "review_time"


@rules.row("examination_record-03")
def symptoms_end_after_they_start(record: Record) -> Says:
    if is_before(record.get("symptom_end_time"), record.get("symptom_start_time")):
        yield "symptom_end_time"


@rules.row("examination_record-04")
def operation_is_told_whole(record: Record) -> Says:
    if "operation_code" not in record:
        return
    yield from missing(
        *absent(record, "operation_name", "operation_site_code", "operation_times", "operation_time")
    )
    times = number(record.get("operation_times"))
    if times is not None and times <= 0:
        yield "operation_times"


@rules.row("examination_record-05")
def anesthesia_is_told_whole(record: Record) -> Says:
    if "anesthesia_method_code" in record:
        yield from missing(*absent(record, "anesthesia_tcm_flag_code", "anesthesiologist_name"))


@rules.row("examination_record-06")
def images_can_be_found(record: Record) -> Says:
    if record.get("image_flag") == "T":
        yield from missing(*absent(record, "study_uid", "accession_no"))


@rules.later("examination_record-06")
def images_are_of_one_exam(record: Record, beside: Beside) -> Says:
    if len(beside.alike("study_uid")) > 1:
        yield "study_uid"


@rules.row("examination_record-07")
def critical_values_are_told(record: Record) -> Says:
    if record.get("critical_value_flag") == "T":
        yield from missing(*absent(record, "critical_value_notify_time"))
        if is_before(record.get("critical_value_notify_time"), record.get("exam_time")):
            yield "critical_value_notify_time"


@rules.later("examination_record-08")
def has_an_item(record: Record, beside: Beside) -> Says:
    if beside.lacks("examination_exam", examination_id=record.get("examination_id")):
        yield "examination_id"


@rules.row("examination_record-09")
def pathology_has_a_specimen(record: Record) -> Says:
    if record.get("exam_type_code") == _PATHOLOGY:
        yield from missing(*absent(record, "specimen_no"))


@rules.row("examination_record-10")
def positive_where_abnormal(record: Record) -> Says:
    if differ(record.get("positive_flag"), _POSITIVE_OF_RESULT.get(record.get("exam_result_code", ""))):
        yield "positive_flag"


@rules.row("examination_record-11")
def part_and_diagnosis_are_of_the_sex(record: Record) -> Says:
    sex, parts = record.get("sex_code"), record.get("exam_part_name", "")
    if sex == _MALE and any(part in parts for part in _PARTS_OF_WOMEN):
        yield "exam_part_name"
    if sex == _FEMALE and any(part in parts for part in _OF_MEN):
        yield "exam_part_name"
    if is_of_other_sex(record.get("diagnosis_code"), sex):
        yield "diagnosis_code"


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


@rules.later("examination_record-13")
def report_number_is_used_once(record: Record, beside: Beside) -> Says:
    if len(beside.alike("report_no")) > 1:
        yield "report_no"
