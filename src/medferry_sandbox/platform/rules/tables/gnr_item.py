"""护理操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import their

rules = RuleBook("gnr_item")

belonging.of_a_visit(rules, key="nursing_operation_id")
belonging.of_a_record(rules, "nursing_record_id")


rules.parent("gnr_item-01", "nursing_record_id").not_after("operation_time", their("sign_time"))
rules.parent("gnr_item-01", "visit_id").during(
    "operation_time", their("admission_time"), their("discharge_time")
)
rules.message("gnr_item-02").once_in_a_message("seq_no", "nursing_record_id")
rules.later("gnr_item-02").once("seq_no", "nursing_record_id")
