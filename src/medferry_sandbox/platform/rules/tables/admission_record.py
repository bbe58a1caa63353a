"""入院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_apart,
    differing,
    is_age_off,
    is_at_most,
    is_before,
    is_not_within_hours,
    is_other,
    is_outside,
    number,
    texts_of,
)

rules = RuleBook("admission_record")

_MALE: Final = "1"
_ALLERGIC: Final = "2"


@rules.needs("id_no")
def _has_a_paper(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_younger_than_one_year(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.later("ADR-001")
def stay_has_one_admission_note(record: Record, beside: Beside) -> Says:
    if len(beside.alike("visit_id")) > 1:
        yield "visit_id"
    for instead in ("h24_adm_and_dis_record", "h24_adm_death_record"):
        if beside.rows(instead, visit_id=record.get("visit_id")):
            yield "visit_id"


@rules.parent("ADR-002", "visit_id")
def admitted_when_the_visit_says(record: Record, visit: Record) -> Says:
    if are_apart(record.get("admission_time"), visit.get("admission_time"), seconds=60):
        yield "admission_time"


@rules.later("ADR-002")
def admitted_when_the_home_page_says(record: Record, beside: Beside) -> Says:
    homes = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    for told in texts_of(homes, "admission_time")[:1]:
        if are_apart(record.get("admission_time"), told, seconds=60):
            yield "admission_time"


@rules.row("ADR-003")
def written_within_a_day(record: Record) -> Says:
    if is_not_within_hours(record.get("admission_time"), record.get("record_time"), 24):
        yield "record_time"


_DIAGNOSES: Final = ("initial_diag", "revised_diag", "confirmed_diag", "supplement_diag")


@rules.row("ADR-004")
def diagnoses_come_after_admission(record: Record) -> Says:
    dates = [f"{diagnosis}_date" for diagnosis in _DIAGNOSES]
    yield from (name for name in dates if is_before(record.get(name), record.get("admission_time")))
    if is_before(record.get("confirmed_diag_date"), record.get("initial_diag_date")):
        yield "confirmed_diag_date"


@rules.row("ADR-004")
def later_diagnoses_are_dated(record: Record) -> Says:
    for diagnosis in _DIAGNOSES[1:]:
        if f"{diagnosis}_name" in record:
            yield from missing(*absent(record, f"{diagnosis}_date"))


@rules.row("ADR-005")
def complaint_is_short(record: Record) -> Says:
    if len(record.get("chief_complaint", "")) > 20:
        yield "chief_complaint"


@rules.row("ADR-006")
def histories_are_told(record: Record) -> Says:
    if record.get("general_health_flag") == "F":
        yield from missing(*absent(record, "disease_history"))
    if record.get("infectious_flag") == "T":
        yield from missing(*absent(record, "infectious_history"))


@rules.row("ADR-007")
def men_have_no_menstrual_history(record: Record) -> Says:
    if record.get("sex_code") == _MALE and is_other(record.get("menstrual_history"), "-", "无"):
        yield "menstrual_history"


_LIMITS: Final = {
    "temperature": ("30", "45"),
    "pulse_rate": ("20", "250"),
    "respiratory_rate": ("5", "80"),
    "systolic_pressure": ("40", "300"),
    "diastolic_pressure": ("20", "200"),
    "height": ("20", "250"),
    "weight": ("0.3", "300"),
}


@rules.row("ADR-008")
def vital_signs_are_within_limits(record: Record) -> Says:
    yield from (name for name, (low, high) in _LIMITS.items() if is_outside(record.get(name), low, high))
    if is_at_most(record.get("systolic_pressure"), record.get("diastolic_pressure")):
        yield "systolic_pressure"


@rules.later("ADR-009")
def patient_is_called_so(record: Record, beside: Beside) -> Says:
    """A note keeps what was known when it was written."""
    patient = beside.pointed("patient_id")
    if patient is not None:
        yield from differing(record, patient, "patient_name", "sex_code", "id_no")


@rules.row("ADR-009")
def age_is_that_of_the_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("admission_time")):
        yield "age_year"


_DRUG_ALLERGIES: Final = ("青霉素", "头孢", "磺胺", "链霉素", "药物过敏")
_DENIALS: Final = ("否认", "无")


@rules.later("ADR-010")
def allergy_to_drugs_stands_on_the_home_page(record: Record, beside: Beside) -> Says:
    history = record.get("allergy_history", "")
    if history.startswith(_DENIALS) or not any(drug in history for drug in _DRUG_ALLERGIES):
        return
    homes = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    if texts_of(homes, "drug_allergy_flag")[:1] not in ([], [_ALLERGIC]):
        yield "allergy_history"
