"""入院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import above, apart, equals, has, held, hours, says, their
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_apart,
    is_at_most,
    is_before,
    is_outside,
    texts_of,
)

rules = RuleBook("admission_record")

_MALE: Final = "1"
_ALLERGIC: Final = "2"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("ADR-001").once("visit_id")
for name in ("h24_adm_and_dis_record", "h24_adm_death_record"):
    rules.later("ADR-001").wrong("visit_id", held(name, "visit_id"))
rules.parent("ADR-002", "visit_id").wrong(
    "admission_time", apart("admission_time", their("admission_time"), seconds=60)
)


@rules.later("ADR-002")
def admitted_when_the_home_page_says(record: Record, beside: Beside) -> Says:
    homes = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    for told in texts_of(homes, "admission_time")[:1]:
        if are_apart(record.get("admission_time"), told, seconds=60):
            yield "admission_time"


rules.row("ADR-003").wrong(
    "record_time",
    above(0, hours("admission_time", "record_time")) | above(hours("admission_time", "record_time"), 24),
)

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


rules.row("ADR-006").needs("disease_history", when=says("general_health_flag", "F"))
rules.row("ADR-006").needs("infectious_history", when=says("infectious_flag", "T"))
rules.row("ADR-007").one_of("menstrual_history", "-", "无", when=says("sex_code", _MALE))

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


# A note keeps what was known when it was written.
rules.later("ADR-009").agrees("patient_name", "sex_code", "id_no", at="patient_id")
rules.row("ADR-009").aged("age_year", "birth_date", "admission_time")

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
