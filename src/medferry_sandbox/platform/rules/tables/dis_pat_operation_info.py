"""出院小结的手术: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    days_between,
    differing,
    is_before,
    is_outside_span,
    texts_of,
)

rules = RuleBook("dis_pat_operation_info")


@rules.needs("incision_class_code")
def _has_a_healing_grade(record: Record) -> bool:
    return "healing_grade_code" in record


@rules.needs("anesthesia_method_code")
def _had_an_anaesthetist(record: Record) -> bool:
    return "anesthetist_name" in record


@rules.later("DPO-001")
def summary_exists(_record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("discharge_summary_id"):
        yield "discharge_summary_id"


@rules.parent("DPO-001", "discharge_summary_id")
def of_the_same_visit(record: Record, summary: Record) -> Says:
    yield from differing(record, summary, "visit_id")


@rules.row("DPO-002")
def ends_after_it_begins(record: Record) -> Says:
    if is_before(record.get("operation_end_time"), record.get("operation_start_time")):
        yield "operation_start_time"


@rules.parent("DPO-002", "discharge_summary_id")
def between_admission_and_discharge(record: Record, summary: Record) -> Says:
    admitted, left = summary.get("admission_time"), summary.get("discharge_time")
    for name in ("operation_start_time", "operation_end_time"):
        if is_outside_span(record.get(name), admitted, left):
            yield "operation_start_time"


@rules.later("DPO-003")
def on_the_front_page(record: Record, beside: Beside) -> Says:
    """Once there is one."""
    same = {name: record.get(name) for name in ("visit_id", "operation_code")}
    page = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    if page and beside.lacks("inpatient_operation", **same):
        yield "operation_code"


@rules.later("DPO-003")
def on_the_days_of_the_front_page(record: Record, beside: Beside) -> Says:
    """One done several times: between the first and the last."""
    same = {name: record.get(name) for name in ("visit_id", "operation_code")}
    at, told = record.get("operation_start_time"), beside.rows("inpatient_operation", **same)
    days = [days_between(at, one) for one in texts_of(told, "operation_time")]
    known = [one for one in days if one is not None]
    if known and (min(known) > 0 or max(known) < 0):
        yield "operation_start_time"


_CLASSES_I_TO_III: Final = ("2", "3", "4")


@rules.row("DPO-004")
def cuts_have_a_healing_grade(record: Record) -> Says:
    if record.get("incision_class_code") in _CLASSES_I_TO_III:
        yield from missing(*absent(record, "healing_grade_code"))


_LOCAL: Final = "3"


@rules.row("DPO-005")
def anaesthesia_has_an_anaesthetist(record: Record) -> Says:
    """Local anaesthesia, 3 and what begins with it, needs none."""
    method = record.get("anesthesia_method_code")
    if method and not method.startswith(_LOCAL):
        yield from missing(*absent(record, "anesthetist_name"))
