"""药品出库记录: what its rules say, in rules.csv's words. Quantities count packages; what comes back is negative."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    is_before,
    number,
    off,
    product,
    texts_of,
)

rules = RuleBook("drug_outbound_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_TO_A_DEPARTMENT: Final = ("01", "02", "05")
_RETURNED: Final = "06"
_SPOILT: Final = "07"
_NEEDS_A_REASON: Final = (_RETURNED, _SPOILT, "08")


@rules.needs("ypid")
def _is_monitored(record: Record) -> bool:
    return record.get("drug_type_code") in _WESTERN_OR_PATENT


@rules.needs("approval_no")
def _is_approved_drug(record: Record) -> bool:
    return record.get("drug_type_code") not in (None, _HERB_PIECES)


@rules.row("DO-01")
def amounts_are_price_by_quantity(record: Record) -> Says:
    quantity = record.get("outbound_quantity")
    if off(record.get("retail_amount"), product(record.get("retail_price"), quantity)):
        yield "retail_amount"
    if off(record.get("purchase_amount"), product(record.get("purchase_price"), quantity)):
        yield "purchase_amount"


@rules.row("DO-02")
def packages_hold_so_many_units(record: Record) -> Says:
    units = product(record.get("outbound_quantity"), record.get("conversion_factor"))
    if off(record.get("outbound_min_quantity"), units):
        yield "outbound_min_quantity"


@rules.row("DO-03")
def only_spoilt_drugs_are_expired(record: Record) -> Says:
    way = record.get("outbound_type_code")
    if way not in (None, _SPOILT) and is_before(record.get("expiry_date"), record.get("outbound_time")):
        yield "expiry_date"


@rules.row("DO-04")
def goes_to_another_department(record: Record) -> Says:
    if record.get("outbound_type_code") not in _TO_A_DEPARTMENT:
        return
    yield from missing(*absent(record, "in_dept_id", "in_dept_name"))
    if record.get("in_dept_id", "") == record.get("out_dept_id"):
        yield "in_dept_id"


@rules.row("DO-05")
def losses_and_returns_are_explained(record: Record) -> Says:
    way = record.get("outbound_type_code")
    if way in _NEEDS_A_REASON:
        yield from missing(*absent(record, "outbound_reason"))
    if way == _RETURNED:
        yield from missing(*absent(record, "supplier_name"))


@rules.later("DO-06")
def no_more_goes_out_than_came_in(record: Record, beside: Beside) -> Says:
    """Only of batches that came in before our eyes: what lay there before has no purchase."""
    batch = {name: record.get(name) for name in ("drug_id", "batch_no")}
    came = added(*texts_of(beside.rows("drug_purchas_rec", **batch), "stock_in_quantity"))
    went = added(*texts_of(beside.rows("drug_outbound_rec", **batch), "outbound_quantity"))
    if came is not None and went is not None and came > 0 and went > came:
        yield "outbound_quantity"


@rules.row("DO-07")
def another_one_reviews(record: Record) -> Says:
    if record.get("operator_id", "") == record.get("reviewer_id"):
        yield "operator_id"


@rules.later("DO-08")
def drug_is_as_in_the_catalogue(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("drug_id"):
        yield "drug_id"
    drug = beside.pointed("drug_id")
    if drug is not None and off(
        record.get("conversion_factor"), number(drug.get("conversion_factor")), tolerance="0.001"
    ):
        yield "conversion_factor"
