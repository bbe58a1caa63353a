"""患者证件: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import before, says, several, their
from medferry_sandbox.platform.rules.texts import birth_on_card, differ, sex_on_card

rules = RuleBook("patient_certificate")

_SEXES: Final = ("1", "2")

rules.needs("verified_time", when=says("verified_flag", "T"))

rules.later("PCE-001").exists_as("patient_id", "record_status", "1")


@rules.parent("PCE-002", "patient_id")
def card_tells_the_patients_birth_and_sex(record: Record, patient: Record) -> Says:
    card = (record.get("certificate_no"), record.get("certificate_type_code"))
    other_sex = patient.get("sex_code") in _SEXES and differ(sex_on_card(*card), patient["sex_code"])
    if other_sex or differ(birth_on_card(*card), patient.get("birth_date")):
        yield "certificate_no"


_several_have_it: Final = several("patient_id", "certificate_type_code", "certificate_no")
rules.later("PCE-003").wrong("certificate_no", _several_have_it)
rules.row("PCE-004").wrong(
    "expiry_date", before("expiry_date", "effective_date") | before("expiry_date", "issue_date")
)
rules.parent("PCE-005", "patient_id").same_as(
    "certificate_type_code", their("id_type_code"), when=says("primary_flag", "T")
)
rules.parent("PCE-005", "patient_id").same_as(
    "certificate_no", their("id_no"), when=says("primary_flag", "T")
)
rules.parent("PCE-006", "patient_id").same_as("patient_name", their("patient_name"))
