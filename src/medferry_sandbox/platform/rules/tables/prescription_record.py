"""处方记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import has, lacks, says, says_other, their
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    hours_between,
    is_above,
    is_at_most,
    is_other,
    number,
    off,
    total,
)

rules = RuleBook("prescription_record")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_WESTERN: Final = "1"  # prescription_class_code: Chinese patent medicines too
_HERBAL: Final = "2"
_ORDINARY: Final = "1"  # prescription_type_code
_OF_CHILDREN: Final = "3"
_CHILD_YOUNGER_THAN: Final = "18"  # 14 in some places, 18 in others
_INFANT_YOUNGER_THAN: Final = "3"
_CONTROLLED_DRUGS_OF: Final = {
    "4": "1",
    "5": "2",
    "6": "3",
}  # narcotic, psychotropic of the first and second class
_STRICTLY_CONTROLLED: Final = ("1", "2")
_DRUGS_MAX: Final = "5"
_PATENT_DRUG_TYPES: Final = ("1", "2")  # western, Chinese patent
_HERB: Final = "3"
_CHARGED: Final = "2"
_REFUNDED: Final = "3"
_PHARMACISTS: Final = ("31", "32")

# Who did a step, under what name, and when.
_STEPS: Final = (
    ("reviewer_id", "reviewer_name", "review_time"),
    ("preparer_id", "preparer_name", "prepare_time"),
    ("checker_id", "checker_name", "check_time"),
    ("dispenser_id", "dispenser_name", "dispense_time"),
)

rules.needs("id_no", when=has("id_type_code"))


def _step_is_told_whole(person: str, name: str, time: str) -> None:
    """Neither person nor time without the other, no person without a name."""
    rules.needs(person, when=has(time))
    rules.needs(name, time, when=has(person))


for _step in _STEPS:
    _step_is_told_whole(*_step)


def _lines(record: Record, beside: Beside) -> Sequence[Record] | None:
    """The drugs on it; None where nobody knows."""
    if not beside.knows("prescription_drug"):
        return None
    return beside.rows("prescription_drug", prescription_id=record.get("prescription_id"))


rules.later("PRE-001").exists("visit_id")
rules.parent("PRE-001", "visit_id").wrong("visit_id", says_other(their("visit_type"), *_CLINIC_OR_EMERGENCY))
rules.parent("PRE-001", "visit_id").agrees("patient_id")
rules.later("PRE-001").agrees("patient_name", "sex_code", "birth_date", "id_no", at="patient_id")
rules.later("PRE-002").once("prescription_no")


@rules.later("PRE-003")
def counts_its_drugs(record: Record, beside: Beside) -> Says:
    lines = _lines(record, beside)
    if lines is None:
        return
    told = number(record.get("drug_count"))
    if not lines or (told is not None and told != len(lines)):
        yield "drug_count"


@rules.later("PRE-004")
def amount_is_that_of_its_drugs(record: Record, beside: Beside) -> Says:
    lines = _lines(record, beside)
    if lines is not None and off(record.get("prescription_amount"), total(lines, "drug_amount")):
        yield "prescription_amount"


@rules.row("PRE-005")
def few_drugs_on_one_sheet(record: Record) -> Says:
    if record.get("prescription_class_code") == _WESTERN and is_above(record.get("drug_count"), _DRUGS_MAX):
        yield "drug_count"


@rules.later("PRE-005")
def herbs_have_a_sheet_of_their_own(record: Record, beside: Beside) -> Says:
    types = {line.get("drug_type_code") for line in _lines(record, beside) or ()}
    has_patent_drugs, has_herbs = bool(types.intersection(_PATENT_DRUG_TYPES)), _HERB in types
    sheet = record.get("prescription_class_code")
    if (
        (has_patent_drugs and has_herbs)
        or (has_herbs and sheet == _WESTERN)
        or (has_patent_drugs and sheet == _HERBAL)
    ):
        yield "prescription_class_code"


rules.row("PRE-006").within("valid_days", 1, 3)
rules.parent("PRE-007", "visit_id").not_before("prescribe_time", their("visit_time"))


@rules.row("PRE-007")
def times_are_in_order(record: Record) -> Says:
    if early := are_in_order(record, "prescribe_time", *(time for _, _, time in _STEPS)):
        yield early


@rules.row("PRE-008")
def dispensed_while_valid(record: Record) -> Says:
    days = number(record.get("valid_days"))
    hours = hours_between(record.get("prescribe_time"), record.get("dispense_time"))
    if days is not None and 1 <= days <= 3 and hours is not None and hours > 24 * days:
        yield "dispense_time"


rules.row("PRE-009").other_than("reviewer_id", "prescriber_id")


@rules.later("PRE-009")
def reviewed_and_dispensed_by_pharmacists(record: Record, beside: Beside) -> Says:
    for name in ("reviewer_id", "dispenser_id"):
        person = beside.pointed(name)
        if person and is_other(person.get("profession_category_code"), *_PHARMACISTS):
            yield name


_OF_HERBS: Final = (
    "herb_formula",
    "herb_doses",
    "herb_decoction_method",
    "herb_usage",
    "therapy",
    "tcm_disease_code",
    "tcm_disease_name",
    "tcm_syndrome_code",
    "tcm_syndrome_name",
)
rules.row("PRE-010").needs(*_OF_HERBS, when=says("prescription_class_code", _HERBAL))
rules.later("PRE-011").wrong("diagnosis_code", lacks("diagnose_record", "visit_id", "diagnosis_code"))


@rules.later("PRE-012")
def kind_of_sheet_fits_its_drugs(record: Record, beside: Beside) -> Says:
    lines = _lines(record, beside)
    if lines is None:
        return
    kind = record.get("prescription_type_code", "")
    controlled = {line.get("controlled_drug_code") for line in lines}
    if kind in _CONTROLLED_DRUGS_OF and _CONTROLLED_DRUGS_OF[kind] not in controlled:
        yield "prescription_type_code"
    if kind == _ORDINARY and controlled.intersection(_STRICTLY_CONTROLLED):
        yield "prescription_type_code"


@rules.row("PRE-013")
def childrens_sheets_are_for_children(record: Record) -> Says:
    if record.get("prescription_type_code") == _OF_CHILDREN and is_at_most(
        _CHILD_YOUNGER_THAN, record.get("age_year")
    ):
        yield "age_year"


@rules.row("PRE-013")
def infants_have_months_and_weight(record: Record) -> Says:
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))
    if is_above(_INFANT_YOUNGER_THAN, record.get("age_year")):
        yield from missing(*absent(record, "weight"))


rules.row("PRE-014").aged("age_year", "birth_date", "prescribe_time")


@rules.later("PRE-015")
def what_was_charged_is_on_the_bill(record: Record, beside: Beside) -> Says:
    if record.get("charge_status_code") != _CHARGED or not beside.knows("encounter_medical_cost"):
        return
    fees = beside.rows("encounter_medical_cost", prescription_id=record.get("prescription_id"))
    if not fees:
        yield "charge_status_code"
    if off(record.get("prescription_amount"), total(fees, "amount")):
        yield "prescription_amount"


rules.row("PRE-016").empty(
    "dispense_time", "dispenser_id", when=has("cancel_time") & ~says("charge_status_code", _REFUNDED)
)
