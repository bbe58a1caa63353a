"""诊断记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    before,
    coded,
    hours,
    lacks,
    not_over,
    of_other_sex,
    says,
    their,
    years,
)
from medferry_sandbox.platform.rules.texts import number

rules = RuleBook("diagnose_record")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_AT_DISCHARGE: Final = "03"
_BY_PATHOLOGY: Final = "06"
_WESTERN: Final = "1"
_NUMBERED_WITHIN: Final = ("visit_id", "diagnosis_type_code", "diagnosis_class_code")
# Diseases to be reported by law, by their categories in ICD-10.
_NOTIFIABLE: Final = (
    "A00-A04", "A06-A09", "A15-A16", "A20", "A22-A23", "A27", "A30", "A33", "A36-A39", "A50-A54", "A75", "A80", "A82",
    "A83.0", "A90-A91", "A98.5", "B04-B06", "B08.4", "B15-B17", "B18.0-B18.2", "B19-B24", "B26", "B30.3", "B50-B55",
    "B65", "B67", "B74", "J09-J11", "U04", "U07.1",
)  # fmt: skip

rules.needs("outpatient_no", when=says("visit_type", *_OUTPATIENT))
rules.needs("inpatient_times", "inpatient_no", when=says("visit_type", _STAY))

rules.later("DIA-001").exists("visit_id")
rules.parent("DIA-001", "visit_id").agrees("patient_id", "visit_type")


@rules.later("DIA-002")
def one_main_diagnosis(record: Record, beside: Beside) -> Says:
    same = {name: record.get(name) for name in _NUMBERED_WITHIN}
    if not all(same.values()):
        return
    mains = [one for one in beside.rows("diagnose_record", **same) if one.get("main_diagnosis_flag") == "T"]
    if len(mains) != 1:
        yield "main_diagnosis_flag"


rules.row("DIA-002").comes_to("diagnosis_seq", 1, tolerance="0", when=says("main_diagnosis_flag", "T"))

_OF_CLASS: Final = {
    "1": ("diagnosis_code", "diagnosis_name"),
    "2": ("tcm_disease_code", "tcm_disease_name"),
    "3": ("tcm_syndrome_code", "tcm_syndrome_name"),
}
for kind, names in _OF_CLASS.items():
    others = (one for one in _OF_CLASS if one != kind)
    rules.row("DIA-003").needs(*names, when=says("diagnosis_class_code", kind))
    rules.row("DIA-003").empty(*names, when=says("diagnosis_class_code", *others))
rules.row("DIA-004", severity=WARNING).named("diagnosis_name", "diagnosis_code", "ICD-10")
rules.row("DIA-004").wrong(
    "diagnosis_code", says("main_diagnosis_flag", "T") & coded("diagnosis_code", "V-Y")
)
rules.parent("DIA-005", "patient_id").wrong(
    "diagnosis_code", of_other_sex("diagnosis_code", their("sex_code"))
)

_OF_NEWBORNS: Final = "P00-P96"
_OF_MOTHERS: Final = "O00-O99"
_MOTHERS_YEARS_MIN: Final = 10

_age: Final = years(their("birth_date"), "diagnosis_time")
_of_a_newborn: Final = coded("diagnosis_code", _OF_NEWBORNS)
_of_a_mother: Final = coded("diagnosis_code", _OF_MOTHERS)
rules.parent("DIA-006", "patient_id").wrong("diagnosis_code", _of_a_newborn & not_over(1, _age))
rules.parent("DIA-006", "patient_id").wrong("diagnosis_code", _of_a_mother & above(_MOTHERS_YEARS_MIN, _age))

_AFTER_DISCHARGE_H_MAX: Final = 24
rules.parent("DIA-007", "visit_id").not_before(
    "diagnosis_time", their("visit_time"), when=says("visit_type", *_OUTPATIENT)
)
rules.parent("DIA-007", "visit_id").wrong(
    "diagnosis_time",
    says("visit_type", _STAY)
    & (
        above(hours(their("discharge_time"), "diagnosis_time"), _AFTER_DISCHARGE_H_MAX)
        | before("diagnosis_time", their("admission_time"))
    ),
)
rules.row("DIA-008").needs(
    "admission_cond_code", "outcome_code", when=says("diagnosis_type_code", _AT_DISCHARGE)
)
rules.row("DIA-008").needs("pathology_no", when=says("diagnosis_type_code", _BY_PATHOLOGY))
rules.later("DIA-009").once("diagnosis_code", "visit_id", "diagnosis_type_code")


@rules.later("DIA-010")
def numbered_without_gaps(record: Record, beside: Beside) -> Says:
    """Western, Chinese diseases and Chinese syndromes each from 1; a place beyond the last is wrong, and a shared one."""
    place = number(record.get("diagnosis_seq"))
    if place is not None and place < 1:
        yield "diagnosis_seq"
    same = {name: record.get(name) for name in _NUMBERED_WITHIN}
    if not all(same.values()):
        return
    group = beside.rows("diagnose_record", **same)
    places = {one["diagnosis_seq"] for one in group if "diagnosis_seq" in one}
    if len(places) < len(group) or (place is not None and place > len(group)):
        yield "diagnosis_seq"


@rules.later("DIA-011")
def on_the_front_page(record: Record, beside: Beside) -> Says:
    """Diagnoses at discharge from a stay, once it has a front page."""
    code, visit = record.get("diagnosis_code"), record.get("visit_id")
    if record.get("diagnosis_type_code") != _AT_DISCHARGE or record.get("visit_type") != _STAY:
        return
    if record.get("diagnosis_class_code") != _WESTERN or not code:
        return
    pages = beside.rows("inpatient_record_home", visit_id=visit)
    if not pages or any(page.get("main_diag_code") == code for page in pages):
        return
    if beside.lacks("inpatient_diagnose", visit_id=visit, diagnosis_code=code):
        yield "diagnosis_code"


rules.later("DIA-012").wrong(
    "infectious_disease_flag",
    says("infectious_disease_flag", "T") & lacks("infectious_disease_report", "visit_id"),
)
rules.row("DIA-012", severity=WARNING).wrong(
    "infectious_disease_flag", says("infectious_disease_flag", "F") & coded("diagnosis_code", *_NOTIFIABLE)
)
rules.later("DIA-013").exists("doctor_id", "dept_code")
