"""设备: what its rules say, in rules.csv's words. Today is the day of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    is_above,
    is_before,
    is_outside,
    number,
    off,
    product,
    years_between,
)

rules = RuleBook("euipment")

_LARGE: Final = ("1", "2")
_IN_USE: Final = "1"
_SCRAPPED: Final = "3"
_IMPORTED: Final = "1"
_CHINA: Final = ("156", "CHN", "CN")
_AMBULANCE: Final = "13"


@rules.row("EQ-01")
def days_follow_each_other(record: Record) -> Says:
    name = are_in_order(record, "manufacture_date", "purchase_date", "enabled_date", "scrapped_date")
    if name is not None:
        yield name


@rules.row("EQ-02")
def value_is_price_by_number(record: Record) -> Says:
    if off(record.get("total_value"), product(record.get("unit_price"), record.get("same_batch_count"))):
        yield "total_value"


@rules.row("EQ-03")
def costs_ten_thousand_or_more(record: Record) -> Says:
    if is_above("10000", record.get("unit_price")):
        yield "unit_price"


@rules.row("EQ-04")
def large_equipment_has_a_license(record: Record) -> Says:
    if record.get("large_equipment_class_code") in _LARGE:
        yield from missing(*absent(record, "large_equipment_license_no"))


@rules.row("EQ-05")
def says_since_when_used_or_scrapped(record: Record) -> Says:
    if record.get("usage_status_code") == _SCRAPPED:
        yield from missing(*absent(record, "scrapped_date"))
    if record.get("usage_status_code") == _IN_USE:
        yield from missing(*absent(record, "enabled_date"))


@rules.row("EQ-06")
def imported_comes_from_abroad(record: Record) -> Says:
    if record.get("origin_code") != _IMPORTED:
        return
    yield from missing(*absent(record, "origin_country_code"))
    if record.get("origin_country_code") in _CHINA:
        yield "origin_country_code"


@rules.row("EQ-07")
def verification_is_told_and_valid(record: Record) -> Says:
    if record.get("is_metrology_required") != "T":
        return
    yield from missing(*absent(record, "metrology_valid_to"))
    in_use = record.get("usage_status_code") == _IN_USE
    if in_use and is_before(record.get("metrology_valid_to"), record.get("updated_at")):
        yield "metrology_valid_to"


@rules.row("EQ-08")
def design_life_is_one_to_thirty_years(record: Record) -> Says:
    if is_outside(record.get("design_life_years"), "1", "30"):
        yield "design_life_years"


@rules.row("EQ-08")
def is_not_used_longer_than_designed(record: Record) -> Says:
    life = number(record.get("design_life_years"))
    age = years_between(record.get("purchase_date"), record.get("updated_at"))
    if record.get("usage_status_code") == _IN_USE and life is not None and age is not None and age > life:
        yield "design_life_years"


@rules.later("EQ-09")
def asset_number_is_of_one_equipment(record: Record, beside: Beside) -> Says:
    if len(beside.alike("asset_no")) > 1:
        yield "asset_no"


@rules.row("EQ-10")
def ambulance_tells_of_its_positioning(record: Record) -> Says:
    if record.get("equipment_type_code") == _AMBULANCE:
        yield from missing(*absent(record, "has_vehicle_gps"))
