"""患者联系人: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    card_birth,
    card_sex,
    fixed,
    has,
    held,
    pointed,
    says,
    years,
)
from medferry_sandbox.platform.rules.texts import differ, is_other, is_phone

rules = RuleBook("patient_contact")

_SELF: Final = "01"
_SEXES: Final = ("1", "2")
_FULL_AGE: Final = 18

rules.needs("id_no", when=has("id_type_code"))

rules.later("PCT-001").exists_as("patient_id", "record_status", "1")
rules.later("PCT-002").once("contact_seq", "patient_id")
rules.later("PCT-003").once("primary_flag", "patient_id", when=says("primary_flag", "T"))
rules.later("PCT-004").wrong(
    "guardian_flag",
    above(_FULL_AGE, years(pointed("patient_id", "birth_date"), "updated_at"))
    & ~held("patient_contact", "patient_id", guardian_flag=fixed("T")),
)
rules.row("PCT-005").same_as("birth_date", card_birth("id_no", "id_type_code"))
rules.row("PCT-005").same_as("sex_code", card_sex("id_no", "id_type_code"), when=says("sex_code", *_SEXES))


@rules.parent("PCT-006", "patient_id")
def patient_himself_or_another_person(record: Record, patient: Record) -> Says:
    relation, number = record.get("contact_relation_code"), record.get("id_no")
    if relation == _SELF and differ(record.get("contact_name"), patient.get("patient_name")):
        yield "contact_name"
    if is_other(relation, _SELF) and number and number == patient.get("id_no"):
        yield "id_no"


rules.row("PCT-007").passes("contact_phone", is_phone)
