"""住院医嘱: what its rules say, in rules.csv's words. What they call electronic_request_no is request_no."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.conditions import equals, has, lacks, pointed, says, says_other, their
from medferry_sandbox.platform.rules.texts import absent, are_in_order, differing, is_other, texts_of

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

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))
rules.needs("plan_end_time", when=says("advice_type_code", _ONCE))

_is_a_drug: Final = says("advice_item_type_code", _DRUG)
rules.needs("tcm_category_code", "total_dose", "dosage_form_code", when=_is_a_drug)
rules.needs("quantity", when=says("advice_item_type_code", _DRUG, _MATERIAL))
rules.needs("quantity_unit", when=has("quantity"))
rules.needs("tcm_dose_count", when=says("tcm_category_code", _HERBS))
rules.needs("reviewer_name", when=has("reviewer_id"))
rules.needs("review_time", when=has("reviewer_name"))
rules.needs("executor_name", when=has("execute_time"))
rules.needs("execute_dept_name", when=has("execute_dept_code"))

# What the patient takes home is ADV-012's; after a death, orders are written up.
rules.parent("ADV-001", "visit_id").not_before("order_time", their("admission_time"))
rules.parent("ADV-001", "visit_id").not_after(
    "order_time",
    their("discharge_time"),
    when=says_other("advice_type_code", _TO_TAKE_HOME) & ~says(their("outcome_code"), _DIED),
)


@rules.row("ADV-002")
def reviewed_between_order_and_execution(record: Record) -> Says:
    """A warning: at night and in an emergency the pharmacist reviews afterwards."""
    if are_in_order(record, "order_time", "review_time", "execute_time", "stop_time") is not None:
        yield from warns("review_time")


# Orders called out in an emergency are executed first and written afterwards.
rules.row("ADV-002").in_order(
    "order_time", "check_time", "execute_time", "stop_time", when=~says("emergency_flag", "T")
)
rules.row("ADV-003").not_before("plan_end_time", "plan_start_time")
rules.row("ADV-003").not_before("stop_time", "plan_start_time", when=says("advice_type_code", _LONG))
rules.parent("ADV-003", "visit_id").not_after(
    "stop_time", their("discharge_time"), when=says("advice_type_code", _LONG)
)

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
rules.row("ADV-005").needs(*_OF_DRUGS, when=_is_a_drug)
rules.row("ADV-005").more_than("dose", 0, when=_is_a_drug)


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


rules.row("ADV-007").needs(
    "request_no", when=says("advice_item_type_code", _EXAMINATION, _LABORATORY, _SURGERY)
)

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


rules.row("ADV-009").empty("execute_time", when=says("skin_test_result_code", "2"))
rules.row("ADV-009").needs("skin_test_result_code", when=says("skin_test_flag", "T") & has("execute_time"))
rules.row("ADV-010").needs(
    "antibiotic_level_code", "antibiotic_purpose_code", when=says("antibiotic_flag", "T")
)

_SPECIAL_USE: Final = "3"
_SENIOR: Final = ("1", "2")

rules.later("ADV-010").wrong(
    "order_physician_id",
    says("antibiotic_level_code", _SPECIAL_USE)
    & says_other(pointed("order_physician_id", "tech_title_code"), *_SENIOR),
)

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


rules.row("ADV-012").needs("days", when=says("advice_type_code", _TO_TAKE_HOME))
rules.parent("ADV-012", "visit_id").not_after(
    "order_time", their("discharge_time"), when=says("advice_type_code", _TO_TAKE_HOME)
)

_COSTS_SOMETHING: Final = (_DRUG, _EXAMINATION, _LABORATORY, _SURGERY, "05", _MATERIAL, "08")
# Not drugs that the patient brought, nor instructions.
rules.later("ADV-013").wrong(
    "advice_item_code",
    says("execute_status", *_EXECUTED)
    & ~says("self_provided_flag", "T")
    & says("advice_item_type_code", *_COSTS_SOMETHING)
    & lacks("advice_cost", "advice_id"),
)
rules.later("ADV-014").wrong(
    "antitumor_flag",
    says("antitumor_flag", "T")
    & says("execute_status", *_EXECUTED)
    & lacks("usage_record_antitumor_drug", "visit_id", drug_id="drug_code"),
)
