"""死亡记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    are_apart,
    code_in,
    hours_between,
    is_before,
    is_not_within_hours,
    is_other,
    number,
    texts_of,
)

rules = RuleBook("death_record")

_DIED: Final = "5"
_NO_AUTOPSY: Final = "2"
_CALLED_OFF: Final = "3"  # visit_status_code
_UNKNOWN_CAUSES: Final = "R95-R99"
_HOURS_OF_A_SHORT_STAY: Final = 24
_HOURS_TO_SIGN_MAX: Final = 24
_SECONDS_APART_MAX: Final = 60


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_infant(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.later("DTR-001")
def one_per_visit(record: Record, beside: Beside) -> Says:
    if len(beside.alike("visit_id")) > 1:
        yield "visit_id"


@rules.later("DTR-001")
def patient_is_dead_in_the_index(record: Record, beside: Beside) -> Says:
    """The index has no mark of death, but its time."""
    patient = beside.pointed("patient_id")
    if patient is not None and "death_time" not in patient:
        yield "death_time"


@rules.row("DTR-002")
def died_after_admission(record: Record) -> Says:
    if is_before(record.get("death_time"), record.get("admission_time")):
        yield "death_time"


@rules.row("DTR-002", severity=WARNING)
def did_not_die_within_a_day(record: Record) -> Says:
    """There is a record of its own for that, which may be used."""
    hours = hours_between(record.get("admission_time"), record.get("death_time"))
    if hours is not None and hours < _HOURS_OF_A_SHORT_STAY:
        yield "death_time"


@rules.later("DTR-002")
def died_when_the_home_page_says(record: Record, beside: Beside) -> Says:
    told = beside.told("inpatient_record_home", "discharge_time", visit_id=record.get("visit_id"))
    if are_apart(record.get("death_time"), told, seconds=_SECONDS_APART_MAX):
        yield "death_time"


@rules.row("DTR-003")
def signed_soon_after_death(record: Record) -> Says:
    if is_not_within_hours(record.get("death_time"), record.get("sign_time"), _HOURS_TO_SIGN_MAX):
        yield "sign_time"


@rules.later("DTR-004")
def home_page_and_summary_say_died(record: Record, beside: Beside) -> Says:
    left = beside.told("inpatient_record_home", "discharge_mode_code", visit_id=record.get("visit_id"))
    result = beside.told("dischage_summary", "treatment_result_code", visit_id=record.get("visit_id"))
    if is_other(left, _DIED) or is_other(result, _DIED):
        yield "death_time"


@rules.later("DTR-005")
def no_autopsy_without_consent(record: Record, beside: Beside) -> Says:
    autopsy = beside.told("inpatient_record_home", "autopsy_flag", visit_id=record.get("visit_id"))
    if record.get("autopsy_consent_flag") == "F" and is_other(autopsy, _NO_AUTOPSY):
        yield "autopsy_consent_flag"


@rules.row("DTR-006")
def cause_of_death_is_known(record: Record) -> Says:
    for name in ("direct_death_cause_code", "death_diag_code"):
        if code_in(record.get(name), _UNKNOWN_CAUSES):
            yield name


@rules.later("DTR-007")
def no_visit_after_death(record: Record, beside: Beside) -> Says:
    visits = [
        visit
        for visit in beside.rows("visit", patient_id=record.get("patient_id"))
        if is_other(visit.get("visit_status_code"), _CALLED_OFF)
    ]
    begun = [*texts_of(visits, "visit_time"), *texts_of(visits, "admission_time")]
    if any(is_before(record.get("death_time"), one) for one in begun):
        yield "death_time"
