"""药品库存记录: what its rules say, in rules.csv's words. A record is one batch in one warehouse on the day of counting."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    differing,
    is_above,
    is_before,
    is_other,
    number,
    off,
    product,
    texts_of,
)

rules = RuleBook("drug_inventory_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_EXPIRED: Final = "4"
_BATCH: Final = ("warehouse_code", "drug_id", "batch_no")


@rules.needs("ypid")
def _is_monitored(record: Record) -> bool:
    return record.get("drug_type_code") in _WESTERN_OR_PATENT


@rules.needs("approval_no")
def _is_approved_drug(record: Record) -> bool:
    return record.get("drug_type_code") not in (None, _HERB_PIECES)


@rules.row("DI-01")
def stock_is_what_came_and_did_not_go(record: Record) -> Says:
    opening = number(record.get("opening_quantity"))
    came, went = added(record.get("inbound_quantity")) or 0, added(record.get("outbound_quantity")) or 0
    if opening is not None and off(record.get("stock_quantity"), opening + came - went, tolerance="0.001"):
        yield "stock_quantity"


@rules.row("DI-01")
def stock_is_not_negative(record: Record) -> Says:
    if is_above("0", record.get("stock_quantity")):
        yield "stock_quantity"


@rules.later("DI-02")
def batch_is_counted_once_a_day(record: Record, beside: Beside) -> Says:
    if len(beside.alike("inventory_date", *_BATCH)) > 1:
        yield "inventory_date"


@rules.later("DI-03")
def opens_with_what_the_count_before_ended_with(record: Record, beside: Beside) -> Says:
    today, counts = record.get("inventory_date"), beside.rows("drug_inventory_rec", **_batch_of(record))
    before = [count for count in counts if is_before(count.get("inventory_date"), today)]
    if not before:
        return
    last = sorted(before, key=lambda count: count["inventory_date"])[-1]
    if off(record.get("opening_quantity"), number(last.get("stock_quantity")), tolerance="0.001"):
        yield "opening_quantity"


def _batch_of(record: Record) -> dict[str, str | None]:
    return {name: record.get(name) for name in _BATCH}


@rules.later("DI-04")
def came_in_as_was_bought(record: Record, beside: Beside) -> Says:
    if "inbound_quantity" not in record:
        return
    batch = _batch_of(record)
    bought = added(*texts_of(beside.rows("drug_purchas_rec", **batch), "stock_in_quantity"))
    counted = added(*texts_of(beside.rows("drug_inventory_rec", **batch), "inbound_quantity"))
    if bought is not None and bought > 0 and off(str(counted), bought, tolerance="0.001"):
        yield "inbound_quantity"


@rules.later("DI-04")
def went_out_as_was_issued(record: Record, beside: Beside) -> Says:
    """A batch of which something was issued after the last count waits for the next one."""
    if "outbound_quantity" not in record:
        return
    batch = _batch_of(record)
    issues, counts = beside.rows("drug_outbound_rec", **batch), beside.rows("drug_inventory_rec", **batch)
    times, days = texts_of(issues, "outbound_time"), texts_of(counts, "inventory_date")
    if not times or not days or is_before(max(days), max(times)):
        return
    issued = added("0", *texts_of(issues, "outbound_quantity"))
    counted = added(*texts_of(counts, "outbound_quantity"))
    if off(str(counted), issued, tolerance="0.001"):
        yield "outbound_quantity"


@rules.row("DI-05")
def expired_stock_is_called_so(record: Record) -> Says:
    expired = is_before(record.get("expiry_date"), record.get("inventory_date"))
    there_is_some = is_above(record.get("stock_quantity"), "0")
    if expired and there_is_some and is_other(record.get("stock_status_code"), _EXPIRED):
        yield "stock_status_code"


@rules.row("DI-06")
def stock_keeps_within_its_limits(record: Record) -> Says:
    low, stock, high = (
        record.get(name) for name in ("stock_lower_limit", "stock_quantity", "stock_upper_limit")
    )
    if is_above(low, high):
        yield "stock_lower_limit"
    if is_above(stock, high) or is_above(low, stock):
        yield "stock_quantity"


@rules.row("DI-07")
def amount_is_price_by_stock(record: Record) -> Says:
    if off(record.get("retail_amount"), product(record.get("retail_price"), record.get("stock_quantity"))):
        yield "retail_amount"


@rules.row("DI-08")
def packages_hold_so_many_units(record: Record) -> Says:
    units = product(record.get("stock_quantity"), record.get("package_quantity"))
    if off(record.get("stock_min_quantity"), units):
        yield "stock_min_quantity"


@rules.row("DI-09")
def essential_drug_names_its_level(record: Record) -> Says:
    if record.get("essential_drug_flag") == "T":
        yield from missing(*absent(record, "essential_drug_level_code"))


@rules.later("DI-09")
def essential_as_in_the_catalogue(record: Record, beside: Beside) -> Says:
    drug = beside.pointed("drug_id")
    if drug is not None:
        yield from differing(record, drug, "essential_drug_flag", "essential_drug_level_code")
