"""药品采购记录: what its rules say, in rules.csv's words. Quantities count packages, prices are for one."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    differing,
    is_above,
    is_at_most,
    is_before,
    number,
    off,
    product,
)

rules = RuleBook("drug_purchas_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_ON_THE_PLATFORM: Final = ("1", "2", "3")
_SAME_PRICE: Final = "0.00005"


@rules.needs("approval_no")
def _is_approved_drug(record: Record) -> bool:
    return record.get("drug_type_code") not in (None, _HERB_PIECES)


@rules.needs("stock_in_time")
def _came_in(record: Record) -> bool:
    return "stock_in_no" in record or "stock_in_quantity" in record


@rules.needs("warehouse_name")
def _came_in_at_a_time(record: Record) -> bool:
    return "stock_in_time" in record


@rules.row("DP-01")
def amount_is_price_by_quantity(record: Record) -> Says:
    bought = product(record.get("purchase_price"), record.get("purchase_quantity"))
    if off(record.get("purchase_amount"), bought):
        yield "purchase_amount"


@rules.row("DP-02")
def expires_after_production_and_arrival(record: Record) -> Says:
    expiry = record.get("expiry_date")
    for name in ("production_date", "stock_in_time"):
        came = record.get(name)
        if is_before(expiry, came) or (expiry is not None and came is not None and expiry == came[:8]):
            yield "expiry_date"


@rules.later("DP-03")
def drug_is_as_in_the_catalogue(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("drug_id"):
        yield "drug_id"
    drug = beside.pointed("drug_id")
    if drug is not None:
        yield from differing(record, drug, "generic_name", "specification", "manufacturer", "approval_no")


@rules.row("DP-04")
def what_came_in_is_told(record: Record) -> Says:
    if "stock_in_time" in record:
        yield from missing(*absent(record, "stock_in_no", "warehouse_code", "stock_in_quantity"))
    if is_before(record.get("stock_in_time"), record.get("purchase_time")):
        yield "stock_in_time"


@rules.row("DP-05")
def no_more_comes_than_was_bought(record: Record) -> Says:
    if is_above(record.get("delivered_quantity"), record.get("purchase_quantity")):
        yield "delivered_quantity"
    if is_above(record.get("stock_in_quantity"), record.get("delivered_quantity")):
        yield "stock_in_quantity"


@rules.row("DP-06")
def platform_purchase_has_the_platforms_numbers(record: Record) -> Says:
    if record.get("purchase_method_code") in _ON_THE_PLATFORM:
        yield from missing(*absent(record, "province_drug_code", "platform_order_no"))


@rules.row("DP-07")
def centralized_purchase_costs_the_bid(record: Record) -> Says:
    bid = number(record.get("bidding_price"))
    if record.get("is_centralized_purchase") == "T" and off(
        record.get("purchase_price"), bid, tolerance=_SAME_PRICE
    ):
        yield "purchase_price"


@rules.row("DP-08")
def sold_at_the_purchase_price(record: Record) -> Says:
    bought = number(record.get("purchase_price"))
    if record.get("drug_type_code") in _WESTERN_OR_PATENT and off(
        record.get("retail_price"), bought, tolerance=_SAME_PRICE
    ):
        yield "retail_price"


@rules.row("DP-09")
def price_changed_by_half(record: Record) -> Says:
    last = number(record.get("last_purchase_price"))
    if last is not None and off(
        record.get("purchase_price"), last, tolerance=str(abs(last) * Decimal("0.5"))
    ):
        yield "purchase_price"


@rules.row("DP-10")
def monitored_drug_has_a_ypid(record: Record) -> Says:
    if record.get("drug_type_code") in _WESTERN_OR_PATENT:
        yield from missing(*absent(record, "ypid"))


@rules.row("DP-11")
def quantities_and_price_are_above_none(record: Record) -> Says:
    names = ("purchase_quantity", "purchase_price", "stock_in_quantity")
    return (name for name in names if is_at_most(record.get(name), "0"))
