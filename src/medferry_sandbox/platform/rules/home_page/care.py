"""住院病案首页, the rules about what was done during the stay: what they say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, not_over, says
from medferry_sandbox.platform.rules.texts import (
    added,
    are_in_order,
    differ,
    hours_between,
    minutes_between,
    number,
    off,
)

rules = RuleBook("inpatient_record_home")

_DASH: Final = "-"
_DIED: Final = "5"
_NO_ALLERGY: Final = "1"
_ALLERGY: Final = "2"
_KNOWN_ABO: Final = ("1", "2", "3", "4")
_KNOWN_RH: Final = ("1", "2")


@rules.later("IRH-040")
def operations_are_as_told(record: Record, beside: Beside) -> Says:
    if not beside.knows("inpatient_operation"):
        return
    count = len(beside.rows("inpatient_operation", record_home_id=record.get("record_home_id")))
    if differ(record.get("operation_flag"), "T" if count else "F"):
        yield "operation_flag"
    if off(record.get("operation_count"), Decimal(count), tolerance="0"):
        yield "operation_count"


rules.row("IRH-041").needs("allergy_drug", when=says("drug_allergy_flag", _ALLERGY))
rules.row("IRH-041").one_of("allergy_drug", _DASH, when=says("drug_allergy_flag", _NO_ALLERGY))
rules.row("IRH-042").one_of("abo_code", *_KNOWN_ABO, when=above("blood_fee", 0))
rules.row("IRH-042").one_of("rh_code", *_KNOWN_RH, when=above("blood_fee", 0))
rules.row("IRH-050").within("rescue_success_times", 0, "rescue_times")
rules.row("IRH-050").wrong(
    "rescue_success_times",
    says("discharge_mode_code", _DIED)
    & above("rescue_times", 0)
    & not_over("rescue_times", "rescue_success_times"),
)


@rules.row("IRH-051")
def intensive_care_is_within_the_stay(record: Record) -> Says:
    was_there = "icu_in_time" in record or "icu_out_time" in record
    if was_there and are_in_order(record, "admission_time", "icu_in_time", "icu_out_time", "discharge_time"):
        yield "icu_in_time"
    hours = hours_between(record.get("icu_in_time"), record.get("icu_out_time"))
    if hours is not None and off(record.get("icu_hours"), Decimal(max(hours, 0)), tolerance="0.1"):
        yield "icu_hours"


@rules.row("IRH-052")
def ventilated_no_longer_than_the_stay(record: Record) -> Says:
    """Hours that have begun may count as whole ones: it is too much from one hour over the stay on."""
    minutes = minutes_between(record.get("admission_time"), record.get("discharge_time"))
    hours = number(record.get("ventilator_hours"))
    if minutes is not None and hours is not None and hours * 60 - minutes >= 60:
        yield "ventilator_hours"


@rules.row("IRH-053")
def nursed_no_longer_than_the_stay(record: Record) -> Says:
    levels = ("special", "level1", "level2", "level3")
    nursed = added(*(record.get(f"nursing_{level}_days") for level in levels))
    days = number(record.get("hospital_days"))
    if nursed is not None and days is not None and nursed > days + 1:
        yield "nursing_level2_days"
