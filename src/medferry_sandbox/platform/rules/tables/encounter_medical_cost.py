"""门(急)诊费用: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    differing,
    is_above,
    is_at_most,
    is_before,
    is_other,
    is_outside,
    number,
    off,
    product,
    total,
)

rules = RuleBook("encounter_medical_cost")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_CHARGE: Final = "1"
_REFUND: Final = "2"
_DRUG: Final = "1"  # item_type_code
_HERBS: Final = "03"  # fee_category_code
_DRUG_FEES: Final = ("01", "02", _HERBS)  # western, Chinese patent, herbs
_ALL_OWN: Final = "07"  # payment_method_code


@rules.needs("herb_doses")
def _is_of_herbs(record: Record) -> bool:
    return record.get("fee_category_code") == _HERBS


@rules.needs("order_doctor_name")
def _was_ordered(record: Record) -> bool:
    return "order_doctor_id" in record


@rules.needs("refund_reason")
def _is_refund(record: Record) -> bool:
    return record.get("charge_type_code") == _REFUND


@rules.later("EMC-001")
def visit_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("visit_id"):
        yield "visit_id"


@rules.parent("EMC-001", "visit_id")
def visit_is_in_clinic_or_emergency(record: Record, visit: Record) -> Says:
    if is_other(visit.get("visit_type"), *_CLINIC_OR_EMERGENCY):
        yield "visit_id"
    yield from differing(record, visit, "patient_id")


@rules.row("EMC-002")
def amount_is_price_times_quantity(record: Record) -> Says:
    """Herbs may be counted by the dose or whole."""
    price = product(record.get("unit_price"), record.get("quantity"))
    if is_other(record.get("fee_category_code"), _HERBS) and off(record.get("amount"), price):
        yield "amount"


@rules.row("EMC-003")
def amount_is_paid_by_someone(record: Record) -> Says:
    paid = (record.get(name) for name in ("insurance_amount", "personal_amount", "discount_amount"))
    if off(record.get("amount"), added(*paid)):
        yield "amount"


@rules.row("EMC-004")
def charges_are_positive_and_refunds_negative(record: Record) -> Says:
    kind = record.get("charge_type_code")
    for name in ("quantity", "amount"):
        if kind == _CHARGE and is_at_most(record.get(name), "0"):
            yield name
        if kind == _REFUND and is_at_most("0", record.get(name)):
            yield name


@rules.row("EMC-005")
def refunds_name_what_they_refund(record: Record) -> Says:
    if record.get("charge_type_code") == _REFUND:
        yield from missing(*absent(record, "original_cost_id"))


@rules.later("EMC-005")
def refunded_charge_is_the_same(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("original_cost_id"):
        yield "original_cost_id"
    if original := beside.pointed("original_cost_id"):
        yield from differing(record, original, "patient_id", "item_code")


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


@rules.later("EMC-006")
def settlement_is_the_sum_of_its_lines(record: Record, beside: Beside) -> Says:
    """Campuses may number their settlements each for itself: a patient's are told apart."""
    same = {name: record.get(name) for name in ("patient_id", "settlement_no")}
    if not all(same.values()):
        return
    lines = beside.rows("encounter_medical_cost", **same)
    yield from (name for name, part in _SETTLED.items() if off(record.get(name), total(lines, part)))


@rules.later("EMC-007")
def lines_add_up_to_the_visits_bill(record: Record, beside: Beside) -> Says:
    visit = record.get("visit_id")
    bill = beside.told("medical_expense_rec", "outpatient_cost", visit_id=visit)
    lines = beside.rows("encounter_medical_cost", visit_id=visit)
    if off(bill, total(lines, "amount")):
        yield "amount"


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


@rules.row("EMC-009")
def drugs_have_a_prescription(record: Record) -> Says:
    if record.get("item_type_code") == _DRUG:
        yield from missing(*absent(record, "prescription_id"))


@rules.parent("EMC-009", "prescription_id")
def prescription_is_of_the_same_visit(record: Record, prescription: Record) -> Says:
    if record.get("item_type_code") == _DRUG:
        yield from differing(record, prescription, "visit_id")


@rules.row("EMC-010")
def drug_fees_are_for_drugs(record: Record) -> Says:
    if record.get("fee_category_code") in _DRUG_FEES and is_other(record.get("item_type_code"), _DRUG):
        yield "item_type_code"


@rules.row("EMC-011")
def charged_after_it_occurred(record: Record) -> Says:
    if is_before(record.get("charge_time"), record.get("occur_time")):
        yield "charge_time"


@rules.parent("EMC-011", "visit_id")
def charged_after_registration(record: Record, visit: Record) -> Says:
    if is_before(record.get("charge_time"), visit.get("registration_time")):
        yield "charge_time"


@rules.later("EMC-012")
def people_and_departments_are_known(record: Record, beside: Beside) -> Says:
    yield from filter(beside.points_nowhere, ("order_doctor_id", "order_dept_code", "exec_dept_code"))


@rules.row("EMC-013")
def own_part_is_possible(record: Record) -> Says:
    if is_outside(record.get("self_pay_ratio"), "0", "1"):
        yield "self_pay_ratio"
    own, personal = record.get("own_expense_amount"), record.get("personal_amount")
    if record.get("charge_type_code") == _CHARGE and is_above(own, personal):
        yield "own_expense_amount"
    if record.get("charge_type_code") == _REFUND and is_above(personal, own):
        yield "own_expense_amount"


@rules.row("EMC-014")
def insurance_pays_nothing_where_all_is_own(record: Record) -> Says:
    """Kinds of insurance know no word for none: told by the way of payment."""
    nothing = Decimal(0)
    if record.get("payment_method_code") == _ALL_OWN and off(
        record.get("insurance_amount"), nothing, tolerance="0"
    ):
        yield "insurance_amount"


@rules.later("EMC-015")
def number_is_used_once(record: Record, beside: Beside) -> Says:
    if len(beside.alike("cost_id")) > 1:
        yield "cost_id"
