"""处方用药: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import held, product_of, says, their, unlike
from medferry_sandbox.platform.rules.texts import differ, differing, is_above, is_other, off, product

rules = RuleBook("prescription_drug")

_IN_USE: Final = "1"
_CLINIC: Final = "1"
_SPECIAL_GRADE: Final = "3"
_POSITIVE: Final = "2"
_INTO_A_VEIN: Final = "404"
_BY_MOUTH: Final = "1"
_NO_GROUP: Final = "0"

rules.needs("essential_drug_level_code", when=says("essential_drug_flag", "T"))

rules.later("PRD-001").exists("prescription_id")
rules.parent("PRD-001", "prescription_id").agrees("visit_id", "patient_id")
rules.later("PRD-002").exists_as("drug_code", "drug_status_code", _IN_USE)


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


for name in ("single_dose", "total_dose", "dispense_quantity"):
    rules.row("PRD-003").more_than(name, 0)
rules.row("PRD-004").comes_to(
    "drug_amount", product_of("unit_price", "dispense_quantity"), when=~says("self_provided_flag", "T")
)
rules.row("PRD-004").comes_to("drug_amount", 0, tolerance="0", when=says("self_provided_flag", "T"))

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


rules.row("PRD-007").needs("skin_test_result_code", when=says("skin_test_flag", "T"))
rules.row("PRD-007").empty(
    "dispense_time", when=says("skin_test_flag", "T") & says("skin_test_result_code", _POSITIVE)
)
rules.row("PRD-008").needs(
    "antibiotic_level_code", "antibiotic_purpose_code", when=says("antibiotic_flag", "T")
)
rules.row("PRD-008", severity=WARNING).needs("ddd_value", when=says("antibiotic_flag", "T"))
rules.parent("PRD-008", "prescription_id").wrong(
    "antibiotic_level_code",
    says("antibiotic_flag", "T")
    & says("antibiotic_level_code", _SPECIAL_GRADE)
    & says(their("visit_type"), _CLINIC),
)
# To this very drug, by code or by name; which drugs are of a kind is not told here.
rules.later("PRD-009").wrong(
    "drug_code", held("basic_allergenic_ing", "patient_id", allergy_drug_code="drug_code")
)
rules.later("PRD-009").wrong(
    "drug_name", held("basic_allergenic_ing", "patient_id", allergy_drug_name="drug_name")
)
rules.row("PRD-010").wrong(
    "infusion_flag",
    says("route_code", _INTO_A_VEIN) & says("infusion_flag", "F") & says("injection_flag", "F"),
)
for name in ("infusion_flag", "injection_flag"):
    rules.row("PRD-010").wrong(name, says("route_code", _BY_MOUTH) & says(name, "T"))
rules.row("PRD-012").needs("refund_time", when=says("refund_flag", "T"))
rules.row("PRD-012").not_before("refund_time", "dispense_time")

_GROUP: Final = ("prescription_id", "drug_group_no")
_is_taken_apart: Final = unlike("prescription_drug", "route_code", *_GROUP) | unlike(
    "prescription_drug", "frequency_code", *_GROUP
)
rules.later("PRD-013").wrong("drug_group_no", ~says("drug_group_no", _NO_GROUP) & _is_taken_apart)

# drug_type_code -> tcm_use_category_code; what a hospital makes itself may be either
_TCM_USE_OF: Final = {"1": ("1",), "2": ("2",), "3": ("3", "9"), "4": ("3", "9")}
# prescription_class_code -> drug_type_code that does not belong there
_NOT_ON_SHEET: Final = {"1": ("3",), "2": ("1", "2")}

for kind, uses in _TCM_USE_OF.items():
    rules.row("PRD-014").one_of("tcm_use_category_code", *uses, when=says("drug_type_code", kind))
for sheet, kinds in _NOT_ON_SHEET.items():
    misplaced = says("drug_type_code", *kinds) & says(their("prescription_class_code"), sheet)
    rules.parent("PRD-014", "prescription_id").wrong("drug_type_code", misplaced)
for name in ("drug_seq", "drug_code"):
    rules.later("PRD-015").once(name, "prescription_id")
