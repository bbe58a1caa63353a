"""治疗项目: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    is_at_most,
    is_before,
    is_other,
    minutes_between,
    off,
    product,
)

rules = RuleBook("treatment_item")

_VALID: Final = "1"
_IN_USE: Final = "1"

belonging.of_a_visit(rules, key="treatment_item_id")
belonging.of_a_record(rules, "treatment_id")


@rules.row("treatment_item-01")
def amount_is_price_times_quantity(record: Record) -> Says:
    if is_at_most(record.get("quantity"), "0"):
        yield "quantity"
    if off(record.get("amount"), product(record.get("unit_price"), record.get("quantity"))):
        yield "amount"


@rules.row("treatment_item-02")
def lasts_from_start_to_end(record: Record) -> Says:
    start, end = record.get("start_time"), record.get("end_time")
    if is_before(end, start):
        yield "end_time"
    if off(record.get("duration_min"), minutes_between(start, end), tolerance="1"):
        yield "duration_min"


@rules.later("treatment_item-03")
def item_is_listed_and_in_use(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("item_code"):
        yield "item_code"
    if (item := beside.pointed("item_code")) and (
        is_other(item.get("item_status_code"), _IN_USE) or is_other(item.get("record_status"), _VALID)
    ):
        yield "item_code"
