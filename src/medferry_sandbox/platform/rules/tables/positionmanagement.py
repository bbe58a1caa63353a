"""岗位设置: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, differ, differing, is_above, is_before, number

rules = RuleBook("positionmanagement")

_TECHNICAL: Final = "2"
_SPECIAL: Final = "4"
_ABOLISHED: Final = "3"


@rules.needs("staff_name")
@rules.needs("appointment_start_date")
def _names_a_person(record: Record) -> bool:
    return "staff_id" in record


@rules.row("PM-01")
def grade_begins_with_its_category(record: Record) -> Says:
    category = record.get("position_category_code")
    if category != _SPECIAL and differ(record.get("position_grade_code", "")[:1], category):
        yield "position_grade_code"


@rules.row("PM-02")
def vacancies_are_what_is_left(record: Record) -> Says:
    approved, taken = number(record.get("approved_positions")), number(record.get("occupied_positions"))
    vacant, over = number(record.get("vacant_positions")), number(record.get("overstaffed_count"))
    if vacant is not None and vacant < 0:
        yield "vacant_positions"
    if approved is None or taken is None:
        return
    if vacant is not None and vacant != max(approved - taken, 0):
        yield "vacant_positions"
    if over is not None and taken > approved and over != taken - approved:
        yield "overstaffed_count"


@rules.row("PM-02")
def overstaffing_is_told(record: Record) -> Says:
    if is_above(record.get("occupied_positions"), record.get("approved_positions")):
        yield from missing(*absent(record, "overstaffed_count"))


@rules.row("PM-03")
def technical_post_has_a_series(record: Record) -> Says:
    if record.get("position_category_code") == _TECHNICAL:
        yield from missing(*absent(record, "position_series_code"))


@rules.row("PM-04")
def ends_are_not_before_beginnings(record: Record) -> Says:
    if is_before(record.get("appointment_end_date"), record.get("appointment_start_date")):
        yield "appointment_end_date"
    if is_before(record.get("expiry_date"), record.get("effective_date")):
        yield "expiry_date"


@rules.later("PM-05")
def person_is_known_by_this_name_here(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("staff_id"):
        yield "staff_id"
    person = beside.pointed("staff_id")
    if person is not None:
        if differ(record.get("staff_name"), person.get("name")):
            yield "staff_name"
        yield from differing(record, person, "dept_code")


@rules.row("PM-06")
def abolished_says_when(record: Record) -> Says:
    if record.get("position_status_code") == _ABOLISHED:
        yield from missing(*absent(record, "expiry_date"))
