"""床位: what its rules say, in rules.csv's words. Today is the day of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, is_before, is_other, number, off

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


@rules.later("BE-02")
def ward_and_department_exist(record: Record, beside: Beside) -> Says:
    yield from (name for name in ("ward_id", "dept_code") if beside.points_nowhere(name))
    ward = beside.pointed("ward_id")
    if ward is not None and ward.get("is_ward") == "F":
        yield "ward_id"


@rules.row("BE-03")
def closed_bed_is_under_repair_or_out_of_use(record: Record) -> Says:
    if record.get("is_open") == "F" and is_other(record.get("bed_status_code"), "5", _OUT_OF_USE):
        yield "bed_status_code"


@rules.row("BE-03")
def out_of_use_says_since_when(record: Record) -> Says:
    if record.get("bed_status_code") == _OUT_OF_USE:
        yield from missing(*absent(record, "closed_date"))


_NEWBORN: Final = "05"
_OBSTETRICS: Final = "05"


@rules.row("BE-04")
def observation_rescue_and_rooming_in_are_not_counted(record: Record) -> Says:
    """A newborn's bed beside its mother stands in obstetrics; one of neonatology is a patient's, and counts."""
    of_type = record.get("bed_type_code")
    beside_the_mother = of_type == _NEWBORN and record.get("standard_dept_code", "").startswith(_OBSTETRICS)
    if record.get("is_counted") == "T" and (of_type in ("03", "10") or beside_the_mother):
        yield "is_counted"


@rules.row("BE-05")
def type_has_its_flag(record: Record) -> Says:
    """Not the other way: a bed of intensive care may have negative pressure too, and has one type only."""
    flag = _FLAG_OF_TYPE.get(record.get("bed_type_code", ""))
    if flag is not None and record.get(flag) == "F":
        yield flag


@rules.row("BE-05")
def ordinary_bed_has_no_flag(record: Record) -> Says:
    flagged = any(record.get(flag) == "T" for flag in _FLAG_OF_TYPE.values())
    if record.get("bed_type_code") == _ORDINARY and flagged:
        yield "bed_type_code"


@rules.later("BE-06")
def only_one_patient_lies_in_it(record: Record, beside: Beside) -> Says:
    """Visits do not name beds: by department, name of the ward and number."""
    place = {name: record.get(name) for name in ("dept_code", "ward_name", "bed_no")}
    if len(beside.rows("visit", **place, visit_type="3", visit_status_code="1")) > 1:
        yield "bed_no"


@rules.later("BE-07")
def fee_is_the_price_of_its_item(record: Record, beside: Beside) -> Says:
    item = beside.pointed("bed_fee_item_id")
    if item is not None and off(record.get("bed_fee_price"), number(item.get("price")), tolerance="0"):
        yield "bed_fee_price"


@rules.row("BE-08")
def opened_until_today_and_before_it_closed(record: Record) -> Says:
    if is_before(record.get("updated_at"), record.get("opened_date")):
        yield "opened_date"
    if is_before(record.get("closed_date"), record.get("opened_date")):
        yield "closed_date"
