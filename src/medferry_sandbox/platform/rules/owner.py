"""Rules C01 to C05 and P01, P02, which many tables share word for word, under their own ids: whose a record is."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import card_birth, card_sex, fixed, says, says_other, their

_VALID: Final = "1"
_MALE_OR_FEMALE: Final = ("1", "2")
_RESIDENT_CARD: Final = fixed("01")


def of_a_visit(rules: RuleBook, *, key: str) -> None:
    """C01 and C02. `key` is the field of the table's own key."""
    rules.later(f"{rules.table}-C02").exists("patient_id", "visit_id")
    rules.parent(f"{rules.table}-C02", "visit_id").agrees("patient_id")
    rules.later(f"{rules.table}-C01").once(key)


def of_a_person(rules: RuleBook) -> None:
    """C04 and C05, of tables that say who the patient is."""
    told = ("patient_name", "sex_code", "birth_date", "id_no")
    rules.later(f"{rules.table}-C04").agrees(*told, at="patient_id")
    rules.row(f"{rules.table}-C05").same_as("birth_date", card_birth("id_no", _RESIDENT_CARD))
    is_told = says("sex_code", *_MALE_OR_FEMALE)
    rules.row(f"{rules.table}-C05").same_as("sex_code", card_sex("id_no", _RESIDENT_CARD), when=is_told)


def of_a_record(rules: RuleBook, pointer: str) -> None:
    """P01 and P02. `pointer` names the main record."""
    rules.parent(f"{rules.table}-P02", pointer).agrees("patient_id", "visit_id")
    rules.later(f"{rules.table}-P01").exists(pointer)
    main_is_voided = says_other(their("record_status"), _VALID)
    rules.parent(f"{rules.table}-P01", pointer).wrong(pointer, says("record_status", _VALID) & main_is_voided)
