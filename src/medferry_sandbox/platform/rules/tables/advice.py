"""住院医嘱: what its rules say, in rules.csv's words. What they call electronic_request_no is request_no."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    differing,
    is_at_most,
    is_before,
    is_other,
    number,
    texts_of,
)

rules = RuleBook("advice")

_LONG: Final = "1"
_ONCE: Final = "2"
_TO_TAKE_HOME: Final = "3"
_DRUG: Final = "01"
_EXAMINATION: Final = "02"
_LABORATORY: Final = "03"
_SURGERY: Final = "04"
_MATERIAL: Final = "06"
_HERBS: Final = "3"
_DONE: Final = "4"
_STOPPED: Final = "5"
_CANCELLED: Final = "6"
_EXECUTED: Final = (_DONE, _STOPPED)
_DIED: Final = "5"


@rules.needs("id_no")
def _has_a_paper(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_younger_than_one_year(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.needs("plan_end_time")
def _is_for_once(record: Record) -> bool:
    return record.get("advice_type_code") == _ONCE


@rules.needs("dosage_form_code")
@rules.needs("total_dose")
@rules.needs("tcm_category_code")
def _is_a_drug(record: Record) -> bool:
    return record.get("advice_item_type_code") == _DRUG


@rules.needs("quantity")
def _comes_in_pieces(record: Record) -> bool:
    return record.get("advice_item_type_code") in (_DRUG, _MATERIAL)


@rules.needs("quantity_unit")
def _has_a_quantity(record: Record) -> bool:
    return "quantity" in record


@rules.needs("tcm_dose_count")
def _is_of_herbs(record: Record) -> bool:
    return record.get("tcm_category_code") == _HERBS


@rules.needs("reviewer_name")
def _has_a_reviewer(record: Record) -> bool:
    return "reviewer_id" in record


@rules.needs("review_time")
def _was_reviewed(record: Record) -> bool:
    return "reviewer_name" in record


@rules.needs("executor_name")
def _was_executed(record: Record) -> bool:
    return "execute_time" in record


@rules.needs("execute_dept_name")
def _is_executed_somewhere(record: Record) -> bool:
    return "execute_dept_code" in record


@rules.parent("ADV-001", "visit_id")
def ordered_during_the_stay(record: Record, visit: Record) -> Says:
    """What the patient takes home is ADV-012's; after a death, orders are written up."""
    ordered = record.get("order_time")
    if is_before(ordered, visit.get("admission_time")):
        yield "order_time"
    at_home = record.get("advice_type_code") in (None, _TO_TAKE_HOME)
    if not at_home and visit.get("outcome_code") != _DIED and is_before(visit.get("discharge_time"), ordered):
        yield "order_time"


@rules.row("ADV-002")
def reviewed_between_order_and_execution(record: Record) -> Says:
    """A warning: at night and in an emergency the pharmacist reviews afterwards."""
    if are_in_order(record, "order_time", "review_time", "execute_time", "stop_time") is not None:
        yield from warns("review_time")


@rules.row("ADV-002")
def checked_between_order_and_execution(record: Record) -> Says:
    """Orders called out in an emergency are executed first and written afterwards."""
    name = are_in_order(record, "order_time", "check_time", "execute_time", "stop_time")
    if record.get("emergency_flag") != "T" and name is not None:
        yield name


@rules.row("ADV-003")
def ends_after_it_begins(record: Record) -> Says:
    begins = record.get("plan_start_time")
    if is_before(record.get("plan_end_time"), begins):
        yield "plan_end_time"
    if record.get("advice_type_code") == _LONG and is_before(record.get("stop_time"), begins):
        yield "stop_time"


@rules.parent("ADV-003", "visit_id")
def stops_before_discharge(record: Record, visit: Record) -> Says:
    left = visit.get("discharge_time")
    if record.get("advice_type_code") == _LONG and is_before(left, record.get("stop_time")):
        yield "stop_time"


_OF_STATUS: Final = {
    _DONE: ("execute_time", "executor_name"),
    _STOPPED: ("stop_time", "stop_physician_name"),
    _CANCELLED: ("cancel_time", "cancel_physician_name"),
}


@rules.row("ADV-004")
def status_says_when_and_who(record: Record) -> Says:
    status = record.get("execute_status", "")
    yield from missing(*absent(record, *_OF_STATUS.get(status, ())))
    if status == _CANCELLED and "execute_time" in record:
        yield "execute_time"


_OF_DRUGS: Final = (
    "drug_code",
    "drug_name",
    "drug_spec",
    "dose",
    "dose_unit",
    "frequency_code",
    "route_code",
)


@rules.row("ADV-005")
def drug_says_how_to_take_it(record: Record) -> Says:
    if not _is_a_drug(record):
        return
    yield from missing(*absent(record, *_OF_DRUGS))
    if is_at_most(record.get("dose"), "0"):
        yield "dose"


