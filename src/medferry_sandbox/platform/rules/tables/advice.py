"""住院医嘱: what its rules say, in rules.csv's words. What they call electronic_request_no is request_no."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import (
    equals,
    has,
    lacks,
    out_of_order,
    pointed,
    says,
    says_other,
    their,
    unlike,
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

# A warning: at night and in an emergency the pharmacist reviews afterwards.
_reviewed_late: Final = out_of_order("order_time", "review_time", "execute_time", "stop_time")
rules.row("ADV-002", severity=WARNING).wrong("review_time", _reviewed_late)
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
for status, names in _OF_STATUS.items():
    rules.row("ADV-004").needs(*names, when=says("execute_status", status))
rules.row("ADV-004").empty("execute_time", when=says("execute_status", _CANCELLED))

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
rules.later("ADV-006").exists("drug_code")
rules.later("ADV-006").same_as("drug_spec", pointed("drug_code", "specification"))
rules.later("ADV-006").agrees("dosage_form_code", at="drug_code")
rules.row("ADV-007").needs(
    "request_no", when=says("advice_item_type_code", _EXAMINATION, _LABORATORY, _SURGERY)
)

_REPORTS_OF: Final = {_EXAMINATION: "examination_record", _LABORATORY: "inspection_record"}
# Surgery has no records with numbers of requests.
for kind, reports in _REPORTS_OF.items():
    unreported = says("advice_item_type_code", kind) & lacks(reports, "visit_id", "request_no")
    rules.later("ADV-007").wrong("request_no", says("execute_status", *_EXECUTED) & unreported)
for name in ("advice_type_code", "route_code", "frequency_code", "plan_start_time"):
    rules.later("ADV-008").wrong(name, unlike("advice", name, "visit_id", "advice_group_no"))
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
for name, kinds in _WHO_MAY.items():
    rules.later("ADV-011").exists_as(name, "staff_category_code", *kinds)
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
