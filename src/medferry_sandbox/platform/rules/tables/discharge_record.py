"""出院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, apart, equals, has, hours, says, their, told

rules = RuleBook("discharge_record")

_DIED: Final = "5"
_HOURS_TO_SIGN_MAX: Final = 24
_SECONDS_APART_MAX: Final = 60

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("DSR-001").once("visit_id")
rules.later("DSR-001").wrong(
    "discharge_mode_code", says(told("inpatient_record_home", "discharge_mode_code", "visit_id"), _DIED)
)
rules.row("DSR-002").not_before("discharge_time", "admission_time")
rules.parent("DSR-002", "visit_id", severity=WARNING).wrong(
    "discharge_time", apart("discharge_time", their("discharge_time"), seconds=_SECONDS_APART_MAX)
)
for name in ("inpatient_record_home", "dischage_summary"):
    rules.later("DSR-002").wrong(
        "discharge_time",
        apart("discharge_time", told(name, "discharge_time", "visit_id"), seconds=_SECONDS_APART_MAX),
    )
rules.row("DSR-003").wrong("sign_time", above(hours("discharge_time", "sign_time"), _HOURS_TO_SIGN_MAX))
rules.later("DSR-004").same_as(
    "discharge_diag_code", told("inpatient_record_home", "main_diag_code", "visit_id")
)
rules.later("DSR-006").comes_to(
    "hospital_days", told("inpatient_record_home", "hospital_days", "visit_id"), tolerance="0"
)
