"""急诊留观手术及操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import coded, pointed, says, their

rules = RuleBook("encoun_obs_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_OF_WOMEN: Final = ("65-75",)  # female genitals, births
_OF_MEN: Final = ("60-63", "64.0-64.4", "64.9")  # male genitals; not 64.5, the change of sex
_TIMES: Final = ("operation_start_time", "operation_end_time")

rules.later("OOP-001").exists("obs_record_id")
rules.parent("OOP-001", "obs_record_id").agrees("visit_id", "patient_id")
rules.row("OOP-002", severity=WARNING).named("operation_name", "operation_code", "ICD-9-CM-3")
for sex, codes in ((_MALE, _OF_WOMEN), (_FEMALE, _OF_MEN)):
    of_others = says(their("sex_code"), sex) & coded("operation_code", *codes)
    rules.parent("OOP-003", "patient_id").wrong("operation_code", of_others)
rules.row("OOP-004").not_before("operation_end_time", "operation_start_time")
for name in _TIMES:
    rules.parent("OOP-004", "obs_record_id", severity=WARNING).not_before(
        name, their("observation_start_time")
    )
for name in _TIMES:
    rules.later("OOP-004").not_after(name, pointed("obs_record_id", "observation_end_time"))
rules.row("OOP-005").not_below("operation_times", 1)
