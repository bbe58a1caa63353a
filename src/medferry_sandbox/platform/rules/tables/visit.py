"""卫生事件摘要 (visits): what its rules say, in rules.csv's words."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    before,
    equals,
    fixed,
    has,
    held,
    hours,
    lacks,
    of_other_sex,
    says,
    says_other,
    silent,
)
from medferry_sandbox.platform.rules.texts import moment

rules = RuleBook("visit")

_OUTPATIENT: Final = ("1", "2")
_EMERGENCY: Final = "2"
_STAY: Final = "3"
_OPEN: Final = "1"
_DONE: Final = "2"
_CANCELLED: Final = "3"
_SETTLED: Final = "1"
_DIED: Final = "5"
_INSURED: Final = ("01", "02", "03", "04")

_came_as_outpatient: Final = says("visit_type", *_OUTPATIENT)
_stayed: Final = says("visit_type", _STAY)

rules.needs("registration_type_code", "registration_time", "first_visit_code", when=_came_as_outpatient)

_was_discharged: Final = _stayed & says("visit_status_code", _DONE)
rules.needs("discharge_time", when=_was_discharged)

_lay_in_a_bed: Final = _stayed & says("visit_status_code", _OPEN, _DONE)
rules.needs("bed_no", "ward_name", when=_lay_in_a_bed)
rules.needs("insurance_no", when=says("insurance_type_code", *_INSURED))
rules.needs("card_no", when=has("card_type_code"))
rules.needs("id_no", when=has("id_type_code"))
rules.needs("tcm_disease_name", when=has("tcm_disease_code"))
rules.needs("tcm_syndrome_name", when=has("tcm_syndrome_code"))
rules.needs("operation_name", when=has("operation_code"))
rules.needs("underlying_death_cause_name", when=has("underlying_death_cause_code"))

rules.later("VIS-001").exists("patient_id")
rules.later("VIS-001").agrees("patient_name", "sex_code", "birth_date", "id_no", at="patient_id")
rules.row("VIS-002").needs("outpatient_no", "visit_time", when=_came_as_outpatient)
rules.row("VIS-002").empty("admission_time", "ward_name", "bed_no", when=_came_as_outpatient)
rules.row("VIS-003").needs("inpatient_no", "medical_record_no", "admission_time", when=_stayed)
rules.row("VIS-004").not_before("discharge_time", "admission_time")
rules.row("VIS-004").needs(
    "outcome_code", "discharge_dept_code", "discharge_dept_name", when=has("discharge_time")
)

_OUTPATIENT_H_MAX: Final = 24
rules.row("VIS-005").wrong(
    "visit_end_time",
    above(hours("visit_time", "visit_end_time"), _OUTPATIENT_H_MAX) & ~says("observation_flag", "T")
    | before("visit_end_time", "visit_time"),
)
rules.row("VIS-006").not_after("registration_time", "visit_time")


def _came_at(record: Record) -> str | None:
    """When the patient was seen or admitted."""
    if _came_as_outpatient(record):
        return record.get("visit_time")
    return record.get("admission_time") if _stayed(record) else None


rules.row("VIS-007").wrong("onset_time", before("onset_time", "birth_date") | before(_came_at, "onset_time"))
rules.row("VIS-008").aged("age_year", "birth_date", _came_at)
rules.row("VIS-008").needs("age_month", when=equals("age_year", 0))
rules.row("VIS-009", severity=WARNING).named("diagnosis_name", "diagnosis_code", "ICD-10")
rules.row("VIS-010").wrong("diagnosis_code", of_other_sex("diagnosis_code", "sex_code"))

_WESTERN: Final = "1"


@rules.later("VIS-011")
def diagnosis_is_the_main_one(record: Record, beside: Beside) -> Says:
    """Once the visit has a main diagnosis of western medicine."""
    visit, code = record.get("visit_id"), record.get("diagnosis_code")
    mains = beside.rows("diagnose_record", visit_id=visit, main_diagnosis_flag="T")
    western = any(main.get("diagnosis_class_code") == _WESTERN for main in mains)
    if code and western and all(main.get("diagnosis_code") != code for main in mains):
        yield "diagnosis_code"


rules.row("VIS-012").needs("underlying_death_cause_code", when=says("outcome_code", _DIED))
rules.row("VIS-012").empty("underlying_death_cause_code", when=~says("outcome_code", _DIED))
rules.later("VIS-012").wrong("outcome_code", says("outcome_code", _DIED) & silent("patient_id", "death_time"))

_IN_SERVICE: Final = "1"
rules.later("VIS-013").exists_as("responsible_doctor_id", "staff_status_code", _IN_SERVICE)
rules.later("VIS-013").exists_as("dept_code", "dept_status_code", _IN_SERVICE)
# How long it may take is not asked: what is judged at night has had its time.
rules.later("VIS-014").wrong("visit_type", _was_discharged & lacks("inpatient_record_home", "visit_id"))
rules.later("VIS-015").wrong(
    "visit_type",
    _came_as_outpatient
    & says("visit_status_code", _DONE)
    & lacks("encounter_medical_rec", "visit_id")
    & lacks("encoun_obs_medicalrec", "visit_id"),
)
rules.later("VIS-016").wrong(
    "visit_status_code", says("visit_status_code", _DONE) & lacks("medical_expense_rec", "visit_id")
)

_NEVER: Final = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time, as records have it


@rules.later("VIS-017")
def stays_do_not_overlap(record: Record, beside: Beside) -> Says:
    mine = _stay(record)
    if mine is None:
        return
    for other in beside.alike("patient_id", "visit_type"):
        theirs = _stay(other)
        if theirs is None or other is record:
            continue
        first, second = sorted((mine, theirs))
        if second[0] < first[1]:
            yield "admission_time"
            return


def _stay(record: Record) -> tuple[datetime, datetime] | None:
    """From when to when a patient lay in a bed; without an end it goes on."""
    start = moment(record.get("admission_time"))
    if start is None or not _lay_in_a_bed(record):
        return None
    return start, moment(record.get("discharge_time")) or _NEVER


rules.row("VIS-018").wrong(
    "observation_flag", says("observation_flag", "T") & says_other("visit_type", _EMERGENCY)
)
rules.later("VIS-018").wrong(
    "observation_flag", says("observation_flag", "T") & lacks("encoun_obs_medicalrec", "visit_id")
)
rules.later("VIS-019").wrong(
    "infectious_disease_flag",
    says("infectious_disease_flag", "T") & lacks("infectious_disease_report", "visit_id"),
)
rules.row("VIS-020").together("tcm_disease_code", "tcm_syndrome_code")
rules.row("VIS-021", severity=WARNING).named("operation_name", "operation_code", "ICD-9-CM-3")
rules.later("VIS-022").wrong(
    "visit_status_code",
    says("visit_status_code", _CANCELLED)
    & (
        held("encounter_medical_rec", "visit_id")
        | held("prescription_record", "visit_id")
        | held("medical_expense_rec", "visit_id", settlement_status_code=fixed(_SETTLED))
    ),
)
