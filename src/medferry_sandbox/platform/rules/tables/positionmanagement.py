"""岗位设置: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, cut, differs, has, pointed, says
from medferry_sandbox.platform.rules.texts import number

rules = RuleBook("positionmanagement")

_TECHNICAL: Final = "2"
_SPECIAL: Final = "4"
_ABOLISHED: Final = "3"

rules.needs("appointment_start_date", "staff_name", when=has("staff_id"))

_of_another: Final = differs(cut("position_grade_code", 1), "position_category_code")
rules.row("PM-01").wrong("position_grade_code", ~says("position_category_code", _SPECIAL) & _of_another)


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


rules.row("PM-02").needs("overstaffed_count", when=above("occupied_positions", "approved_positions"))
rules.row("PM-03").needs("position_series_code", when=says("position_category_code", _TECHNICAL))
rules.row("PM-04").not_before("appointment_end_date", "appointment_start_date")
rules.row("PM-04").not_before("expiry_date", "effective_date")
rules.later("PM-05").exists("staff_id")
rules.later("PM-05").same_as("staff_name", pointed("staff_id", "name"))
rules.later("PM-05").agrees("dept_code", at="staff_id")
rules.row("PM-06").needs("expiry_date", when=says("position_status_code", _ABOLISHED))
