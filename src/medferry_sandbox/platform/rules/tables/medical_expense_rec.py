"""医疗费用记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import says, sum_of
from medferry_sandbox.platform.rules.texts import absent, added, is_before, is_other, number, off, texts_of

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


@rules.row("EXP-002")
def cost_of_its_kind_alone(record: Record) -> Says:
    if _came_as_outpatient(record):
        own, other = "outpatient_cost", "inpatient_cost"
    elif _stayed(record):
        own, other = "inpatient_cost", "outpatient_cost"
    else:
        return
    yield from missing(*absent(record, own))
    if is_other(record.get(other), _NOTHING):
        yield other


rules.row("EXP-003").comes_to("total_cost", sum_of("outpatient_cost", "inpatient_cost"), tolerance="0")
rules.row("EXP-004").within("personal_cost", 0, "total_cost")
rules.row("EXP-005").comes_to("total_cost", sum_of("personal_cost", "insurance_cost", "other_cost"))


@rules.row("EXP-006")
def account_and_cash_are_the_patients_part(record: Record) -> Says:
    paid = added(record.get("personal_account_cost"), record.get("cash_cost"))
    limit = number(record.get("personal_cost"))
    if paid is not None and limit is not None and paid > limit + Decimal("0.01"):
        yield "personal_cost"


@rules.later("EXP-007")
def outpatient_cost_is_that_of_its_lines(record: Record, beside: Beside) -> Says:
    lines = _amount_of_lines(record, beside, "encounter_medical_cost")
    if _came_as_outpatient(record) and off(record.get("outpatient_cost"), lines):
        yield "outpatient_cost"


@rules.later("EXP-008")
def inpatient_cost_is_that_of_its_lines(record: Record, beside: Beside) -> Says:
    if _stayed(record) and off(record.get("inpatient_cost"), _amount_of_lines(record, beside, "advice_cost")):
        yield "inpatient_cost"


def _amount_of_lines(record: Record, beside: Beside, table: str) -> Decimal | None:
    """What the visit's lines add up to; nothing at all is 0."""
    if not beside.knows(table) or "visit_id" not in record:
        return None
    lines = beside.rows(table, visit_id=record["visit_id"])
    return added(*texts_of(lines, "amount")) or Decimal(0)


@rules.later("EXP-009")
def inpatient_cost_is_that_of_the_front_page(record: Record, beside: Beside) -> Says:
    """Before there is a front page there is nothing to compare with."""
    pages = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    totals = texts_of(pages, "total_cost")
    if _stayed(record) and totals and off(record.get("inpatient_cost"), number(totals[0])):
        yield "inpatient_cost"


_ALL_BY_PATIENT: Final = "07"
# The kinds of insurance know no patient without one; how it is paid does.
rules.row("EXP-010").comes_to(
    "insurance_cost", 0, tolerance="0", when=says("payment_method_code", _ALL_BY_PATIENT)
)


@rules.parent("EXP-011", "visit_id")
def settled_after_coming(record: Record, visit: Record) -> Says:
    came = "registration_time" if _came_as_outpatient(record) else "admission_time" if _stayed(record) else ""
    if is_before(record.get("settlement_time"), visit.get(came)):
        yield "settlement_time"


rules.row("EXP-012").not_above("drug_cost", "total_cost")
