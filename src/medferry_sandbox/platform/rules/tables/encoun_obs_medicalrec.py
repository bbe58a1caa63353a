"""急诊留观病历: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    equals,
    has,
    has_any,
    hours,
    says,
    says_other,
    their,
)
from medferry_sandbox.platform.rules.texts import is_before, texts_of

rules = RuleBook("encoun_obs_medicalrec")

_EMERGENCY: Final = "2"
_STAY: Final = "3"
_TO_A_WARD: Final = "2"
_DIED: Final = "6"
_HOURS_OBSERVED_MAX: Final = 72
_HOURS_TO_WRITE_MAX: Final = 6

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))
rules.needs("auxiliary_exam_result", when=has("auxiliary_exam_item"))
rules.needs("tcm_disease_name", when=has("tcm_disease_code"))
rules.needs("tcm_syndrome_name", when=has("tcm_syndrome_code"))

rules.later("OBS-001").exists("visit_id")
rules.parent("OBS-001", "visit_id").wrong("visit_id", says_other(their("visit_type"), _EMERGENCY))


@rules.later("OBS-001")
def visit_says_observed(record: Record, beside: Beside) -> Says:
    visit = beside.pointed("visit_id")
    if visit and visit.get("observation_flag") != "T":
        yield "visit_id"


rules.row("OBS-002").not_before("observation_start_time", "visit_time")
rules.row("OBS-002").not_before("observation_end_time", "observation_start_time")
rules.row("OBS-003").wrong(
    "observation_end_time",
    above(hours("observation_start_time", "observation_end_time"), _HOURS_OBSERVED_MAX),
)

_OF_RESCUE: Final = (
    "rescue_start_time",
    "rescue_end_time",
    "rescue_record",
    "rescue_participants",
    "professional_title_code",
)
rules.row("OBS-004").needs(*_OF_RESCUE, when=says("rescue_flag", "T"))
rules.row("OBS-004").empty(*_OF_RESCUE, when=says("rescue_flag", "F"))
rules.row("OBS-005").not_before("rescue_end_time", "rescue_start_time")
for name in ("rescue_start_time", "rescue_end_time"):
    rules.row("OBS-005", severity=WARNING).during(name, "observation_start_time", "observation_end_time")
rules.row("OBS-006").wrong("record_time", above(hours("rescue_end_time", "record_time"), _HOURS_TO_WRITE_MAX))
rules.row("OBS-007").needs("death_time", when=says("destination_code", _DIED))
rules.row("OBS-007").during("death_time", "observation_start_time", "observation_end_time")


@rules.later("OBS-007")
def was_admitted_afterwards(record: Record, beside: Beside) -> Says:
    if record.get("destination_code") != _TO_A_WARD or not beside.knows("visit"):
        return
    patient, start = record.get("patient_id"), record.get("observation_start_time")
    admissions = texts_of(beside.rows("visit", patient_id=patient, visit_type=_STAY), "admission_time")
    if beside.lacks("visit", patient_id=patient, visit_type=_STAY) or (
        admissions and all(is_before(admission, start) for admission in admissions)
    ):
        yield "destination_code"


rules.row("OBS-008").needs("allergy_history", when=says("allergy_history_flag", "T"))

_TCM_DIAGNOSES: Final = ("tcm_disease_code", "tcm_disease_name", "tcm_syndrome_code", "tcm_syndrome_name")
rules.row("OBS-009").needs("tcm_four_diagnosis", "syndrome_basis", "therapy", when=has_any(*_TCM_DIAGNOSES))
rules.row("OBS-010").aged("age_year", "birth_date", "visit_time")
rules.row("OBS-011").more_than("systolic_pressure", "diastolic_pressure")
