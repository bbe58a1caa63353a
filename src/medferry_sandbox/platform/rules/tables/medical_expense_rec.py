"""医疗费用记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, plus, says, sum_of, their, told, total_of

rules = RuleBook("medical_expense_rec")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_SETTLED: Final = "1"
_NOTHING: Final = "0.00"

_came_as_outpatient: Final = says("visit_type", *_OUTPATIENT)
rules.needs("outpatient_no", when=_came_as_outpatient)

_stayed: Final = says("visit_type", _STAY)
rules.needs("inpatient_no", when=_stayed)
rules.needs("settlement_time", "settlement_no", when=says("settlement_status_code", _SETTLED))

rules.later("EXP-001").exists("visit_id")
rules.later("EXP-001").once("settlement_no", "visit_id")
rules.parent("EXP-001", "visit_id").agrees("patient_id", "visit_type")
for kind, own, other in (
    (_came_as_outpatient, "outpatient_cost", "inpatient_cost"),
    (_stayed, "inpatient_cost", "outpatient_cost"),
):
    rules.row("EXP-002").needs(own, when=kind)
    rules.row("EXP-002").one_of(other, _NOTHING, when=kind)
rules.row("EXP-003").comes_to("total_cost", sum_of("outpatient_cost", "inpatient_cost"), tolerance="0")
rules.row("EXP-004").within("personal_cost", 0, "total_cost")
rules.row("EXP-005").comes_to("total_cost", sum_of("personal_cost", "insurance_cost", "other_cost"))

_paid: Final = sum_of("personal_account_cost", "cash_cost")
rules.row("EXP-006").wrong("personal_cost", above(_paid, plus("personal_cost", Decimal("0.01"))))

# Nothing at all is 0.
_lines: Final = total_of("encounter_medical_cost", "amount", "visit_id")
rules.later("EXP-007").comes_to("outpatient_cost", _lines, when=_came_as_outpatient)

_lines_of_stay: Final = total_of("advice_cost", "amount", "visit_id")
rules.later("EXP-008").comes_to("inpatient_cost", _lines_of_stay, when=_stayed)

# Before there is a front page there is nothing to compare with.
_on_the_page: Final = told("inpatient_record_home", "total_cost", "visit_id")
rules.later("EXP-009").comes_to("inpatient_cost", _on_the_page, when=_stayed)

_ALL_BY_PATIENT: Final = "07"
# The kinds of insurance know no patient without one; how it is paid does.
rules.row("EXP-010").comes_to(
    "insurance_cost", 0, tolerance="0", when=says("payment_method_code", _ALL_BY_PATIENT)
)
for kind, came in ((_came_as_outpatient, "registration_time"), (_stayed, "admission_time")):
    rules.parent("EXP-011", "visit_id").not_before("settlement_time", their(came), when=kind)
rules.row("EXP-012").not_above("drug_cost", "total_cost")
