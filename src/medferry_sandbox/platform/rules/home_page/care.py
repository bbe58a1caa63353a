"""住院病案首页, the rules about what was done during the stay: what they say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    counted,
    equals,
    has,
    hours,
    not_over,
    out_of_order,
    plus,
    says,
    sum_of,
)
from medferry_sandbox.platform.rules.texts import minutes_between, number, says_none

rules = RuleBook("inpatient_record_home")

_DASH: Final = "-"
_DIED: Final = "5"
_NO_ALLERGY: Final = "1"
_ALLERGY: Final = "2"
_KNOWN_ABO: Final = ("1", "2", "3", "4")
_KNOWN_RH: Final = ("1", "2")

_operations: Final = counted("inpatient_operation", "record_home_id")
rules.later("IRH-040").one_of("operation_flag", "T", when=above(_operations, 0))
rules.later("IRH-040").one_of("operation_flag", "F", when=equals(_operations, 0))
rules.later("IRH-040").comes_to("operation_count", _operations, tolerance="0")
rules.row("IRH-041").needs("allergy_drug", when=says("drug_allergy_flag", _ALLERGY))


@rules.row("IRH-041")
def without_an_allergy_no_drug_is_named(record: Record) -> Says:
    told = record.get("allergy_drug")
    if record.get("drug_allergy_flag") == _NO_ALLERGY and told and not says_none(told):
        yield "allergy_drug"


rules.row("IRH-042").one_of("abo_code", *_KNOWN_ABO, when=above("blood_fee", 0))
rules.row("IRH-042").one_of("rh_code", *_KNOWN_RH, when=above("blood_fee", 0))
rules.row("IRH-050").within("rescue_success_times", 0, "rescue_times")
rules.row("IRH-050").wrong(
    "rescue_success_times",
    says("discharge_mode_code", _DIED)
    & above("rescue_times", 0)
    & not_over("rescue_times", "rescue_success_times"),
)

_hours: Final = hours("icu_in_time", "icu_out_time")
rules.row("IRH-051").not_before("icu_out_time", "icu_in_time")
rules.row("IRH-051").wrong(
    "icu_in_time", has("icu_in_time") & out_of_order("admission_time", "icu_in_time", "discharge_time")
)
rules.row("IRH-051").comes_to("icu_hours", _hours, tolerance="0.1")


@rules.row("IRH-052")
def ventilated_no_longer_than_the_stay(record: Record) -> Says:
    """Hours that have begun may count as whole ones: it is too much from one hour over the stay on."""
    minutes = minutes_between(record.get("admission_time"), record.get("discharge_time"))
    hours = number(record.get("ventilator_hours"))
    if minutes is not None and hours is not None and hours * 60 - minutes >= 60:
        yield "ventilator_hours"


_LEVELS: Final = ("special", "level1", "level2", "level3")
_nursed: Final = sum_of(*(f"nursing_{level}_days" for level in _LEVELS))
rules.row("IRH-053").wrong("nursing_level2_days", above(_nursed, plus("hospital_days", 1)))
