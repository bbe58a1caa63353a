"""门(急)诊医嘱: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, are_in_order, differing, is_before, is_other

rules = RuleBook("encounter_opt_order")

_DRUG: Final = "01"
_EXAM_OR_LAB: Final = ("02", "03")
_PROCEDURE: Final = "05"
_DONE: Final = "已执行"
_CANCELLED: Final = "已取消"


@rules.needs("order_unit")
def has_quantity(record: Record) -> bool:
    return "order_quantity" in record


@rules.needs("reviewer_name")
@rules.needs("review_time")
def was_reviewed(record: Record) -> bool:
    return "reviewer_id" in record


@rules.needs("canceller_name")
def has_canceller(record: Record) -> bool:
    return "canceller_id" in record


@rules.later("EOO-001")
def medical_record_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("medical_record_id"):
        yield "medical_record_id"


@rules.parent("EOO-001", "medical_record_id")
def is_of_the_same_visit_as_the_medical_record(record: Record, medical_record: Record) -> Says:
    yield from differing(record, medical_record, "visit_id", "patient_id")


@rules.row("EOO-002")
def drugs_have_a_prescription(record: Record) -> Says:
    if record.get("order_item_type_code") == _DRUG:
        yield from missing(*absent(record, "prescription_id"))


@rules.row("EOO-002")
def exams_and_labs_have_a_request(record: Record) -> Says:
    if record.get("order_item_type_code") in _EXAM_OR_LAB:
        yield from missing(*absent(record, "request_no"))


@rules.row("EOO-002", severity=WARNING)
def procedures_have_a_request(record: Record) -> Says:
    """The list knows no treatments: procedures may be some."""
    if record.get("order_item_type_code") == _PROCEDURE:
        yield from missing(*absent(record, "request_no"))


@rules.parent("EOO-003", "medical_record_id")
def ordered_after_the_visit_began(record: Record, medical_record: Record) -> Says:
    if is_before(record.get("order_time"), medical_record.get("visit_time")):
        yield "order_time"


@rules.row("EOO-003")
def times_are_in_order(record: Record) -> Says:
    if early := are_in_order(record, "order_time", "review_time", "exec_time"):
        yield early


@rules.row("EOO-003")
def plan_ends_after_it_starts(record: Record) -> Says:
    if is_before(record.get("plan_end_time"), record.get("plan_start_time")):
        yield "plan_end_time"


@rules.row("EOO-004")
def cancelled_by_someone_at_some_time(record: Record) -> Says:
    if record.get("exec_status") == _CANCELLED or "canceller_id" in record or "cancel_time" in record:
        yield from missing(*absent(record, "canceller_id", "cancel_time"))


@rules.row("EOO-004")
def cancelled_orders_are_not_executed(record: Record) -> Says:
    if (record.get("exec_status") == _CANCELLED or "cancel_time" in record) and "exec_time" in record:
        yield "exec_time"


@rules.row("EOO-004")
def cancelled_after_it_was_ordered(record: Record) -> Says:
    if is_before(record.get("cancel_time"), record.get("order_time")):
        yield "cancel_time"


_OF_EXECUTION: Final = ("executor_id", "executor_name", "exec_dept_code", "exec_dept_name", "exec_time")


@rules.row("EOO-005")
def execution_is_told(record: Record) -> Says:
    if record.get("exec_status") == _DONE:
        yield from missing(*absent(record, *_OF_EXECUTION))


@rules.later("EOO-006")
def number_is_its_own_in_the_medical_record(record: Record, beside: Beside) -> Says:
    if len(beside.alike("medical_record_id", "order_seq")) > 1:
        yield "order_seq"


@rules.later("EOO-007")
def orderer_is_known(record: Record, beside: Beside) -> Says:
    yield from filter(beside.points_nowhere, ("order_doctor_id", "order_dept_code"))


@rules.later("EOO-007")
def orderer_may_prescribe(record: Record, beside: Beside) -> Says:
    physician = beside.pointed("order_doctor_id")
    if physician and is_other(physician.get("has_prescription_right"), "T"):
        yield "order_doctor_id"


@rules.later("EOO-008")
def exam_or_lab_of_the_request_is_there(record: Record, beside: Beside) -> Says:
    if record.get("order_item_type_code") not in _EXAM_OR_LAB:
        return
    request = {name: record.get(name) for name in ("visit_id", "request_no")}
    if beside.lacks("examination_record", **request) and beside.lacks("inspection_record", **request):
        yield "request_no"


@rules.later("EOO-009")
def prescription_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("prescription_id"):
        yield "prescription_id"


@rules.parent("EOO-009", "prescription_id")
def prescription_is_of_the_same_visit(record: Record, prescription: Record) -> Says:
    if any(differing(record, prescription, "visit_id")):
        yield "prescription_id"
