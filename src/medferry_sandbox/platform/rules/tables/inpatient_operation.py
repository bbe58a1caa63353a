"""首页手术操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    coded,
    has,
    held,
    lacks,
    minutes,
    says,
    starts,
    their,
)
from medferry_sandbox.platform.rules.texts import code_in, number, texts_of

rules = RuleBook("inpatient_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_SURGERY: Final = "1"
_INCISED: Final = ("2", "3", "4")  # classes Ⅰ, Ⅱ and Ⅲ; 1 is class 0
_NOT_LOCAL: Final = ("1", "2", "4")  # general, spinal, combined
_ON_WOMEN: Final = "65-75"
_ON_MEN: Final = "60-64"
_CAESAREAN: Final = "74"
_ASSISTED_BIRTH: Final = "72-73"
_PREGNANCY: Final = "O00-O99"

_is_surgery: Final = says("operation_type_code", _SURGERY)
rules.needs("operation_end_time", "operation_start_time", when=_is_surgery)
rules.needs("first_assistant_name", when=has("first_assistant_id"))
rules.needs("second_assistant_name", when=has("second_assistant_id"))
rules.needs("incision_class_code", when=has("healing_grade_code"))
rules.needs("anesthesia_method_code", when=has("anesthetist_name"))
rules.needs("complication_name", when=says("complication_flag", "T"))

rules.later("IOP-001").exists("record_home_id")
rules.parent("IOP-001", "record_home_id").agrees("visit_id", "patient_id")


@rules.later("IOP-002")
def numbered_from_one_with_one_main_operation(record: Record, beside: Beside) -> Says:
    """Numbers that differ, from 1 to as many as there are, leave none out."""
    place = number(record.get("operation_seq"))
    if place is not None and place < 1:
        yield "operation_seq"
    if "record_home_id" not in record:
        return
    of_page = beside.rows("inpatient_operation", record_home_id=record.get("record_home_id"))
    repeats = len(beside.alike("record_home_id", "operation_seq")) > 1
    if repeats or (place is not None and place > len(of_page)):
        yield "operation_seq"
    if texts_of(of_page, "main_operation_flag").count("T") != 1:
        yield "main_operation_flag"


rules.row("IOP-002").comes_to("operation_seq", 1, tolerance="0", when=says("main_operation_flag", "T"))
rules.row("IOP-004", severity="WARNING").named("operation_name", "operation_code", "ICD-9-CM-3")
rules.parent("IOP-005", "record_home_id").during(
    "operation_time", their("admission_time"), their("discharge_time")
)

_minutes: Final = minutes("operation_start_time", "operation_end_time")
rules.row("IOP-006").not_before("operation_end_time", "operation_start_time")
rules.row("IOP-006").comes_to("operation_minutes", _minutes, tolerance="1")
rules.row("IOP-007").needs("operation_level_code", when=_is_surgery)
rules.row("IOP-008").needs("healing_grade_code", when=says("incision_class_code", *_INCISED))
rules.row("IOP-009").needs("anesthetist_name", when=starts("anesthesia_method_code", *_NOT_LOCAL))


@rules.row("IOP-010")
def done_by_different_persons(record: Record) -> Says:
    roles = ("operator_id", "first_assistant_id", "second_assistant_id", "anesthetist_id")
    persons = [record[role] for role in roles if role in record]
    if len(set(persons)) < len(persons):
        yield "operator_id"


for sex, codes in ((_MALE, _ON_WOMEN), (_FEMALE, _ON_MEN)):
    of_others = says(their("sex_code"), sex) & coded("operation_code", codes)
    rules.parent("IOP-011", "record_home_id").wrong("operation_code", of_others)


@rules.later("IOP-012")
def births_have_their_records(record: Record, beside: Beside) -> Says:
    code, visit = record.get("operation_code"), record.get("visit_id")
    unrecorded = beside.lacks("caesarean_section_rec", visit_id=visit)
    if code_in(code, _CAESAREAN) and (unrecorded or _is_not_pregnant(record, beside)):
        yield "operation_code"
    if code_in(code, _ASSISTED_BIRTH) and beside.lacks("vaginal_delivery_rec", visit_id=visit):
        yield "operation_code"


def _is_not_pregnant(record: Record, beside: Beside) -> bool:
    """Whether the home page and its other diagnoses are known, and none is of pregnancy."""
    home = beside.pointed("record_home_id")
    if home is None or "main_diag_code" not in home or not beside.knows("inpatient_diagnose"):
        return False
    others = beside.rows("inpatient_diagnose", record_home_id=record.get("record_home_id"))
    codes = [home["main_diag_code"], *texts_of(others, "diagnosis_code")]
    return not any(code_in(code, _PREGNANCY) for code in codes)


# Whether the summary has more is asked there.
rules.later("IOP-013").wrong(
    "operation_code",
    held("dischage_summary", "visit_id") & lacks("dis_pat_operation_info", "visit_id", "operation_code"),
)
