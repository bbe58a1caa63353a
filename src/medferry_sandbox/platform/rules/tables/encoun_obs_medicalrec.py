"""急诊留观病历: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    hours_between,
    is_age_off,
    is_at_most,
    is_before,
    is_other,
    is_outside_span,
    number,
    texts_of,
)

rules = RuleBook("encoun_obs_medicalrec")

_EMERGENCY: Final = "2"
_STAY: Final = "3"
_TO_A_WARD: Final = "2"
_DIED: Final = "6"
_HOURS_OBSERVED_MAX: Final = 72
_HOURS_TO_WRITE_MAX: Final = 6


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_infant(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.needs("auxiliary_exam_result")
def _has_exam(record: Record) -> bool:
    return "auxiliary_exam_item" in record


@rules.needs("tcm_disease_name")
def _has_tcm_disease(record: Record) -> bool:
    return "tcm_disease_code" in record


@rules.needs("tcm_syndrome_name")
def _has_tcm_syndrome(record: Record) -> bool:
    return "tcm_syndrome_code" in record


@rules.later("OBS-001")
def visit_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("visit_id"):
        yield "visit_id"


@rules.parent("OBS-001", "visit_id")
def visit_is_an_emergency(record: Record, visit: Record) -> Says:
    if is_other(visit.get("visit_type"), _EMERGENCY):
        yield "visit_id"


@rules.later("OBS-001")
def visit_says_observed(record: Record, beside: Beside) -> Says:
    visit = beside.pointed("visit_id")
    if visit and visit.get("observation_flag") != "T":
        yield "visit_id"


@rules.row("OBS-002")
def observed_after_the_visit_began(record: Record) -> Says:
    if is_before(record.get("observation_start_time"), record.get("visit_time")):
        yield "observation_start_time"
    if is_before(record.get("observation_end_time"), record.get("observation_start_time")):
        yield "observation_end_time"


@rules.row("OBS-003")
def observed_for_three_days_at_most(record: Record) -> Says:
    hours = hours_between(record.get("observation_start_time"), record.get("observation_end_time"))
    if hours is not None and hours > _HOURS_OBSERVED_MAX:
        yield "observation_end_time"


_OF_RESCUE: Final = (
    "rescue_start_time",
    "rescue_end_time",
    "rescue_record",
    "rescue_participants",
    "professional_title_code",
)


@rules.row("OBS-004")
def rescue_is_told_where_there_was_one(record: Record) -> Says:
    if record.get("rescue_flag") == "T":
        yield from missing(*absent(record, *_OF_RESCUE))
    elif record.get("rescue_flag") == "F":
        yield from (name for name in _OF_RESCUE if name in record)


@rules.row("OBS-005")
def rescued_while_observed(record: Record) -> Says:
    if is_before(record.get("rescue_end_time"), record.get("rescue_start_time")):
        yield "rescue_end_time"
    observed = record.get("observation_start_time"), record.get("observation_end_time")
    for name in ("rescue_start_time", "rescue_end_time"):
        if is_outside_span(record.get(name), *observed):
            yield name


@rules.row("OBS-006")
def rescue_is_written_down_in_time(record: Record) -> Says:
    hours = hours_between(record.get("rescue_end_time"), record.get("record_time"))
    if hours is not None and hours > _HOURS_TO_WRITE_MAX:
        yield "record_time"


@rules.row("OBS-007")
def time_of_death_is_told(record: Record) -> Says:
    if record.get("destination_code") == _DIED:
        yield from missing(*absent(record, "death_time"))


@rules.row("OBS-007")
def died_while_observed(record: Record) -> Says:
    observed = record.get("observation_start_time"), record.get("observation_end_time")
    if is_outside_span(record.get("death_time"), *observed):
        yield "death_time"


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


@rules.row("OBS-008")
def allergies_are_told(record: Record) -> Says:
    if record.get("allergy_history_flag") == "T":
        yield from missing(*absent(record, "allergy_history"))


_TCM_DIAGNOSES: Final = ("tcm_disease_code", "tcm_disease_name", "tcm_syndrome_code", "tcm_syndrome_name")


@rules.row("OBS-009")
def tcm_diagnoses_are_founded(record: Record) -> Says:
    if any(name in record for name in _TCM_DIAGNOSES):
        yield from missing(*absent(record, "tcm_four_diagnosis", "syndrome_basis", "therapy"))


@rules.row("OBS-010")
def age_agrees_with_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("visit_time")):
        yield "age_year"


@rules.row("OBS-011")
def blood_pressure_is_possible(record: Record) -> Says:
    if is_at_most(record.get("systolic_pressure"), record.get("diastolic_pressure")):
        yield "systolic_pressure"
