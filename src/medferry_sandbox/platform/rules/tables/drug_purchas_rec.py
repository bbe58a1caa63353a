"""药品采购记录: what its rules say, in rules.csv's words. Quantities count packages, prices are for one."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, warns
from medferry_sandbox.platform.rules.conditions import has, product_of, says, says_other
from medferry_sandbox.platform.rules.texts import is_before, is_tenfold, number, off, product

rules = RuleBook("drug_purchas_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_ON_THE_PLATFORM: Final = ("1", "2", "3")
_SAME_PRICE: Final = "0.00005"

rules.needs("approval_no", when=says_other("drug_type_code", _HERB_PIECES))
rules.needs("stock_in_time", when=has("stock_in_no") | has("stock_in_quantity"))
rules.needs("warehouse_name", when=has("stock_in_time"))

rules.row("DP-01", severity=WARNING).comes_to(
    "purchase_amount", product_of("purchase_price", "purchase_quantity")
)


@rules.row("DP-01")
def point_is_not_lost(record: Record) -> Says:
    made = product(record.get("purchase_price"), record.get("purchase_quantity"))
    if is_tenfold(record.get("purchase_amount"), made):
        yield "purchase_amount"


@rules.row("DP-02")
def expires_after_production_and_arrival(record: Record) -> Says:
    expiry = record.get("expiry_date")
    for name in ("production_date", "stock_in_time"):
        came = record.get(name)
        if is_before(expiry, came) or (expiry is not None and came is not None and expiry == came[:8]):
            yield from (["expiry_date"] if name == "production_date" else warns("expiry_date"))


rules.later("DP-03").exists("drug_id")
rules.later("DP-03").agrees("generic_name", "specification", "manufacturer", "approval_no", at="drug_id")
rules.row("DP-04").needs("stock_in_no", "warehouse_code", "stock_in_quantity", when=has("stock_in_time"))
rules.row("DP-04").not_before("stock_in_time", "purchase_time")
rules.row("DP-05").not_above("delivered_quantity", "purchase_quantity")
rules.row("DP-05").not_above("stock_in_quantity", "delivered_quantity")
rules.row("DP-06").needs(
    "province_drug_code", "platform_order_no", when=says("purchase_method_code", *_ON_THE_PLATFORM)
)

_is_centralized: Final = says("is_centralized_purchase", "T")
rules.row("DP-07").comes_to("purchase_price", "bidding_price", tolerance=_SAME_PRICE, when=_is_centralized)

_no_herbs: Final = says("drug_type_code", *_WESTERN_OR_PATENT)
rules.row("DP-08").comes_to("retail_price", "purchase_price", tolerance=_SAME_PRICE, when=_no_herbs)


@rules.row("DP-09")
def price_changed_by_half(record: Record) -> Says:
    last = number(record.get("last_purchase_price"))
    if last is not None and off(
        record.get("purchase_price"), last, tolerance=str(abs(last) * Decimal("0.5"))
    ):
        yield "purchase_price"


rules.row("DP-10").needs("ypid", when=says("drug_type_code", *_WESTERN_OR_PATENT))
for name in ("purchase_quantity", "purchase_price", "stock_in_quantity"):
    rules.row("DP-11").more_than(name, 0)
