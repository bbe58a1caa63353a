"""门(急)诊费用: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    has,
    not_over,
    off_by,
    product_of,
    says,
    says_other,
    sum_of,
    their,
    told,
    total_of,
)
from medferry_sandbox.platform.rules.texts import is_above, is_tenfold, number, product, total

rules = RuleBook("encounter_medical_cost")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_CHARGE: Final = "1"
_REFUND: Final = "2"
_DRUG: Final = "1"  # item_type_code
_HERBS: Final = "03"  # fee_category_code
_DRUG_FEES: Final = ("01", "02", _HERBS)  # western, Chinese patent, herbs
_ALL_OWN: Final = "07"  # payment_method_code

rules.needs("herb_doses", when=says("fee_category_code", _HERBS))
rules.needs("order_doctor_name", when=has("order_doctor_id"))
rules.needs("refund_reason", when=says("charge_type_code", _REFUND))

rules.later("EMC-001").exists("visit_id")
rules.parent("EMC-001", "visit_id").wrong("visit_id", says_other(their("visit_type"), *_CLINIC_OR_EMERGENCY))
rules.parent("EMC-001", "visit_id").agrees("patient_id")
# Herbs may be counted by the dose or whole.
rules.row("EMC-002", severity=WARNING).comes_to(
    "amount", product_of("unit_price", "quantity"), when=says_other("fee_category_code", _HERBS)
)


@rules.row("EMC-002")
def point_is_not_lost(record: Record) -> Says:
    made = product(record.get("unit_price"), record.get("quantity"))
    if record.get("item_type_code") == "2" and is_tenfold(record.get("amount"), made):
        yield "amount"


rules.row("EMC-003").comes_to("amount", sum_of("insurance_amount", "personal_amount", "discount_amount"))
for name in ("quantity", "amount"):
    rules.row("EMC-004").more_than(name, 0, when=says("charge_type_code", _CHARGE))
    rules.row("EMC-004").wrong(name, says("charge_type_code", _REFUND) & not_over(0, name))
rules.row("EMC-005").needs("original_cost_id", when=says("charge_type_code", _REFUND))
rules.later("EMC-005").exists("original_cost_id")
rules.later("EMC-005").agrees("patient_id", "item_code", at="original_cost_id")


@rules.later("EMC-005")
def no_more_is_refunded_than_was_charged(record: Record, beside: Beside) -> Says:
    """Said of the charge. Refunds are negative (EMC-004)."""
    if record.get("charge_type_code") != _CHARGE:
        return
    refunds = beside.rows(
        "encounter_medical_cost", original_cost_id=record.get("cost_id"), charge_type_code=_REFUND
    )
    for name in ("quantity", "amount"):
        charged = number(record.get(name))
        if charged is not None and -total(refunds, name) > charged:
            yield name


_SETTLED: Final = {
    "settlement_total_amount": "amount",
    "settlement_insurance_amount": "insurance_amount",
    "settlement_personal_amount": "personal_amount",
}
# Campuses may number their settlements each for itself: a patient's are told apart.
for name, part in _SETTLED.items():
    lines = total_of("encounter_medical_cost", part, "patient_id", "settlement_no")
    rules.later("EMC-006").comes_to(name, lines)

_bill: Final = told("medical_expense_rec", "outpatient_cost", "visit_id")
_lines: Final = total_of("encounter_medical_cost", "amount", "visit_id")
rules.later("EMC-007").wrong("amount", off_by("0.01", _bill, _lines))

# item_type_code -> the list it stands in, by which code of health insurance, at which price
_LISTS: Final = {
    "1": ("drug_atalogue", "medical_insurance_drug_code", "retail_price"),
    "2": ("medical_service_catalogue", "medical_insurance_item_code", "price"),
    "3": ("medical_service_catalogue", "medical_insurance_item_code", "price"),
}


@rules.later("EMC-008")
def item_is_listed_and_no_dearer(record: Record, beside: Beside) -> Says:
    """Found by the code of health insurance: campuses of one organisation have item codes of their own."""
    code = record.get("insurance_item_code")
    listed_in = _LISTS.get(record.get("item_type_code", ""))
    if listed_in is None or not code:
        return
    table, insurance_code, price = listed_in
    same = {insurance_code: code}
    if beside.lacks(table, **same):
        yield "item_code"
    if is_above(record.get("unit_price"), beside.told(table, price, **same)):
        yield "unit_price"


rules.row("EMC-009").needs("prescription_id", when=says("item_type_code", _DRUG))
rules.parent("EMC-009", "prescription_id").agrees("visit_id", when=says("item_type_code", _DRUG))
rules.row("EMC-010").one_of("item_type_code", _DRUG, when=says("fee_category_code", *_DRUG_FEES))
rules.row("EMC-011").not_before("charge_time", "occur_time")
rules.parent("EMC-011", "visit_id").not_before("charge_time", their("registration_time"))
rules.later("EMC-012").exists("order_doctor_id", "order_dept_code", "exec_dept_code")
rules.row("EMC-013").within("self_pay_ratio", 0, 1)
rules.row("EMC-013").not_above(
    "own_expense_amount", "personal_amount", when=says("charge_type_code", _CHARGE)
)
rules.row("EMC-013").not_below(
    "own_expense_amount", "personal_amount", when=says("charge_type_code", _REFUND)
)
# Kinds of insurance know no word for none: told by the way of payment.
rules.row("EMC-014").comes_to(
    "insurance_amount", 0, tolerance="0", when=says("payment_method_code", _ALL_OWN)
)
rules.later("EMC-015").once("cost_id")