@rules.later("ADV-006")
def drug_is_as_in_the_catalogue(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("drug_code"):
        yield "drug_code"
    drug = beside.pointed("drug_code")
    if drug is None:
        return
    if record.get("drug_spec") and is_other(drug.get("specification"), record["drug_spec"]):
        yield "drug_spec"
    yield from differing(record, drug, "dosage_form_code")


@rules.row("ADV-007")
def request_has_a_number(record: Record) -> Says:
    if record.get("advice_item_type_code") in (_EXAMINATION, _LABORATORY, _SURGERY):
        yield from missing(*absent(record, "request_no"))


_REPORTS_OF: Final = {_EXAMINATION: "examination_record", _LABORATORY: "inspection_record"}


@rules.later("ADV-007")
def executed_request_has_a_report(record: Record, beside: Beside) -> Says:
    """Surgery has no records with numbers of requests."""
    reports = _REPORTS_OF.get(record.get("advice_item_type_code", ""))
    request = {name: record.get(name) for name in ("visit_id", "request_no")}
    if reports and record.get("execute_status") in _EXECUTED and beside.lacks(reports, **request):
        yield "request_no"


@rules.later("ADV-008")
def group_goes_together(record: Record, beside: Beside) -> Says:
    group = {name: record.get(name) for name in ("visit_id", "advice_group_no")}
    together = beside.rows("advice", **group)
    for name in ("advice_type_code", "route_code", "frequency_code", "plan_start_time"):
        if len(set(texts_of(together, name))) > 1:
            yield name


@rules.row("ADV-009")
def positive_skin_test_forbids(record: Record) -> Says:
    if record.get("skin_test_result_code") == "2" and "execute_time" in record:
        yield "execute_time"


@rules.row("ADV-009")
def skin_test_has_a_result(record: Record) -> Says:
    if record.get("skin_test_flag") == "T" and "execute_time" in record:
        yield from missing(*absent(record, "skin_test_result_code"))


@rules.row("ADV-010")
def antibiotic_has_level_and_purpose(record: Record) -> Says:
    if record.get("antibiotic_flag") == "T":
        yield from missing(*absent(record, "antibiotic_level_code", "antibiotic_purpose_code"))


_SPECIAL_USE: Final = "3"
_SENIOR: Final = ("1", "2")


@rules.later("ADV-010")
def senior_physician_orders_special_antibiotics(record: Record, beside: Beside) -> Says:
    physician = beside.pointed("order_physician_id")
    special = record.get("antibiotic_level_code") == _SPECIAL_USE
    if special and physician is not None and is_other(physician.get("tech_title_code"), *_SENIOR):
        yield "order_physician_id"


_WHO_MAY: Final = {
    "order_physician_id": ("01",),
    "check_nurse_id": ("02",),
    "executor_id": ("01", "02", "03"),
}


@rules.later("ADV-011")
def staff_exist_and_are_of_their_kind(record: Record, beside: Beside) -> Says:
    for name, kinds in _WHO_MAY.items():
        if beside.points_nowhere(name):
            yield name
        person = beside.pointed(name)
        if person is not None and is_other(person.get("staff_category_code"), *kinds):
            yield name


@rules.row("ADV-012")
def drug_to_take_home_says_for_how_long(record: Record) -> Says:
    if record.get("advice_type_code") == _TO_TAKE_HOME:
        yield from missing(*absent(record, "days"))


@rules.parent("ADV-012", "visit_id")
def drug_to_take_home_is_ordered_before_leaving(record: Record, visit: Record) -> Says:
    at_home = record.get("advice_type_code") == _TO_TAKE_HOME
    if at_home and is_before(visit.get("discharge_time"), record.get("order_time")):
        yield "order_time"


_COSTS_SOMETHING: Final = (_DRUG, _EXAMINATION, _LABORATORY, _SURGERY, "05", _MATERIAL, "08")


@rules.later("ADV-013")
def executed_order_costs_something(record: Record, beside: Beside) -> Says:
    """Not drugs that the patient brought, nor instructions."""
    executed = record.get("execute_status") in _EXECUTED and record.get("self_provided_flag") != "T"
    billable = record.get("advice_item_type_code") in _COSTS_SOMETHING
    if executed and billable and beside.lacks("advice_cost", advice_id=record.get("advice_id")):
        yield "advice_item_code"


@rules.later("ADV-014")
def executed_antitumor_order_has_a_use_record(record: Record, beside: Beside) -> Says:
    executed = record.get("execute_status") in _EXECUTED
    use = {"visit_id": record.get("visit_id"), "drug_id": record.get("drug_code")}
    if (
        record.get("antitumor_flag") == "T"
        and executed
        and beside.lacks("usage_record_antitumor_drug", **use)
    ):
        yield "antitumor_flag"
