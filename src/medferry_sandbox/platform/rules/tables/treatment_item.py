"""治疗项目: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import minutes, pointed, product_of, says_other
from medferry_sandbox.platform.rules.texts import is_tenfold, product

rules = RuleBook("treatment_item")

_VALID: Final = "1"
_IN_USE: Final = "1"

belonging.of_a_visit(rules, key="treatment_item_id")
belonging.of_a_record(rules, "treatment_id")


rules.row("treatment_item-01").more_than("quantity", 0)
rules.row("treatment_item-01", severity=WARNING).comes_to("amount", product_of("unit_price", "quantity"))


@rules.row("treatment_item-01")
def point_is_not_lost(record: Record) -> Says:
    made = product(record.get("unit_price"), record.get("quantity"))
    if is_tenfold(record.get("amount"), made):
        yield "amount"


rules.row("treatment_item-02").not_before("end_time", "start_time")
rules.row("treatment_item-02").comes_to("duration_min", minutes("start_time", "end_time"), tolerance="1")

_out_of_use: Final = says_other(pointed("item_code", "item_status_code"), _IN_USE)
_voided: Final = says_other(pointed("item_code", "record_status"), _VALID)
rules.later("treatment_item-03").exists("item_code")
rules.later("treatment_item-03").wrong("item_code", _out_of_use | _voided)
