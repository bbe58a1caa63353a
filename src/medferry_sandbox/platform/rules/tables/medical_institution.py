"""医疗卫生机构: what its rules say, in rules.csv's words. The day of reporting is the day of the last update."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, added, differ, is_above, is_before, number, off

rules = RuleBook("medical_institution")

_GOVERNMENT: Final = ("1", "2")
_CANCELLED: Final = "3"
_TOP_GRADE: Final = "0"
_THIRD_LEVEL: Final = "3"
_UNRATED: Final = "9"
_JIANGXI: Final = "36"


@rules.needs("parent_institution_name")
def _is_branch(record: Record) -> bool:
    return record.get("is_branch") == "T"


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


@rules.row("MI-02")
def credit_code_is_right(record: Record) -> Says:
    code = record.get("unified_social_credit_code")
    if code is not None and not _is_credit_code(code):
        yield "unified_social_credit_code"


@rules.row("MI-02")
def credit_code_holds_the_organization_code(record: Record) -> Says:
    code, held = record.get("unified_social_credit_code"), record.get("organization_code")
    if code is not None and held is not None and code[8:17] != held:
        yield "unified_social_credit_code"


@rules.row("MI-03")
def license_ends_after_it_begins(record: Record) -> Says:
    begins, ends = record.get("license_valid_from"), record.get("license_valid_to")
    if is_before(ends, begins) or (ends is not None and ends == begins):
        yield "license_valid_to"


@rules.row("MI-03")
def license_is_valid_when_reported(record: Record) -> Says:
    reported = record.get("updated_at")
    if is_before(reported, record.get("license_valid_from")):
        yield "license_valid_from"
    if is_before(record.get("license_valid_to"), reported):
        yield "license_valid_to"


@rules.row("MI-04")
def branch_names_another_institution(record: Record) -> Says:
    if not _is_branch(record):
        return
    yield from missing(*absent(record, "parent_institution_id"))
    if record.get("parent_institution_id", "") == record.get("institution_id"):
        yield "parent_institution_id"


@rules.later("MI-04")
def parent_of_a_branch_exists(record: Record, beside: Beside) -> Says:
    if _is_branch(record) and beside.points_nowhere("parent_institution_id"):
        yield "parent_institution_id"


@rules.row("MI-05")
def government_institution_names_its_level(record: Record) -> Says:
    if record.get("sponsor_type_code") in _GOVERNMENT:
        yield from missing(*absent(record, "government_affiliation_code"))


@rules.row("MI-06")
def technical_staff_among_all_staff(record: Record) -> Says:
    if is_above(record.get("health_technical_staff"), record.get("staff_total")):
        yield "health_technical_staff"


@rules.row("MI-06")
def physicians_and_nurses_among_technical_staff(record: Record) -> Says:
    some = added(record.get("licensed_physicians"), record.get("registered_nurses"))
    all_of_them = number(record.get("health_technical_staff"))
    if some is not None and all_of_them is not None and some > all_of_them:
        yield "health_technical_staff"


@rules.row("MI-07")
def business_area_within_building(record: Record) -> Says:
    if is_above(record.get("business_area"), record.get("building_area")):
        yield "business_area"


@rules.row("MI-08")
def graded_means_rated(record: Record) -> Says:
    level, grade = record.get("hospital_level_code"), record.get("hospital_grade_code")
    if not level or not grade:
        return
    if grade != _UNRATED and level == _UNRATED:
        yield "hospital_level_code"
    if grade == _TOP_GRADE and level != _THIRD_LEVEL:
        yield "hospital_level_code"


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


@rules.row("MI-11")
def cancelled_says_when(record: Record) -> Says:
    if record.get("institution_status_code") == _CANCELLED:
        yield from missing(*absent(record, "invalidated_date"))


@rules.row("MI-12")
def lies_in_jiangxi(record: Record) -> Says:
    if not record.get("administrative_division_code", _JIANGXI).startswith(_JIANGXI):
        yield "administrative_division_code"


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


@rules.row("MI-13")
def nothing_is_less_than_none(record: Record) -> Says:
    return (name for name in _NOT_NEGATIVE if is_above("0", record.get(name)))
