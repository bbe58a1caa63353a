"""患者联系人: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    birth_on_card,
    differ,
    is_other,
    is_phone,
    sex_on_card,
    years_between,
)

rules = RuleBook("patient_contact")

_SELF: Final = "01"
_SEXES: Final = ("1", "2")
_FULL_AGE: Final = 18


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.later("PCT-001")
def patient_exists_and_is_valid(_record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    if beside.points_nowhere("patient_id") or is_other(patient.get("record_status"), "1"):
        yield "patient_id"


@rules.later("PCT-002")
def numbered_once_per_patient(_record: Record, beside: Beside) -> Says:
    if len(beside.alike("patient_id", "contact_seq")) > 1:
        yield "contact_seq"


@rules.later("PCT-003")
def one_first_contact_per_patient(record: Record, beside: Beside) -> Says:
    if record.get("primary_flag") == "T" and len(beside.alike("patient_id", "primary_flag")) > 1:
        yield "primary_flag"


@rules.later("PCT-004")
def minors_have_a_guardian(record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    years = years_between(patient.get("birth_date"), record.get("updated_at"))
    guarded = beside.rows("patient_contact", patient_id=record.get("patient_id"), guardian_flag="T")
    if years is not None and years < _FULL_AGE and not guarded:
        yield "guardian_flag"


@rules.row("PCT-005")
def birth_and_sex_are_those_on_the_card(record: Record) -> Says:
    card = (record.get("id_no"), record.get("id_type_code"))
    if differ(birth_on_card(*card), record.get("birth_date")):
        yield "birth_date"
    if record.get("sex_code") in _SEXES and differ(sex_on_card(*card), record["sex_code"]):
        yield "sex_code"


@rules.parent("PCT-006", "patient_id")
def patient_himself_or_another_person(record: Record, patient: Record) -> Says:
    relation, number = record.get("contact_relation_code"), record.get("id_no")
    if relation == _SELF and differ(record.get("contact_name"), patient.get("patient_name")):
        yield "contact_name"
    if is_other(relation, _SELF) and number and number == patient.get("id_no"):
        yield "id_no"


@rules.row("PCT-007")
def telephone_number(record: Record) -> Says:
    if "contact_phone" in record and not is_phone(record["contact_phone"]):
        yield "contact_phone"
