"""患者证件: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    birth_on_card,
    differ,
    is_before,
    is_other,
    sex_on_card,
    texts_of,
)

rules = RuleBook("patient_certificate")

_SEXES: Final = ("1", "2")


@rules.needs("verified_time")
def _is_verified(record: Record) -> bool:
    return record.get("verified_flag") == "T"


@rules.later("PCE-001")
def patient_exists_and_is_valid(_record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    if beside.points_nowhere("patient_id") or is_other(patient.get("record_status"), "1"):
        yield "patient_id"


@rules.parent("PCE-002", "patient_id")
def card_tells_the_patients_birth_and_sex(record: Record, patient: Record) -> Says:
    card = (record.get("certificate_no"), record.get("certificate_type_code"))
    other_sex = patient.get("sex_code") in _SEXES and differ(sex_on_card(*card), patient["sex_code"])
    if other_sex or differ(birth_on_card(*card), patient.get("birth_date")):
        yield "certificate_no"


@rules.later("PCE-003")
def document_of_one_patient(_record: Record, beside: Beside) -> Says:
    alike = beside.alike("certificate_type_code", "certificate_no")
    if len(set(texts_of(alike, "patient_id"))) > 1:
        yield "certificate_no"


@rules.row("PCE-004")
def ends_after_it_begins_and_was_issued(record: Record) -> Says:
    ends = record.get("expiry_date")
    if is_before(ends, record.get("effective_date")) or is_before(ends, record.get("issue_date")):
        yield "expiry_date"


@rules.parent("PCE-005", "patient_id")
def main_document_is_the_patients(record: Record, patient: Record) -> Says:
    if record.get("primary_flag") == "T":
        if differ(record.get("certificate_type_code"), patient.get("id_type_code")):
            yield "certificate_type_code"
        if differ(record.get("certificate_no"), patient.get("id_no")):
            yield "certificate_no"


@rules.parent("PCE-006", "patient_id")
def names_the_patient(record: Record, patient: Record) -> Says:
    if differ(record.get("patient_name"), patient.get("patient_name")):
        yield "patient_name"
