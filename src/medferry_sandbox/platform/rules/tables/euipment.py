"""设备: what its rules say, in rules.csv's words. Today is the day of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import product_of, says, years

rules = RuleBook("euipment")

_LARGE: Final = ("1", "2")
_IN_USE: Final = "1"
_SCRAPPED: Final = "3"
_IMPORTED: Final = "1"
_CHINA: Final = ("156", "CHN", "CN")
_AMBULANCE: Final = "13"

rules.row("EQ-01").in_order("manufacture_date", "purchase_date", "enabled_date", "scrapped_date")
rules.row("EQ-02").comes_to("total_value", product_of("unit_price", "same_batch_count"))
rules.row("EQ-03").not_below("unit_price", 10000)
rules.row("EQ-04").needs("large_equipment_license_no", when=says("large_equipment_class_code", *_LARGE))
rules.row("EQ-05").needs("scrapped_date", when=says("usage_status_code", _SCRAPPED))
rules.row("EQ-05").needs("enabled_date", when=says("usage_status_code", _IN_USE))
rules.row("EQ-06").needs("origin_country_code", when=says("origin_code", _IMPORTED))
rules.row("EQ-06").wrong(
    "origin_country_code", says("origin_code", _IMPORTED) & says("origin_country_code", *_CHINA)
)
rules.row("EQ-07").needs("metrology_valid_to", when=says("is_metrology_required", "T"))
rules.row("EQ-07").not_before(
    "metrology_valid_to",
    "updated_at",
    when=says("is_metrology_required", "T") & says("usage_status_code", _IN_USE),
)
rules.row("EQ-08").within("design_life_years", 1, 30)
rules.row("EQ-08").not_below(
    "design_life_years", years("purchase_date", "updated_at"), when=says("usage_status_code", _IN_USE)
)
rules.later("EQ-09").once("asset_no")
rules.row("EQ-10").needs("has_vehicle_gps", when=says("equipment_type_code", _AMBULANCE))
