"""出院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    are_apart,
    differ,
    hours_between,
    is_before,
    number,
    off,
)

rules = RuleBook("discharge_record")

_DIED: Final = "5"
_HOURS_TO_SIGN_MAX: Final = 24
_SECONDS_APART_MAX: Final = 60


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_infant(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.later("DSR-001")
def one_per_visit(record: Record, beside: Beside) -> Says:
    if len(beside.alike("visit_id")) > 1:
        yield "visit_id"


@rules.later("DSR-001")
def was_discharged_alive(record: Record, beside: Beside) -> Says:
    if beside.told("inpatient_record_home", "discharge_mode_code", visit_id=record.get("visit_id")) == _DIED:
        yield "discharge_mode_code"


@rules.row("DSR-002")
def discharged_after_admission(record: Record) -> Says:
    if is_before(record.get("discharge_time"), record.get("admission_time")):
        yield "discharge_time"


@rules.parent("DSR-002", "visit_id")
def discharged_when_the_visit_says(record: Record, visit: Record) -> Says:
    if are_apart(record.get("discharge_time"), visit.get("discharge_time"), seconds=_SECONDS_APART_MAX):
        yield "discharge_time"


@rules.later("DSR-002")
def discharged_when_home_page_and_summary_say(record: Record, beside: Beside) -> Says:
    for table in ("inpatient_record_home", "dischage_summary"):
        told = beside.told(table, "discharge_time", visit_id=record.get("visit_id"))
        if are_apart(record.get("discharge_time"), told, seconds=_SECONDS_APART_MAX):
            yield "discharge_time"


@rules.row("DSR-003")
def signed_soon_after_discharge(record: Record) -> Says:
    hours = hours_between(record.get("discharge_time"), record.get("sign_time"))
    if hours is not None and hours > _HOURS_TO_SIGN_MAX:
        yield "sign_time"


@rules.later("DSR-004")
def diagnosis_is_that_of_the_home_page(record: Record, beside: Beside) -> Says:
    told = beside.told("inpatient_record_home", "main_diag_code", visit_id=record.get("visit_id"))
    if differ(record.get("discharge_diag_code"), told):
        yield "discharge_diag_code"


@rules.later("DSR-006")
def days_are_those_of_the_home_page(record: Record, beside: Beside) -> Says:
    told = number(beside.told("inpatient_record_home", "hospital_days", visit_id=record.get("visit_id")))
    if off(record.get("hospital_days"), told, tolerance="0"):
        yield "hospital_days"
