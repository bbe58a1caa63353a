"""卫生事件摘要 (visits): what its rules say, in rules.csv's words."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.diagnoses import is_of_other_sex
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import (
    absent,
    differing,
    hours_between,
    is_age_off,
    is_before,
    is_other,
    moment,
    number,
)

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


def _came_as_outpatient(record: Record) -> bool:
    return record.get("visit_type") in _OUTPATIENT


def _stayed(record: Record) -> bool:
    return record.get("visit_type") == _STAY


rules.needs("registration_type_code")(_came_as_outpatient)
rules.needs("registration_time")(_came_as_outpatient)
rules.needs("first_visit_code")(_came_as_outpatient)


@rules.needs("discharge_time")
def _was_discharged(record: Record) -> bool:
    return _stayed(record) and record.get("visit_status_code") == _DONE


@rules.needs("ward_name")
@rules.needs("bed_no")
def _lay_in_a_bed(record: Record) -> bool:
    return _stayed(record) and record.get("visit_status_code") in (_OPEN, _DONE)


@rules.needs("insurance_no")
def _is_insured(record: Record) -> bool:
    return record.get("insurance_type_code") in _INSURED


@rules.needs("card_no")
def _used_a_card(record: Record) -> bool:
    return "card_type_code" in record


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("tcm_disease_name")
def _has_tcm_disease(record: Record) -> bool:
    return "tcm_disease_code" in record


@rules.needs("tcm_syndrome_name")
def _has_tcm_syndrome(record: Record) -> bool:
    return "tcm_syndrome_code" in record


@rules.needs("operation_name")
def _was_operated(record: Record) -> bool:
    return "operation_code" in record


@rules.needs("underlying_death_cause_name")
def _has_death_cause(record: Record) -> bool:
    return "underlying_death_cause_code" in record


@rules.later("VIS-001")
def patient_exists_and_is_the_same_person(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("patient_id"):
        yield "patient_id"
    patient = beside.pointed("patient_id") or {}
    yield from differing(record, patient, "patient_name", "sex_code", "birth_date", "id_no")


@rules.row("VIS-002")
def fields_of_outpatients(record: Record) -> Says:
    if _came_as_outpatient(record):
        yield from missing(*absent(record, "outpatient_no", "visit_time"))
        yield from (name for name in ("admission_time", "ward_name", "bed_no") if name in record)


@rules.row("VIS-003")
def fields_of_stays(record: Record) -> Says:
    if _stayed(record):
        yield from missing(*absent(record, "inpatient_no", "medical_record_no", "admission_time"))


@rules.row("VIS-004")
def discharge_is_complete(record: Record) -> Says:
    if is_before(record.get("discharge_time"), record.get("admission_time")):
        yield "discharge_time"
    if "discharge_time" in record:
        yield from missing(*absent(record, "outcome_code", "discharge_dept_code", "discharge_dept_name"))


_OUTPATIENT_H_MAX: Final = 24


@rules.row("VIS-005")
def ends_within_a_day(record: Record) -> Says:
    start, end = record.get("visit_time"), record.get("visit_end_time")
    hours = hours_between(start, end)
    too_long = hours is not None and hours > _OUTPATIENT_H_MAX and record.get("observation_flag") != "T"
    if too_long or is_before(end, start):
        yield "visit_end_time"


@rules.row("VIS-006")
def registered_before_seen(record: Record) -> Says:
    if is_before(record.get("visit_time"), record.get("registration_time")):
        yield "registration_time"


@rules.row("VIS-007")
def fell_ill_between_birth_and_visit(record: Record) -> Says:
    onset = record.get("onset_time")
    if is_before(onset, record.get("birth_date")) or is_before(_came_at(record), onset):
        yield "onset_time"


def _came_at(record: Record) -> str | None:
    """When the patient was seen or admitted."""
    if _came_as_outpatient(record):
        return record.get("visit_time")
    return record.get("admission_time") if _stayed(record) else None


@rules.row("VIS-008")
def age_at_the_visit(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), _came_at(record)):
        yield "age_year"
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.row("VIS-009")
def diagnosis_is_named_as_coded(record: Record) -> Says:
    # Hospitals word names their own way; the code is good all the same.
    if is_misnamed(record.get("diagnosis_name"), record.get("diagnosis_code"), "ICD-10"):
        yield from warns("diagnosis_name")


@rules.row("VIS-010")
def diagnosis_is_possible_for_the_sex(record: Record) -> Says:
    if is_of_other_sex(record.get("diagnosis_code"), record.get("sex_code")):
        yield "diagnosis_code"


_WESTERN: Final = "1"


@rules.later("VIS-011")
def diagnosis_is_the_main_one(record: Record, beside: Beside) -> Says:
    """Once the visit has a main diagnosis of western medicine."""
    visit, code = record.get("visit_id"), record.get("diagnosis_code")
    mains = beside.rows("diagnose_record", visit_id=visit, main_diagnosis_flag="T")
    western = any(main.get("diagnosis_class_code") == _WESTERN for main in mains)
    if code and western and all(main.get("diagnosis_code") != code for main in mains):
        yield "diagnosis_code"


@rules.row("VIS-012")
def cause_of_death_where_the_patient_died(record: Record) -> Says:
    if record.get("outcome_code") == _DIED:
        yield from missing(*absent(record, "underlying_death_cause_code"))
    elif "underlying_death_cause_code" in record:
        yield "underlying_death_cause_code"


@rules.later("VIS-012")
def patient_is_told_dead(record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id")
    if record.get("outcome_code") == _DIED and patient is not None and "death_time" not in patient:
        yield "outcome_code"


_IN_SERVICE: Final = "1"


@rules.later("VIS-013")
def doctor_and_department_exist_and_are_in_service(_record: Record, beside: Beside) -> Says:
    doctor = beside.pointed("responsible_doctor_id") or {}
    if beside.points_nowhere("responsible_doctor_id") or is_other(
        doctor.get("staff_status_code"), _IN_SERVICE
    ):
        yield "responsible_doctor_id"
    department = beside.pointed("dept_code") or {}
    if beside.points_nowhere("dept_code") or is_other(department.get("dept_status_code"), _IN_SERVICE):
        yield "dept_code"


@rules.later("VIS-014")
def discharged_have_a_front_page(record: Record, beside: Beside) -> Says:
    """How long it may take is not asked: what is judged at night has had its time."""
    if _was_discharged(record) and beside.lacks("inpatient_record_home", visit_id=record.get("visit_id")):
        yield "visit_type"


@rules.later("VIS-015")
def outpatients_have_a_record(record: Record, beside: Beside) -> Says:
    done = _came_as_outpatient(record) and record.get("visit_status_code") == _DONE
    records = ("encounter_medical_rec", "encoun_obs_medicalrec")
    if done and all(beside.lacks(table, visit_id=record.get("visit_id")) for table in records):
        yield "visit_type"


@rules.later("VIS-016")
def done_visits_have_their_expense(record: Record, beside: Beside) -> Says:
    done = record.get("visit_status_code") == _DONE
    if done and beside.lacks("medical_expense_rec", visit_id=record.get("visit_id")):
        yield "visit_status_code"


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


@rules.row("VIS-018")
def observed_are_emergencies(record: Record) -> Says:
    if record.get("observation_flag") == "T" and is_other(record.get("visit_type"), _EMERGENCY):
        yield "observation_flag"


@rules.later("VIS-018")
def observed_have_their_record(record: Record, beside: Beside) -> Says:
    observed = record.get("observation_flag") == "T"
    if observed and beside.lacks("encoun_obs_medicalrec", visit_id=record.get("visit_id")):
        yield "observation_flag"


@rules.later("VIS-019")
def reported_if_infectious(record: Record, beside: Beside) -> Says:
    flagged = record.get("infectious_disease_flag") == "T"
    if flagged and beside.lacks("infectious_disease_report", visit_id=record.get("visit_id")):
        yield "infectious_disease_flag"


@rules.row("VIS-020")
def tcm_disease_and_syndrome_together(record: Record) -> Says:
    pair = ("tcm_disease_code", "tcm_syndrome_code")
    if len(absent(record, *pair)) == 1:
        yield from missing(*absent(record, *pair))


@rules.row("VIS-021")
def operation_is_named_as_coded(record: Record) -> Says:
    if is_misnamed(record.get("operation_name"), record.get("operation_code"), "ICD-9-CM-3"):
        yield from warns("operation_name")


@rules.later("VIS-022")
def cancelled_visits_have_nothing(record: Record, beside: Beside) -> Says:
    if record.get("visit_status_code") != _CANCELLED:
        return
    visit = record.get("visit_id")
    if (
        beside.rows("encounter_medical_rec", visit_id=visit)
        or beside.rows("prescription_record", visit_id=visit)
        or beside.rows("medical_expense_rec", visit_id=visit, settlement_status_code=_SETTLED)
    ):
        yield "visit_status_code"
