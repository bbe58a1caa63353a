"""床位: what its rules say, in rules.csv's words. Today is the day of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, counted, fixed, pointed, says, starts

rules = RuleBook("bed")

_OUT_OF_USE: Final = "6"
_ORDINARY: Final = "01"
_FLAG_OF_TYPE: Final = {
    "02": "is_icu",
    "03": "is_observation",
    "06": "is_day_care",
    "07": "is_rehabilitation",
    "08": "is_negative_pressure",
    "09": "is_special_service",
}


@rules.later("BE-01")
def number_is_of_one_bed_of_the_ward(record: Record, beside: Beside) -> Says:
    if record.get("bed_status_code") in (None, _OUT_OF_USE):
        return
    same = beside.alike("ward_id", "bed_no")
    if sum(one.get("bed_status_code") not in (None, _OUT_OF_USE) for one in same) > 1:
        yield "bed_no"


rules.later("BE-02").exists("ward_id", "dept_code")
rules.later("BE-02").wrong("ward_id", says(pointed("ward_id", "is_ward"), "F"))
rules.row("BE-03").one_of("bed_status_code", "5", _OUT_OF_USE, when=says("is_open", "F"))
rules.row("BE-03").needs("closed_date", when=says("bed_status_code", _OUT_OF_USE))

_NEWBORN: Final = "05"
_OBSTETRICS: Final = "05"

# A newborn's bed beside its mother stands in obstetrics; one of neonatology is a patient's, and counts.
rules.row("BE-04").wrong(
    "is_counted",
    says("is_counted", "T")
    & (
        says("bed_type_code", "03", "10")
        | says("bed_type_code", _NEWBORN) & starts("standard_dept_code", _OBSTETRICS)
    ),
)
# Not the other way: a bed of intensive care may have negative pressure too, and has one type only.
for kind, flag in _FLAG_OF_TYPE.items():
    rules.row("BE-05").wrong(flag, says("bed_type_code", kind) & says(flag, "F"))


@rules.row("BE-05")
def ordinary_bed_has_no_flag(record: Record) -> Says:
    flagged = any(record.get(flag) == "T" for flag in _FLAG_OF_TYPE.values())
    if record.get("bed_type_code") == _ORDINARY and flagged:
        yield "bed_type_code"


# Visits do not name beds: by department, name of the ward and number.
_lying_in: Final = {"visit_type": fixed("3"), "visit_status_code": fixed("1")}
_patients: Final = counted("visit", "dept_code", "ward_name", "bed_no", **_lying_in)
rules.later("BE-06").wrong("bed_no", above(_patients, 1))
rules.later("BE-07").comes_to("bed_fee_price", pointed("bed_fee_item_id", "price"), tolerance="0")
rules.row("BE-08").not_after("opened_date", "updated_at")
rules.row("BE-08").not_before("closed_date", "opened_date")
