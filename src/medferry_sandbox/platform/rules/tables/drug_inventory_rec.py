"""药品库存记录: what its rules say, in rules.csv's words. A record is one batch in one warehouse on the day of counting."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, before, product_of, says, says_other
from medferry_sandbox.platform.rules.texts import added, is_before, number, off, texts_of

rules = RuleBook("drug_inventory_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_EXPIRED: Final = "4"
_BATCH: Final = ("warehouse_code", "drug_id", "batch_no")

rules.needs("ypid", when=says("drug_type_code", *_WESTERN_OR_PATENT))
rules.needs("approval_no", when=says_other("drug_type_code", _HERB_PIECES))


@rules.row("DI-01")
def stock_is_what_came_and_did_not_go(record: Record) -> Says:
    opening = number(record.get("opening_quantity"))
    came, went = added(record.get("inbound_quantity")) or 0, added(record.get("outbound_quantity")) or 0
    if opening is not None and off(record.get("stock_quantity"), opening + came - went, tolerance="0.001"):
        yield "stock_quantity"


rules.row("DI-01").not_below("stock_quantity", 0)
rules.later("DI-02").once("inventory_date", *_BATCH)


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


rules.row("DI-05").one_of(
    "stock_status_code", _EXPIRED, when=before("expiry_date", "inventory_date") & above("stock_quantity", 0)
)
rules.row("DI-06").not_above("stock_lower_limit", "stock_upper_limit")
rules.row("DI-06").wrong(
    "stock_quantity",
    above("stock_quantity", "stock_upper_limit") | above("stock_lower_limit", "stock_quantity"),
)
rules.row("DI-07").comes_to("retail_amount", product_of("retail_price", "stock_quantity"))
rules.row("DI-08").comes_to("stock_min_quantity", product_of("stock_quantity", "package_quantity"))
rules.row("DI-09").needs("essential_drug_level_code", when=says("essential_drug_flag", "T"))
rules.later("DI-09").agrees("essential_drug_flag", "essential_drug_level_code", at="drug_id")
