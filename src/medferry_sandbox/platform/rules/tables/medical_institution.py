"""医疗卫生机构: what its rules say, in rules.csv's words. The day of reporting is the day of the last update."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, warns
from medferry_sandbox.platform.rules.conditions import alike, before, says, says_other, sum_of
from medferry_sandbox.platform.rules.texts import differ, off

rules = RuleBook("medical_institution")

_GOVERNMENT: Final = ("1", "2")
_CANCELLED: Final = "3"
_TOP_GRADE: Final = "0"
_THIRD_LEVEL: Final = "3"
_UNRATED: Final = "9"
_JIANGXI: Final = "36"

_is_branch: Final = says("is_branch", "T")
rules.needs("parent_institution_name", when=_is_branch)

# A branch's own code, or one that a campus has put its mark before, has no such places.
_FULL_CODE: Final = re.compile("[0-9A-Z]{22}")
_PLACES: Final = {
    "organization_code": slice(0, 9),
    "administrative_division_code": slice(9, 15),
    "economic_type_code": slice(15, 17),
    "institution_class_code": slice(17, 21),
    "management_class_code": slice(21, 22),
}


@rules.row("MI-01")
def code_is_made_of_the_other_codes(record: Record) -> Says:
    code = record.get("institution_id", "")
    if _FULL_CODE.fullmatch(code) and any(
        differ(record.get(name), code[places]) for name, places in _PLACES.items()
    ):
        yield "institution_id"


_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _is_credit_code(code: str) -> bool:
    """GB 32100: eighteen of these characters, the last one checks the others, weighted by the powers of 3."""
    if len(code) != 18 or not set(code) <= set(_CREDIT_ALPHABET):
        return False
    values = [_CREDIT_ALPHABET.index(character) for character in code]
    weighted = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    return (weighted + values[17]) % 31 == 0


rules.row("MI-02").passes("unified_social_credit_code", _is_credit_code)


@rules.row("MI-02")
def credit_code_holds_the_organization_code(record: Record) -> Says:
    code, held = record.get("unified_social_credit_code"), record.get("organization_code")
    if code is not None and held is not None and code[8:17] != held:
        yield from warns("unified_social_credit_code")


_one_day: Final = alike("license_valid_to", "license_valid_from")
rules.row("MI-03").wrong("license_valid_to", before("license_valid_to", "license_valid_from") | _one_day)
rules.row("MI-03").not_after("license_valid_from", "updated_at")
rules.row("MI-03").not_before("license_valid_to", "updated_at")
rules.row("MI-04").needs("parent_institution_id", when=_is_branch)
rules.row("MI-04").other_than("parent_institution_id", "institution_id", when=_is_branch)
rules.later("MI-04").exists("parent_institution_id", when=_is_branch)
rules.row("MI-05").needs("government_affiliation_code", when=says("sponsor_type_code", *_GOVERNMENT))
rules.row("MI-06").not_above("health_technical_staff", "staff_total")
rules.row("MI-06").not_below("health_technical_staff", sum_of("licensed_physicians", "registered_nurses"))
rules.row("MI-07").not_above("business_area", "building_area")

_unrated: Final = says("hospital_level_code", _UNRATED)
rules.row("MI-08").wrong("hospital_level_code", says_other("hospital_grade_code", _UNRATED) & _unrated)
rules.row("MI-08").one_of("hospital_level_code", _THIRD_LEVEL, when=says("hospital_grade_code", _TOP_GRADE))


@rules.later("MI-09")
def beds_are_as_many_as_held(record: Record, beside: Beside) -> Says:
    beds = [
        bed
        for bed in beside.rows("bed", institution_id=record.get("institution_id"))
        if bed.get("is_counted") == "T" and bed.get("bed_status_code") not in (None, "6")
    ]
    if _is_not_about(record.get("actual_beds"), len(beds)):
        yield "actual_beds"


@rules.later("MI-10")
def staff_are_as_many_as_held(record: Record, beside: Beside) -> Says:
    people = [
        person
        for person in beside.rows("qm_base_user", institution_id=record.get("institution_id"))
        if person.get("staff_status_code") == "1"
    ]
    if _is_not_about(record.get("staff_total"), len(people)):
        yield "staff_total"


def _is_not_about(told: str | None, counted: int) -> bool:
    """More than 5% off; where none is held, they were not reported, and nobody can tell."""
    twentieth = Decimal(counted) * Decimal("0.05")
    return counted > 0 and off(told, Decimal(counted), tolerance=str(twentieth))


rules.row("MI-11").needs("invalidated_date", when=says("institution_status_code", _CANCELLED))
rules.row("MI-12").begins("administrative_division_code", _JIANGXI)

_NOT_NEGATIVE: Final = (
    "authorized_beds",
    "actual_beds",
    "opened_beds",
    "special_service_beds",
    "negative_pressure_beds",
    "icu_beds",
    "observation_beds",
    "establishment_staff",
    "staff_total",
    "health_technical_staff",
    "licensed_physicians",
    "registered_nurses",
    "building_area",
    "business_area",
)
for name in _NOT_NEGATIVE:
    rules.row("MI-13").not_below(name, 0)
