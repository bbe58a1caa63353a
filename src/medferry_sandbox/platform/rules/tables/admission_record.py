"""入院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    equals,
    has,
    held,
    hours,
    length,
    says,
    their,
    told,
)
from medferry_sandbox.platform.rules.texts import texts_of

rules = RuleBook("admission_record")

_MALE: Final = "1"
_ALLERGIC: Final = "2"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("ADR-001").once("visit_id")
for name in ("h24_adm_and_dis_record", "h24_adm_death_record"):
    rules.later("ADR-001").wrong("visit_id", held(name, "visit_id"))
rules.parent("ADR-002", "visit_id").close_to("admission_time", their("admission_time"))
rules.later("ADR-002").close_to("admission_time", told("inpatient_record_home", "admission_time", "visit_id"))
rules.row("ADR-003").wrong(
    "record_time",
    above(0, hours("admission_time", "record_time")) | above(hours("admission_time", "record_time"), 24),
)

_DIAGNOSES: Final = ("initial_diag", "revised_diag", "confirmed_diag", "supplement_diag")
for diagnosis in _DIAGNOSES:
    rules.row("ADR-004").not_before(f"{diagnosis}_date", "admission_time")
rules.row("ADR-004").not_before("confirmed_diag_date", "initial_diag_date")
for diagnosis in _DIAGNOSES[1:]:
    rules.row("ADR-004").needs(f"{diagnosis}_date", when=has(f"{diagnosis}_name"))
rules.row("ADR-005").wrong("chief_complaint", above(length("chief_complaint"), 20))
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
for name, (low, high) in _LIMITS.items():
    rules.row("ADR-008", severity=WARNING).within(name, Decimal(low), Decimal(high))
rules.row("ADR-008").wrong("systolic_pressure", above("diastolic_pressure", "systolic_pressure"))
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
