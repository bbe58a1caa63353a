"""Rules C01 to C05 and P01, P02, which many tables share word for word, under their own ids: whose a record is."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import birth_on_card, differ, differing, is_other, sex_on_card

_VALID: Final = "1"
_MALE_OR_FEMALE: Final = ("1", "2")


def of_a_visit(rules: RuleBook, *, key: str) -> None:
    """C01 and C02. `key` is the field of the table's own key."""
    rules.later(f"{rules.table}-C02")(patient_and_visit_exist)
    rules.parent(f"{rules.table}-C02", "visit_id")(is_the_visits_patient)

    @rules.later(f"{rules.table}-C01")
    def key_is_used_once(record: Record, beside: Beside) -> Says:
        if len(beside.alike(key)) > 1:
            yield key


def of_a_person(rules: RuleBook) -> None:
    """C04 and C05, of tables that say who the patient is."""
    rules.later(f"{rules.table}-C04")(patient_is_as_the_index_says)
    rules.row(f"{rules.table}-C05")(birth_and_sex_are_the_cards)


def of_a_record(rules: RuleBook, pointer: str) -> None:
    """P01 and P02. `pointer` names the main record."""
    rules.parent(f"{rules.table}-P02", pointer)(is_of_the_main_records_visit)

    @rules.later(f"{rules.table}-P01")
    def main_record_exists(record: Record, beside: Beside) -> Says:
        if beside.points_nowhere(pointer):
            yield pointer

    @rules.parent(f"{rules.table}-P01", pointer)
    def main_record_is_valid(record: Record, main_record: Record) -> Says:
        if record.get("record_status") == _VALID and is_other(main_record.get("record_status"), _VALID):
            yield pointer


def patient_and_visit_exist(record: Record, beside: Beside) -> Says:
    yield from filter(beside.points_nowhere, ("patient_id", "visit_id"))


def is_the_visits_patient(record: Record, visit: Record) -> Says:
    yield from differing(record, visit, "patient_id")


def patient_is_as_the_index_says(record: Record, beside: Beside) -> Says:
    if patient := beside.pointed("patient_id"):
        yield from differing(record, patient, "patient_name", "sex_code", "birth_date", "id_no")


def birth_and_sex_are_the_cards(record: Record) -> Says:
    card, sex = record.get("id_no"), record.get("sex_code")
    if differ(record.get("birth_date"), birth_on_card(card)):
        yield "birth_date"
    if sex in _MALE_OR_FEMALE and differ(sex, sex_on_card(card)):
        yield "sex_code"


def is_of_the_main_records_visit(record: Record, main_record: Record) -> Says:
    yield from differing(record, main_record, "patient_id", "visit_id")
