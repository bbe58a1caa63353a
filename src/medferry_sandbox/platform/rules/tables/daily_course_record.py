"""日常病程记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import equals, has
from medferry_sandbox.platform.rules.texts import (
    hours_between,
    is_before,
    is_not_within_hours,
    number,
    texts_of,
)

rules = RuleBook("daily_course_record")

_ROUND: Final = "2"  # course_type_code: a senior physician's round
_RESCUE: Final = "5"
_SUMMARY: Final = "7"
_HOURS_TO_WRITE_OF_RESCUE: Final = 6
_HOURS_TO_FIRST_ROUND: Final = 48
_DAYS_PER_NOTE: Final = 3
_DAYS_PER_SUMMARY: Final = 30
_DAYS_WITHOUT_ROUND: Final = 2

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))


@rules.parent("DCR-001", "visit_id")
def written_during_the_stay(record: Record, visit: Record) -> Says:
    written, discharged = record.get("record_time"), visit.get("discharge_time")
    if is_before(written, visit.get("admission_time")):
        yield "record_time"
    if record.get("course_type_code") != _RESCUE:
        if is_before(discharged, written):
            yield "record_time"
    elif (hours := hours_between(discharged, written)) is not None and hours > _HOURS_TO_WRITE_OF_RESCUE:
        yield "record_time"


@rules.later("DCR-002")
def written_every_three_days(record: Record, beside: Beside) -> Says:
    """In the mean over the stay, as of a patient who is stable."""
    notes = beside.rows("daily_course_record", visit_id=record.get("visit_id"))
    days = _days_of_stay(record, beside)
    if days is not None and days > _DAYS_PER_NOTE * (len(notes) + 1):
        yield "record_time"


@rules.later("DCR-003")
def seen_by_a_senior_within_two_days(record: Record, beside: Beside) -> Says:
    rounds = beside.rows("daily_course_record", visit_id=record.get("visit_id"), course_type_code=_ROUND)
    days, times = _days_of_stay(record, beside), texts_of(rounds, "record_time")
    visit = beside.pointed("visit_id") or {}
    if times and is_not_within_hours(visit.get("admission_time"), min(times), _HOURS_TO_FIRST_ROUND):
        yield "record_time"
    if not rounds and days is not None and days > _DAYS_WITHOUT_ROUND:
        yield "course_type_code"


@rules.later("DCR-003")
def summed_up_every_month(record: Record, beside: Beside) -> Says:
    summaries = beside.rows("daily_course_record", visit_id=record.get("visit_id"), course_type_code=_SUMMARY)
    days = _days_of_stay(record, beside)
    if days is not None and days > _DAYS_PER_SUMMARY * (len(summaries) + 1):
        yield "course_type_code"


def _days_of_stay(record: Record, beside: Beside) -> Decimal | None:
    """As the home page tells them."""
    return number(beside.told("inpatient_record_home", "hospital_days", visit_id=record.get("visit_id")))


rules.row("DCR-004").not_before("sign_time", "record_time")
rules.later("DCR-005").once("course_content", "visit_id", "record_time")
