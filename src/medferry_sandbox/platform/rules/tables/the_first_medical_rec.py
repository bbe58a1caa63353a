"""首次病程记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    differ,
    is_not_within_hours,
    is_other,
    is_outside_span,
    number,
)

rules = RuleBook("the_first_medical_rec")

_HOURS_TO_WRITE_MAX: Final = 8
_PHYSICIAN: Final = "01"  # staff_category_code
_ON_DUTY: Final = "1"  # staff_status_code


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.needs("age_month")
def _is_infant(record: Record) -> bool:
    return number(record.get("age_year")) == 0


@rules.later("FMR-001")
def one_per_visit(record: Record, beside: Beside) -> Says:
    if len(beside.alike("visit_id")) > 1:
        yield "visit_id"


@rules.parent("FMR-002", "visit_id")
def written_soon_after_admission(record: Record, visit: Record) -> Says:
    if is_not_within_hours(visit.get("admission_time"), record.get("record_time"), _HOURS_TO_WRITE_MAX):
        yield "record_time"


@rules.parent("FMR-003", "visit_id")
def written_during_the_stay(record: Record, visit: Record) -> Says:
    if is_outside_span(record.get("record_time"), visit.get("admission_time"), visit.get("discharge_time")):
        yield "record_time"


@rules.later("FMR-005")
def diagnosis_is_that_of_admission(record: Record, beside: Beside) -> Says:
    told = beside.told("admission_record", "initial_diag_code", visit_id=record.get("visit_id"))
    if differ(record.get("initial_diag_code"), told):
        yield "initial_diag_code"


@rules.later("FMR-006")
def written_or_signed_by_a_physician(record: Record, beside: Beside) -> Says:
    signed = [name for name in ("resident_physician_id", "superior_physician_id") if name in record]
    people = [beside.pointed(name) for name in signed]
    if people and all(person is not None and _is_no_physician(person) for person in people):
        yield signed[0]


def _is_no_physician(person: Record) -> bool:
    """Not one with a licence who is on duty."""
    return (
        is_other(person.get("staff_category_code"), _PHYSICIAN)
        or "physician_license_no" not in person
        or is_other(person.get("staff_status_code"), _ON_DUTY)
    )
