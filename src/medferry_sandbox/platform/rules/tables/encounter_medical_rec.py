"""门(急)诊病历: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.diagnoses import is_of_other_sex
from medferry_sandbox.platform.rules.texts import (
    absent,
    code_in,
    days_between,
    differing,
    is_age_off,
    is_at_most,
    is_before,
    is_other,
    is_outside,
    number,
    texts_of,
)

rules = RuleBook("encounter_medical_rec")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_SAYS_NOTHING: Final = ("无", "同上", "同前", "略", "不详")
_FIRST_VISIT: Final = "1"
_THIRTY_DAYS: Final = 30
_FOUND_IN_CLINIC: Final = "01"
_PHYSICIANS: Final = ("11", "12")  # licensed physicians, licensed assistant physicians
_PREGNANCY: Final = "O00-O99"


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("tcm_disease_name")
def _has_tcm_disease(record: Record) -> bool:
    return "tcm_disease_code" in record


@rules.needs("tcm_syndrome_name")
def _has_tcm_syndrome(record: Record) -> bool:
    return "tcm_syndrome_code" in record


@rules.later("EMR-001")
def visit_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("visit_id"):
        yield "visit_id"


@rules.parent("EMR-001", "visit_id")
def visit_is_in_clinic_or_emergency(record: Record, visit: Record) -> Says:
    if is_other(visit.get("visit_type"), *_CLINIC_OR_EMERGENCY):
        yield "visit_id"
    yield from differing(record, visit, "patient_id")


@rules.later("EMR-001")
def patient_is_as_the_index_says(record: Record, beside: Beside) -> Says:
    if patient := beside.pointed("patient_id"):
        yield from differing(record, patient, "patient_name", "sex_code", "birth_date", "id_no")


@rules.later("EMR-002")
def one_record_per_visit_and_department(record: Record, beside: Beside) -> Says:
    if len(beside.alike("visit_id", "dept_code")) > 1:
        yield "visit_id"


@rules.row("EMR-003")
def says_something(record: Record) -> Says:
    for name in ("chief_complaint", "present_illness", "physical_examination"):
        if record.get(name) in _SAYS_NOTHING:
            yield name


@rules.row("EMR-003")
def complaint_is_short_and_illness_is_told(record: Record) -> Says:
    if len(record.get("chief_complaint", "")) > 100:
        yield "chief_complaint"
    if 0 < len(record.get("present_illness", "")) < 10:
        yield "present_illness"


@rules.row("EMR-004")
def allergies_are_told(record: Record) -> Says:
    if record.get("allergy_history_flag") == "T":
        yield from missing(*absent(record, "allergy_history"))


@rules.later("EMR-004")
def allergies_agree_with_the_basic_record(record: Record, beside: Beside) -> Says:
    opposite = {"T": "F", "F": "T"}.get(record.get("allergy_history_flag", ""))
    patient = record.get("patient_id")
    if beside.rows("basic_health_info", patient_id=patient, allergy_history_flag=opposite):
        yield "allergy_history_flag"


@rules.parent("EMR-005", "visit_id")
def time_is_the_visits(record: Record, visit: Record) -> Says:
    yield from differing(record, visit, "visit_time")


@rules.row("EMR-005")
def signed_after_the_visit_began(record: Record) -> Says:
    if is_before(record.get("sign_time"), record.get("visit_time")):
        yield "sign_time"


@rules.row("EMR-006")
def age_agrees_with_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("visit_time")):
        yield "age_year"


@rules.row("EMR-006")
def months_are_told_of_infants(record: Record) -> Says:
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.row("EMR-007")
def exams_have_results(record: Record) -> Says:
    if "auxiliary_exam_item" in record:
        yield from missing(*absent(record, "auxiliary_exam_result"))


_TCM_DIAGNOSES: Final = ("tcm_disease_code", "tcm_disease_name", "tcm_syndrome_code", "tcm_syndrome_name")


@rules.row("EMR-008")
def tcm_diagnoses_are_founded(record: Record) -> Says:
    if any(name in record for name in _TCM_DIAGNOSES):
        yield from missing(*absent(record, "tcm_four_diagnosis", "syndrome_basis", "therapy"))


@rules.row("EMR-009")
def diagnosis_is_possible_for_the_sex(record: Record) -> Says:
    if is_of_other_sex(record.get("diagnosis_code"), record.get("sex_code")):
        yield "diagnosis_code"


@rules.row("EMR-009", severity=WARNING)
def pregnant_at_a_possible_age(record: Record) -> Says:
    if code_in(record.get("diagnosis_code"), _PREGNANCY) and is_outside(record.get("age_year"), "10", "60"):
        yield "age_year"


@rules.later("EMR-009")
def diagnosis_is_on_record(record: Record, beside: Beside) -> Says:
    if beside.lacks(
        "diagnose_record",
        visit_id=record.get("visit_id"),
        diagnosis_code=record.get("diagnosis_code"),
        diagnosis_type_code=_FOUND_IN_CLINIC,
    ):
        yield "diagnosis_code"


@rules.row("EMR-010")
def blood_pressure_is_possible(record: Record) -> Says:
    systolic, diastolic = record.get("systolic_pressure"), record.get("diastolic_pressure")
    if is_at_most(systolic, diastolic):
        yield "systolic_pressure"
    if is_outside(systolic, "40", "300"):
        yield "systolic_pressure"
    if is_outside(diastolic, "20", "200"):
        yield "diastolic_pressure"


@rules.row("EMR-011")
def vital_signs_are_possible(record: Record) -> Says:
    for name, low, high in (
        ("temperature", "34", "43"),
        ("pulse_rate", "20", "250"),
        ("respiratory_rate", "5", "80"),
    ):
        if is_outside(record.get(name), low, high):
            yield name


@rules.later("EMR-012")
def physician_is_known_and_licensed(record: Record, beside: Beside) -> Says:
    physician = beside.pointed("doctor_id")
    if beside.points_nowhere("doctor_id") or (
        physician and is_other(physician.get("profession_category_code"), *_PHYSICIANS)
    ):
        yield "doctor_id"


@rules.later("EMR-013")
def not_the_first_visit_within_thirty_days(record: Record, beside: Beside) -> Says:
    """Any visit before this one counts, with the same diagnosis."""
    if record.get("first_visit_code") != _FIRST_VISIT:
        return
    now = record.get("visit_time")
    same = {name: record.get(name) for name in ("patient_id", "diagnosis_code")}
    for earlier in texts_of(beside.rows("encounter_medical_rec", **same), "visit_time"):
        days = days_between(earlier, now)
        if is_before(earlier, now) and days is not None and days <= _THIRTY_DAYS:
            yield "first_visit_code"
            return


@rules.later("EMR-014")
def notifiable_diseases_are_reported(record: Record, beside: Beside) -> Says:
    visit = record.get("visit_id")
    notifiable = beside.rows("diagnose_record", visit_id=visit, infectious_disease_flag="T")
    if notifiable and record.get("infectious_report_flag") != "T":
        yield "infectious_report_flag"
