"""治疗结果: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, is_before

rules = RuleBook("treatment_results")

_DIED: Final = "5"

belonging.of_a_visit(rules, key="treatment_result_id")
belonging.of_a_record(rules, "treatment_id")


@rules.row("treatment_results-01")
def adverse_reactions_are_told(record: Record) -> Says:
    if record.get("adverse_flag") == "T":
        yield from missing(*absent(record, "adverse_description", "adverse_handling"))


@rules.parent("treatment_results-02", "treatment_id")
def judged_after_the_treatment_began(record: Record, treatment: Record) -> Says:
    if is_before(record.get("evaluate_time"), treatment.get("treatment_start_time")):
        yield "evaluate_time"


@rules.later("treatment_results-03")
def death_is_on_record(record: Record, beside: Beside) -> Says:
    visit = beside.pointed("visit_id")
    if record.get("outcome_code") != _DIED or visit is None:
        return
    if visit.get("outcome_code", _DIED) != _DIED and beside.lacks(
        "death_record", visit_id=record.get("visit_id")
    ):
        yield "outcome_code"
