"""患者联系人: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import (
    above,
    card_birth,
    card_sex,
    fixed,
    has,
    held,
    pointed,
    says,
    says_other,
    their,
    years,
)
from medferry_sandbox.platform.rules.texts import is_phone

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

_is_self: Final = says("contact_relation_code", _SELF)
_is_another: Final = says_other("contact_relation_code", _SELF)
rules.parent("PCT-006", "patient_id").same_as("contact_name", their("patient_name"), when=_is_self)
rules.parent("PCT-006", "patient_id").other_than("id_no", their("id_no"), when=_is_another)
rules.row("PCT-007").passes("contact_phone", is_phone)
