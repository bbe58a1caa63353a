"""首次病程记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, equals, has, hours, their, told
from medferry_sandbox.platform.rules.texts import is_other

rules = RuleBook("the_first_medical_rec")

_HOURS_TO_WRITE_MAX: Final = 8
_PHYSICIAN: Final = "01"  # staff_category_code
_ON_DUTY: Final = "1"  # staff_status_code

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("FMR-001").once("visit_id")
rules.parent("FMR-002", "visit_id").wrong(
    "record_time",
    above(0, hours(their("admission_time"), "record_time"))
    | above(hours(their("admission_time"), "record_time"), _HOURS_TO_WRITE_MAX),
)
rules.parent("FMR-003", "visit_id").during("record_time", their("admission_time"), their("discharge_time"))
rules.later("FMR-005").same_as("initial_diag_code", told("admission_record", "initial_diag_code", "visit_id"))


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
