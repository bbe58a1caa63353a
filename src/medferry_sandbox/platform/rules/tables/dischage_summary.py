"""出院小结: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import (
    before,
    day_of,
    equals,
    has,
    held,
    lacks,
    says,
    says_other,
    told,
)

rules = RuleBook("dischage_summary")

_DIED: Final = "5"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("DSS-001").once("visit_id")
rules.row("DSS-002").not_before("discharge_time", "admission_time")
for name in ("inpatient_record_home", "discharge_record"):
    rules.later("DSS-002").close_to("discharge_time", told(name, "discharge_time", "visit_id"))

_days: Final = told("inpatient_record_home", "hospital_days", "visit_id")
rules.later("DSS-003").comes_to("hospital_days", _days, tolerance="0")
rules.later("DSS-004").same_as(
    "discharge_diag_code", told("inpatient_record_home", "main_diag_code", "visit_id")
)
rules.later("DSS-005").wrong(
    "operation_flag", says("operation_flag", "T") & lacks("dis_pat_operation_info", "discharge_summary_id")
)
rules.later("DSS-005").wrong(
    "operation_flag", says("operation_flag", "F") & held("dis_pat_operation_info", "discharge_summary_id")
)

_left_by: Final = told("inpatient_record_home", "discharge_mode_code", "visit_id")
_died: Final = says("treatment_result_code", _DIED)
rules.later("DSS-006").one_of("treatment_result_code", _DIED, when=says(_left_by, _DIED))
rules.later("DSS-006").wrong("treatment_result_code", _died & says_other(_left_by, _DIED))
rules.row("DSS-007").wrong("sign_time", before(day_of("sign_time"), day_of("discharge_time")))
