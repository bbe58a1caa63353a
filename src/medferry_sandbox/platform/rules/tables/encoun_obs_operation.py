"""急诊留观手术及操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import code_in, differing, is_above, is_before

rules = RuleBook("encoun_obs_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_OF_WOMEN: Final = ("65-75",)  # female genitals, births
_OF_MEN: Final = ("60-63", "64.0-64.4", "64.9")  # male genitals; not 64.5, the change of sex
_TIMES: Final = ("operation_start_time", "operation_end_time")


@rules.later("OOP-001")
def observation_record_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("obs_record_id"):
        yield "obs_record_id"


@rules.parent("OOP-001", "obs_record_id")
def is_of_the_same_visit_as_the_observation(record: Record, observation: Record) -> Says:
    yield from differing(record, observation, "visit_id", "patient_id")


@rules.row("OOP-002", severity=WARNING)
def name_is_that_of_the_code(record: Record) -> Says:
    if is_misnamed(record.get("operation_name"), record.get("operation_code"), "ICD-9-CM-3"):
        yield "operation_name"


@rules.parent("OOP-003", "patient_id")
def operation_is_possible_for_the_sex(record: Record, patient: Record) -> Says:
    of_other_sex = {_MALE: _OF_WOMEN, _FEMALE: _OF_MEN}.get(patient.get("sex_code", ""), ())
    if code_in(record.get("operation_code"), *of_other_sex):
        yield "operation_code"


@rules.row("OOP-004")
def ends_after_it_starts(record: Record) -> Says:
    if is_before(record.get("operation_end_time"), record.get("operation_start_time")):
        yield "operation_end_time"


@rules.parent("OOP-004", "obs_record_id")
def operated_after_the_observation_began(record: Record, observation: Record) -> Says:
    yield from (
        name for name in _TIMES if is_before(record.get(name), observation.get("observation_start_time"))
    )


@rules.later("OOP-004")
def operated_before_the_observation_ended(record: Record, beside: Beside) -> Says:
    if observation := beside.pointed("obs_record_id"):
        end = observation.get("observation_end_time")
        yield from (name for name in _TIMES if is_before(end, record.get(name)))


@rules.row("OOP-005")
def was_done_at_least_once(record: Record) -> Says:
    if is_above("1", record.get("operation_times")):
        yield "operation_times"
