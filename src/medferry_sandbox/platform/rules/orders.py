"""Rules that orders of outpatients and of those under observation share, under their own tables' ids."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import differs, has, lacks, pointed, says, says_other, their

_DRUG: Final = "01"
_EXAM_OR_LAB: Final = ("02", "03")
_PROCEDURE: Final = "05"
_DONE: Final = "已执行"
_CANCELLED: Final = "已取消"
_OF_EXECUTION: Final = ("executor_id", "executor_name", "exec_dept_code", "exec_dept_name", "exec_time")


def of_a_record(rules: RuleBook, mark: str, pointer: str) -> None:
    """Puts them into the table's book: `mark` begins their ids, `pointer` names the record they belong to."""
    rules.needs("order_unit", when=has("order_quantity"))
    rules.needs("review_time", "reviewer_name", when=has("reviewer_id"))
    rules.needs("canceller_name", when=has("canceller_id"))

    rules.later(f"{mark}-001").exists(pointer)
    rules.parent(f"{mark}-001", pointer).agrees("visit_id", "patient_id")
    rules.row(f"{mark}-002").needs("prescription_id", when=says("order_item_type_code", _DRUG))
    rules.row(f"{mark}-002").needs("request_no", when=says("order_item_type_code", *_EXAM_OR_LAB))
    # The list knows no treatments: procedures may be some.
    is_procedure = says("order_item_type_code", _PROCEDURE)
    rules.row(f"{mark}-002", severity=WARNING).needs("request_no", when=is_procedure)
    rules.parent(f"{mark}-003", pointer).not_before("order_time", their("visit_time"))
    rules.row(f"{mark}-003").in_order("order_time", "review_time", "exec_time")
    rules.row(f"{mark}-003").not_before("plan_end_time", "plan_start_time")
    is_cancelled = says("exec_status", _CANCELLED) | has("cancel_time")
    rules.row(f"{mark}-004").needs("canceller_id", "cancel_time", when=is_cancelled | has("canceller_id"))
    rules.row(f"{mark}-004").empty("exec_time", when=is_cancelled)
    rules.row(f"{mark}-004").not_before("cancel_time", "order_time")
    rules.row(f"{mark}-005").needs(*_OF_EXECUTION, when=says("exec_status", _DONE))
    rules.later(f"{mark}-006").once("order_seq", pointer)
    rules.later(f"{mark}-007").exists("order_doctor_id", "order_dept_code")
    may_not_prescribe = says_other(pointed("order_doctor_id", "has_prescription_right"), "T")
    rules.later(f"{mark}-007").wrong("order_doctor_id", may_not_prescribe)
    unreported = lacks("examination_record", "visit_id", "request_no") & lacks(
        "inspection_record", "visit_id", "request_no"
    )
    rules.later(f"{mark}-008").wrong("request_no", says("order_item_type_code", *_EXAM_OR_LAB) & unreported)
    rules.later(f"{mark}-009").exists("prescription_id")
    rules.parent(f"{mark}-009", "prescription_id").wrong(
        "prescription_id", differs("visit_id", their("visit_id"))
    )
