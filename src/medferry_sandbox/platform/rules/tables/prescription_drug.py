"""处方用药: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    differ,
    differing,
    is_above,
    is_at_most,
    is_before,
    is_other,
    off,
    product,
    texts_of,
)

rules = RuleBook("prescription_drug")

_IN_USE: Final = "1"
_CLINIC: Final = "1"
_SPECIAL_GRADE: Final = "3"
_POSITIVE: Final = "2"
_INTO_A_VEIN: Final = "404"
_BY_MOUTH: Final = "1"
_NO_GROUP: Final = "0"


@rules.needs("essential_drug_level_code")
def _is_essential_drug(record: Record) -> bool:
    return record.get("essential_drug_flag") == "T"


@rules.later("PRD-001")
def prescription_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("prescription_id"):
        yield "prescription_id"


@rules.parent("PRD-001", "prescription_id")
def is_of_the_same_visit_as_the_prescription(record: Record, prescription: Record) -> Says:
    yield from differing(record, prescription, "visit_id", "patient_id")


@rules.later("PRD-002")
def drug_is_listed_and_in_use(record: Record, beside: Beside) -> Says:
    drug = beside.pointed("drug_code")
    if beside.points_nowhere("drug_code") or (drug and is_other(drug.get("drug_status_code"), _IN_USE)):
        yield "drug_code"


@rules.later("PRD-002")
def drug_is_as_listed(record: Record, beside: Beside) -> Says:
    drug = beside.pointed("drug_code")
    if drug is None:
        return
    names = [drug.get("generic_name", ""), drug.get("product_name", "")]
    if all(names) and is_other(record.get("drug_name"), *names):
        yield "drug_name"
    if differ(record.get("drug_spec"), drug.get("specification")):
        yield "drug_spec"
    yield from differing(record, drug, "dosage_form_code")


@rules.row("PRD-003")
def is_more_than_nothing(record: Record) -> Says:
    yield from (
        n for n in ("single_dose", "total_dose", "dispense_quantity") if is_at_most(record.get(n), "0")
    )


@rules.row("PRD-004")
def amount_is_price_times_quantity(record: Record) -> Says:
    price = product(record.get("unit_price"), record.get("dispense_quantity"))
    if record.get("self_provided_flag") != "T" and off(record.get("drug_amount"), price):
        yield "drug_amount"


@rules.row("PRD-004")
def own_drugs_cost_nothing(record: Record) -> Says:
    free = Decimal(0)
    if record.get("self_provided_flag") == "T" and off(record.get("drug_amount"), free, tolerance="0"):
        yield "drug_amount"


_DAYS_MAX: Final = {"1": "7", "2": "3"}  # prescription_type_code: ordinary, emergency
_CHRONIC_DAYS_MAX: Final = "84"


@rules.parent("PRD-005", "prescription_id")
def is_for_few_days(record: Record, prescription: Record) -> Says:
    if prescription.get("chronic_disease_flag") == "T":
        days_max: str | None = _CHRONIC_DAYS_MAX
    else:
        days_max = _DAYS_MAX.get(prescription.get("prescription_type_code", ""))
    if is_above(record.get("use_days"), days_max):
        yield "use_days"


# frequency_code; not what is taken every few days, every few hours, or otherwise
_TIMES_A_DAY: Final = {"09": 1, "03": 1, "13": 1, "01": 2, "04": 2, "08": 3, "07": 4, "10": 4}


@rules.row("PRD-006")
def total_dose_is_about_what_is_taken(record: Record) -> Says:
    """Told only where the total is in the unit of the dose."""
    unit = record.get("dose_unit")
    taken = product(record.get("single_dose"), record.get("use_days"))
    times = _TIMES_A_DAY.get(record.get("frequency_code", ""))
    if taken is None or times is None or record.get("total_dose_unit", unit) != unit:
        return
    a_fifth = abs(taken) * times / 5
    if off(record.get("total_dose"), taken * times, tolerance=str(max(a_fifth, Decimal("0.01")))):
        yield "total_dose"


@rules.row("PRD-007")
def skin_test_has_a_result(record: Record) -> Says:
    if record.get("skin_test_flag") == "T":
        yield from missing(*absent(record, "skin_test_result_code"))


@rules.row("PRD-007")
def not_dispensed_after_a_positive_skin_test(record: Record) -> Says:
    positive = record.get("skin_test_flag") == "T" and record.get("skin_test_result_code") == _POSITIVE
    if positive and "dispense_time" in record:
        yield "dispense_time"


@rules.row("PRD-008")
def antibiotics_have_grade_and_purpose(record: Record) -> Says:
    if record.get("antibiotic_flag") == "T":
        yield from missing(*absent(record, "antibiotic_level_code", "antibiotic_purpose_code"))


@rules.row("PRD-008", severity=WARNING)
def antibiotics_have_a_daily_dose(record: Record) -> Says:
    if record.get("antibiotic_flag") == "T":
        yield from missing(*absent(record, "ddd_value"))


@rules.parent("PRD-008", "prescription_id")
def no_special_antibiotics_in_clinics(record: Record, prescription: Record) -> Says:
    is_special = (
        record.get("antibiotic_flag") == "T" and record.get("antibiotic_level_code") == _SPECIAL_GRADE
    )
    if is_special and prescription.get("visit_type") == _CLINIC:
        yield "antibiotic_level_code"


@rules.later("PRD-009")
def patient_is_not_allergic_to_it(record: Record, beside: Beside) -> Says:
    """To this very drug, by code or by name; which drugs are of a kind is not told here."""
    patient = record.get("patient_id")
    if beside.rows("basic_allergenic_ing", patient_id=patient, allergy_drug_code=record.get("drug_code")):
        yield "drug_code"
    if beside.rows("basic_allergenic_ing", patient_id=patient, allergy_drug_name=record.get("drug_name")):
        yield "drug_name"


@rules.row("PRD-010")
def route_fits_the_flags(record: Record) -> Says:
    flags = ("infusion_flag", "injection_flag")
    if record.get("route_code") == _INTO_A_VEIN and all(record.get(flag) == "F" for flag in flags):
        yield "infusion_flag"
    if record.get("route_code") == _BY_MOUTH:
        yield from (flag for flag in flags if record.get(flag) == "T")


@rules.row("PRD-012")
def refund_has_a_time(record: Record) -> Says:
    if record.get("refund_flag") == "T":
        yield from missing(*absent(record, "refund_time"))


@rules.row("PRD-012")
def refunded_after_it_was_dispensed(record: Record) -> Says:
    if is_before(record.get("refund_time"), record.get("dispense_time")):
        yield "refund_time"


@rules.later("PRD-013")
def a_group_is_taken_together(record: Record, beside: Beside) -> Says:
    same = {name: record.get(name) for name in ("prescription_id", "drug_group_no")}
    if record.get("drug_group_no") == _NO_GROUP:
        return
    group = beside.rows("prescription_drug", **same)
    if any(len(set(texts_of(group, name))) > 1 for name in ("route_code", "frequency_code")):
        yield "drug_group_no"


# drug_type_code -> tcm_use_category_code; what a hospital makes itself may be either
_TCM_USE_OF: Final = {"1": ("1",), "2": ("2",), "3": ("3", "9"), "4": ("3", "9")}
# prescription_class_code -> drug_type_code that does not belong there
_NOT_ON_SHEET: Final = {"1": ("3",), "2": ("1", "2")}


@rules.row("PRD-014")
def tcm_use_fits_the_type(record: Record) -> Says:
    fitting = _TCM_USE_OF.get(record.get("drug_type_code", ""))
    if fitting and is_other(record.get("tcm_use_category_code"), *fitting):
        yield "tcm_use_category_code"


@rules.parent("PRD-014", "prescription_id")
def type_fits_the_sheet(record: Record, prescription: Record) -> Says:
    sheet = prescription.get("prescription_class_code", "")
    if record.get("drug_type_code") in _NOT_ON_SHEET.get(sheet, ()):
        yield "drug_type_code"


@rules.later("PRD-015")
def number_and_drug_stand_once_on_the_sheet(record: Record, beside: Beside) -> Says:
    yield from (n for n in ("drug_seq", "drug_code") if len(beside.alike("prescription_id", n)) > 1)
