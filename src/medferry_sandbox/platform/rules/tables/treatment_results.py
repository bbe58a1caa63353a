"""治疗结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import says, their

rules = RuleBook("treatment_results")

_DIED: Final = "5"

belonging.of_a_visit(rules, key="treatment_result_id")
belonging.of_a_record(rules, "treatment_id")


rules.row("treatment_results-01").needs(
    "adverse_description", "adverse_handling", when=says("adverse_flag", "T")
)
rules.parent("treatment_results-02", "treatment_id").not_before(
    "evaluate_time", their("treatment_start_time")
)


@rules.later("treatment_results-03")
def death_is_on_record(record: Record, beside: Beside) -> Says:
    visit = beside.pointed("visit_id")
    if record.get("outcome_code") != _DIED or visit is None:
        return
    if visit.get("outcome_code", _DIED) != _DIED and beside.lacks(
        "death_record", visit_id=record.get("visit_id")
    ):
        yield "outcome_code"
