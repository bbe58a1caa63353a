"""急诊留观手术及操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import their
from medferry_sandbox.platform.rules.texts import code_in, is_before

rules = RuleBook("encoun_obs_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_OF_WOMEN: Final = ("65-75",)  # female genitals, births
_OF_MEN: Final = ("60-63", "64.0-64.4", "64.9")  # male genitals; not 64.5, the change of sex
_TIMES: Final = ("operation_start_time", "operation_end_time")

rules.later("OOP-001").exists("obs_record_id")
rules.parent("OOP-001", "obs_record_id").agrees("visit_id", "patient_id")
rules.row("OOP-002", severity=WARNING).named("operation_name", "operation_code", "ICD-9-CM-3")


@rules.parent("OOP-003", "patient_id")
def operation_is_possible_for_the_sex(record: Record, patient: Record) -> Says:
    of_other_sex = {_MALE: _OF_WOMEN, _FEMALE: _OF_MEN}.get(patient.get("sex_code", ""), ())
    if code_in(record.get("operation_code"), *of_other_sex):
        yield "operation_code"


rules.row("OOP-004").not_before("operation_end_time", "operation_start_time")
for name in _TIMES:
    rules.parent("OOP-004", "obs_record_id").not_before(name, their("observation_start_time"))


@rules.later("OOP-004")
def operated_before_the_observation_ended(record: Record, beside: Beside) -> Says:
    if observation := beside.pointed("obs_record_id"):
        end = observation.get("observation_end_time")
        yield from (name for name in _TIMES if is_before(end, record.get(name)))


rules.row("OOP-005").not_below("operation_times", 1)
