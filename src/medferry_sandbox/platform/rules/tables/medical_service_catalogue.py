"""医疗服务项目目录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import contains, has, says, told
from medferry_sandbox.platform.rules.texts import is_before, texts_of

rules = RuleBook("medical_service_catalogue")

_GUIDED_PRICE: Final = "1"
_IN_USE: Final = "1"
_OUT_OF_USE: Final = "2"
_SURGERY: Final = "06"
_INSURED: Final = ("1", "2")

rules.row("MS-01").not_above("price", "price_upper_limit", when=says("price_type_code", _GUIDED_PRICE))
rules.row("MS-02").needs("expiry_date", when=says("item_status_code", _OUT_OF_USE))
rules.row("MS-02").not_before("expiry_date", "effective_date", when=says("item_status_code", _OUT_OF_USE))

# The hospital's own code may carry the mark of a campus; what was charged is found by the insurance's code.
_CHARGED: Final = (
    ("encounter_medical_cost", "insurance_item_code", "occur_time"),
    ("advice_cost", "national_item_code", "fee_time"),
)


@rules.later("MS-02")
def out_of_use_is_not_charged(record: Record, beside: Beside) -> Says:
    """Where another item of the same insurance code is in use, nobody knows which of them was charged."""
    insured = record.get("medical_insurance_item_code")
    others = beside.rows(
        "medical_service_catalogue", medical_insurance_item_code=insured, item_status_code=_IN_USE
    )
    if record.get("item_status_code") != _OUT_OF_USE or others:
        return
    for table, code, time in _CHARGED:
        charges = beside.rows(table, **{code: insured})
        if any(is_before(record.get("expiry_date"), charged) for charged in texts_of(charges, time)):
            yield "expiry_date"


# Nothing tells invasive procedures; anaesthesia belongs to surgery, and has no code of an operation.
_is_surgery: Final = says("item_category_code", _SURGERY) & has("item_name") & ~contains("item_name", "麻醉")
rules.row("MS-03").needs("operation_code", when=_is_surgery)
rules.row("MS-04").needs("medical_insurance_item_code", when=says("insurance_class_code", *_INSURED))
rules.row("MS-05").more_than("price", 0)
for name in ("insurance_self_pay_ratio", "child_markup_ratio"):
    rules.row("MS-05").within(name, 0, 1)
# The first charge found: others may be raised, as for children. Kinds of charges have no published counterpart.
for name, code, _ in _CHARGED:
    charged = told(name, "unit_price", **{code: "medical_insurance_item_code"})
    rules.later("MS-06").comes_to("price", charged, tolerance="0.005")
