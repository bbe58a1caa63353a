"""住院费用明细: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    before,
    contains,
    cut,
    lacks,
    not_over,
    product_of,
    says,
    their,
    total_of,
)
from medferry_sandbox.platform.rules.texts import (
    added,
    differing,
    is_above,
    is_tenfold,
    number,
    off,
    product,
    texts_of,
)

rules = RuleBook("advice_cost")

_INSURED: Final = ("01", "02", "03", "04")
_DRUG: Final = "1"
_SERVICE: Final = "2"
_MATERIAL: Final = "3"
_BED: Final = "01"
_SETTLED: Final = "1"
_CENT: Final = Decimal("0.01")

rules.needs("national_item_code", when=says("insurance_type_code", *_INSURED))
rules.needs("spec", when=says("item_type_code", _DRUG, _MATERIAL))
rules.needs("udi_code", when=says("high_value_flag", "T"))

_is_refund: Final = says("refund_flag", "T")
rules.row("ADC-001", severity=WARNING).comes_to("amount", product_of("quantity", "unit_price"))


@rules.row("ADC-001")
def point_is_not_lost(record: Record) -> Says:
    made = product(record.get("quantity"), record.get("unit_price"))
    if record.get("item_type_code") == "2" and is_tenfold(record.get("amount"), made):
        yield "amount"


@rules.row("ADC-002")
def receivable_is_amount_less_discount(record: Record) -> Says:
    amount, discount = number(record.get("amount")), number(record.get("discount_amount")) or 0
    if amount is not None and off(record.get("receivable_amount"), amount - discount):
        yield "receivable_amount"


@rules.row("ADC-002")
def patient_pays_no_more_than_all(record: Record) -> Says:
    amount = number(record.get("amount"))
    own = added(record.get("self_pay_amount"), record.get("self_expense_amount"))
    if amount is not None and own is not None and own > abs(amount) + _CENT:
        yield "self_pay_amount"


for name in ("quantity", "amount"):
    rules.row("ADC-003").wrong(name, _is_refund & not_over(0, name))
rules.row("ADC-003").needs("original_cost_id", when=_is_refund)


@rules.later("ADC-003")
def refund_is_of_a_charge_alike(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("original_cost_id"):
        yield "original_cost_id"
    charge = beside.pointed("original_cost_id")
    if charge is None:
        return
    yield from differing(record, charge, "item_code")
    if off(record.get("unit_price"), number(charge.get("unit_price")), tolerance="0.0001"):
        yield "unit_price"
    refunds = beside.rows("advice_cost", original_cost_id=record.get("original_cost_id"))
    given, bought = added(*texts_of(refunds, "quantity")), number(charge.get("quantity"))
    if _is_refund(record) and given is not None and bought is not None and -given > bought:
        yield "quantity"


# By days. What the patient takes home may be charged afterwards.
_charged: Final = cut("fee_time", 8)
_charged_late: Final = before(their("discharge_time"), _charged)
rules.parent("ADC-004", "visit_id").wrong("fee_time", before(_charged, their("admission_time")))
rules.parent("ADC-004", "visit_id").wrong("fee_time", ~says("discharge_drug_flag", "T") & _charged_late)
rules.later("ADC-005").exists("advice_id")
rules.parent("ADC-005", "advice_id").agrees("visit_id")
rules.parent("ADC-005", "advice_id").not_before("fee_time", their("order_time"))
# Where two campuses share a code, the catalogues' codes carry their marks: a name is found too.
rules.later("ADC-006").wrong(
    "item_code",
    lacks("drug_atalogue", drug_id="item_code")
    & lacks("medical_service_catalogue", service_item_id="item_code")
    & lacks("drug_atalogue", product_name="item_name")
    & lacks("medical_service_catalogue", "item_name"),
)


@rules.later("ADC-006")
def costs_no_more_than_in_the_catalogue(record: Record, beside: Beside) -> Says:
    code, name, price = record.get("item_code"), record.get("item_name"), record.get("unit_price")
    drugs = beside.rows("drug_atalogue", drug_id=code, specification=record.get("spec"))
    services = beside.rows("medical_service_catalogue", service_item_id=code)
    prices = [texts_of(drugs, "retail_price")[:1], texts_of(services, "price")[:1]]
    if record.get("item_type_code") in (_SERVICE, _MATERIAL):
        prices.append(texts_of(beside.rows("medical_service_catalogue", item_name=name), "price")[:1])
    if any(is_above(price, listed) for found in prices for listed in found):
        yield "unit_price"


@rules.later("ADC-007")
def no_more_beds_than_days(record: Record, beside: Beside) -> Says:
    """All beds of a stay against its days; a day more for the day of leaving, one for a change of wards."""
    if record.get("fee_category_code") != _BED:
        return
    visit = record.get("visit_id")
    beds = added(*texts_of(beside.rows("advice_cost", visit_id=visit, fee_category_code=_BED), "quantity"))
    stays = texts_of(beside.rows("inpatient_record_home", visit_id=visit), "hospital_days")
    days = number(stays[0]) if stays else None
    if beds is not None and days is not None and beds > days + 2:
        yield "quantity"


_OF_ONE_SEX: Final = {
    "1": ("阴道", "宫颈", "子宫", "胎心", "接生", "分娩", "产前", "人工流产", "节育环"),
    "2": ("前列腺", "精液", "包皮", "阴茎", "睾丸", "输精管"),
}
for sex, words in _OF_ONE_SEX.items():
    of_others = says("sex_code", sex) & contains("item_name", *words)
    rules.row("ADC-008").wrong("item_name", says("item_type_code", _SERVICE) & of_others)


@rules.later("ADC-009")
def all_charges_are_the_bill(record: Record, beside: Beside) -> Says:
    """The home page's own rules compare class by class; here it is the total."""
    if "amount" not in record:
        return
    visit = record.get("visit_id")
    charged = added(*texts_of(beside.rows("advice_cost", visit_id=visit), "amount"))
    homes = beside.rows("inpatient_record_home", visit_id=visit)
    bills = beside.rows("medical_expense_rec", visit_id=visit, settlement_status_code=_SETTLED)
    totals = (*texts_of(homes, "total_cost")[:1], *texts_of(bills, "inpatient_cost")[:1])
    if any(off(total, charged) for total in totals):
        yield "amount"


rules.row("ADC-010").needs("settlement_no", "settle_time", when=says("settle_flag", "T"))
rules.row("ADC-010").not_before("settle_time", "charge_time", when=says("settle_flag", "T"))

_HOURS: Final = ("小时", "时", "h")
rules.row("ADC-011").not_above("quantity", 24, when=says("unit", *_HOURS))

_is_nursing: Final = says("unit", "日") & contains("item_name", "级护理")
_of_the_day: Final = total_of("advice_cost", "quantity", "visit_id", "item_code", "fee_time")
rules.later("ADC-011").wrong("quantity", _is_nursing & above(_of_the_day, 1))
