"""处方记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    counted,
    equals,
    has,
    lacks,
    not_over,
    off_by,
    pointed,
    says,
    says_other,
    their,
    total_of,
)
from medferry_sandbox.platform.rules.texts import hours_between, number

rules = RuleBook("prescription_record")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_WESTERN: Final = "1"  # prescription_class_code: Chinese patent medicines too
_HERBAL: Final = "2"
_ORDINARY: Final = "1"  # prescription_type_code
_OF_CHILDREN: Final = "3"
_CHILD_YOUNGER_THAN: Final = 18  # 14 in some places, 18 in others
_INFANT_YOUNGER_THAN: Final = 3
_CONTROLLED_DRUGS_OF: Final = {
    "4": "1",
    "5": "2",
    "6": "3",
}  # narcotic, psychotropic of the first and second class
_STRICTLY_CONTROLLED: Final = ("1", "2")
_DRUGS_MAX: Final = 5
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

_lines_held: Final = counted("prescription_drug", "prescription_id")
_is_miscounted: Final = off_by("0", "drug_count", _lines_held)
rules.later("PRE-003").wrong("drug_count", equals(_lines_held, 0) | _is_miscounted)

_drugs: Final = total_of("prescription_drug", "drug_amount", "prescription_id")
rules.later("PRE-004").comes_to("prescription_amount", _drugs)
rules.row("PRE-005").not_above("drug_count", _DRUGS_MAX, when=says("prescription_class_code", _WESTERN))


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
rules.row("PRE-007").in_order("prescribe_time", *(time for _, _, time in _STEPS))


@rules.row("PRE-008")
def dispensed_while_valid(record: Record) -> Says:
    days = number(record.get("valid_days"))
    hours = hours_between(record.get("prescribe_time"), record.get("dispense_time"))
    if days is not None and 1 <= days <= 3 and hours is not None and hours > 24 * days:
        yield "dispense_time"


rules.row("PRE-009").other_than("reviewer_id", "prescriber_id")
for name in ("reviewer_id", "dispenser_id"):
    profession = pointed(name, "profession_category_code")
    rules.later("PRE-009").wrong(name, says_other(profession, *_PHARMACISTS))

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


_is_grown: Final = not_over(_CHILD_YOUNGER_THAN, "age_year")
rules.row("PRE-013").wrong("age_year", says("prescription_type_code", _OF_CHILDREN) & _is_grown)
rules.row("PRE-013").needs("age_month", when=equals("age_year", 0))
rules.row("PRE-013").needs("weight", when=above(_INFANT_YOUNGER_THAN, "age_year"))
rules.row("PRE-014").aged("age_year", "birth_date", "prescribe_time")

_is_charged: Final = says("charge_status_code", _CHARGED)
_fees: Final = total_of("encounter_medical_cost", "amount", "prescription_id")
_no_fees: Final = equals(counted("encounter_medical_cost", "prescription_id"), 0)
rules.later("PRE-015").wrong("charge_status_code", _is_charged & _no_fees)
rules.later("PRE-015").comes_to("prescription_amount", _fees, when=_is_charged)
rules.row("PRE-016").empty(
    "dispense_time", "dispenser_id", when=has("cancel_time") & ~says("charge_status_code", _REFUNDED)
)
