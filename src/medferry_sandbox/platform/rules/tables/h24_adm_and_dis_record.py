"""24小时内入出院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, equals, has, held, hours, says, told

rules = RuleBook("h24_adm_and_dis_record")

_DIED: Final = "5"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.row("HAD-001").wrong("discharge_time", above(0, hours("admission_time", "discharge_time")))
rules.row("HAD-001", severity=WARNING).wrong(
    "discharge_time", above(hours("admission_time", "discharge_time"), 24)
)

# It may be begun before the patient leaves.
_late: Final = hours("discharge_time", "record_time")
rules.row("HAD-002").wrong("record_time", above(-24, _late) | above(_late, 24))
for name in ("admission_record", "discharge_record", "h24_adm_death_record"):
    rules.later("HAD-003").wrong("visit_id", held(name, "visit_id"))

_left_by: Final = told("inpatient_record_home", "discharge_mode_code", "visit_id")
rules.later("HAD-004").wrong("discharge_time", says(_left_by, _DIED))
for name in ("admission_time", "discharge_time"):
    rules.later("HAD-004").close_to(name, told("inpatient_record_home", name, "visit_id"))
