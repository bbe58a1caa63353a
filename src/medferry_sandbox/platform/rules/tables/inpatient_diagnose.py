"""首页其他诊断: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import fixed, has, held, of_other_sex, says, their, unlisted
from medferry_sandbox.platform.rules.texts import code_in, number, off, texts_of

rules = RuleBook("inpatient_diagnose")

_WESTERN: Final = "1"
_TRADITIONAL: Final = "2"
_PATHOLOGY: Final = "4"
_NOT_ON_ADMISSION: Final = "4"
_ON_DISCHARGE: Final = "03"
_HYPERTENSION: Final = "I10"
_HEART: Final = "I50-I51"  # with hypertension they are one disease, I11

rules.needs("pathology_no", when=says("diagnosis_category_code", _PATHOLOGY))

rules.later("IDG-001").exists("record_home_id")
rules.parent("IDG-001", "record_home_id").agrees("visit_id")


@rules.later("IDG-002")
def numbered_from_one_as_many_as_told(record: Record, beside: Beside) -> Says:
    """Numbers that differ, from 1 to as many as there are, leave none out."""
    if "record_home_id" not in record:
        return
    lines = len(beside.rows("inpatient_diagnose", record_home_id=record.get("record_home_id")))
    place = number(record.get("diagnosis_seq"))
    repeats = len(beside.alike("record_home_id", "diagnosis_seq")) > 1
    if repeats or (place is not None and not 1 <= place <= lines):
        yield "diagnosis_seq"
    home = beside.pointed("record_home_id") or {}
    if off(home.get("other_diag_count"), Decimal(lines), tolerance="0"):
        yield "diagnosis_seq"


rules.later("IDG-003").once("diagnosis_code", "record_home_id")
rules.parent("IDG-003", "record_home_id").other_than("diagnosis_code", their("main_diag_code"))
rules.row("IDG-004").wrong(
    "diagnosis_code", says("tcm_western_flag", _TRADITIONAL) & unlisted("diagnosis_code", "GB/T 15657")
)
rules.row("IDG-004").wrong(
    "diagnosis_code",
    says("tcm_western_flag", _WESTERN) & unlisted("diagnosis_code", "ICD-10", "ICD-10-morphology"),
)
rules.row("IDG-006").one_of(
    "admission_cond_code", _NOT_ON_ADMISSION, when=says("hospital_infection_flag", "T")
)
rules.parent("IDG-007", "record_home_id").wrong(
    "diagnosis_code", of_other_sex("diagnosis_code", their("sex_code"))
)


@rules.later("IDG-008")
def hypertension_of_the_heart_is_one_disease(record: Record, beside: Beside) -> Says:
    """The rule's own example; nobody publishes the whole list."""
    if not code_in(record.get("diagnosis_code"), _HYPERTENSION):
        return
    home = beside.pointed("record_home_id") or {}
    others = beside.rows("inpatient_diagnose", record_home_id=record.get("record_home_id"))
    codes = texts_of(others, "diagnosis_code") + texts_of([home], "main_diag_code")
    if any(code_in(code, _HEART) for code in codes):
        yield "diagnosis_code"


_ON: Final = {"diagnosis_type_code": fixed(_ON_DISCHARGE)}
_none_is_it: Final = has("diagnosis_code") & ~held("diagnose_record", "visit_id", "diagnosis_code", **_ON)
rules.later("IDG-009").wrong("diagnosis_code", held("diagnose_record", "visit_id", **_ON) & _none_is_it)
