"""医务人员: what its rules say, in rules.csv's words. Today and this year are those of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.texts import (
    absent,
    birth_on_card,
    differ,
    is_before,
    is_other,
    sex_on_card,
    years_between,
)

rules = RuleBook("qm_base_user")

_PHYSICIANS: Final = ("11", "12")
_NURSES: Final = ("21", "22")
_TECHNICAL: Final = (*_PHYSICIANS, *_NURSES, "31", "32", "41", "42")
_ON_DUTY: Final = "1"
_GONE: Final = ("2", "3", "4")
_DEPT_CLOSED: Final = "3"


@rules.needs("physician_qualification_no")
@rules.needs("is_multi_site_physician")
@rules.needs("is_residency_trained")
@rules.needs("is_general_practitioner")
@rules.needs("has_prescription_right")
def _is_physician(record: Record) -> bool:
    return record.get("profession_category_code") in _PHYSICIANS


def _is_nurse(record: Record) -> bool:
    return record.get("profession_category_code") in _NURSES


@rules.needs("tech_title_code")
def _is_technical(record: Record) -> bool:
    return record.get("profession_category_code") in _TECHNICAL


@rules.needs("statistics_informatics_work_code")
def _counts_or_computes(record: Record) -> bool:
    return record.get("is_statistics_informatics_staff") == "T"


@rules.needs("leave_date")
def _has_left(record: Record) -> bool:
    return record.get("staff_status_code") in _GONE


@rules.row("BU-02")
def birth_and_sex_are_those_of_the_card(record: Record) -> Says:
    number, kind = record.get("id_no"), record.get("id_type_code")
    if differ(record.get("birth_date"), birth_on_card(number, kind)):
        yield "birth_date"
    if record.get("sex_code") in ("1", "2") and differ(record.get("sex_code"), sex_on_card(number, kind)):
        yield "sex_code"


_OF_PHYSICIANS: Final = (
    "physician_license_no",
    "practice_category_code",
    "practice_scope_code",
    "practice_level_code",
)


@rules.row("BU-03")
def physician_has_a_license(record: Record) -> Says:
    if _is_physician(record):
        yield from missing(*absent(record, *_OF_PHYSICIANS))


@rules.row("BU-04")
def nurse_has_a_license(record: Record) -> Says:
    if _is_nurse(record):
        yield from missing(*absent(record, "nurse_license_no", "license_valid_to"))


@rules.row("BU-04")
def nurse_on_duty_has_a_valid_license(record: Record) -> Says:
    """A warning: renewal takes its time, and the nurse should not be lacking meanwhile."""
    on_duty = record.get("staff_status_code") == _ON_DUTY
    if _is_nurse(record) and on_duty and is_before(record.get("license_valid_to"), record.get("updated_at")):
        yield from warns("license_valid_to")


_PROFESSION_OF_LEVEL: Final = {"1": "11", "2": "12"}


@rules.row("BU-05")
def level_is_that_of_the_profession(record: Record) -> Says:
    of_level = _PROFESSION_OF_LEVEL.get(record.get("practice_level_code", ""))
    if differ(of_level, record.get("profession_category_code")):
        yield "practice_level_code"


@rules.row("BU-06")
def several_sites_have_a_second(record: Record) -> Says:
    if record.get("is_multi_site_physician") == "T":
        yield from missing(*absent(record, "second_practice_org_type_code"))


@rules.row("BU-07")
def old_enough_at_first_work(record: Record) -> Says:
    age = years_between(record.get("birth_date"), record.get("work_start_date"))
    if age is not None and age < 16:
        yield "work_start_date"


@rules.row("BU-07")
def joined_after_first_work(record: Record) -> Says:
    if is_before(record.get("join_org_date"), record.get("work_start_date")):
        yield "join_org_date"


@rules.row("BU-08")
def movement_has_its_date(record: Record) -> Says:
    if "staff_movement_code" in record or "movement_date" in record:
        yield from missing(*absent(record, "staff_movement_code", "movement_date"))


@rules.row("BU-08")
def movement_is_of_this_year(record: Record) -> Says:
    """A warning: what moved in December may be entered in January."""
    moved, told = record.get("movement_date", ""), record.get("updated_at", "")
    if "staff_movement_code" in record and differ(moved[:4], told[:4]):
        yield from warns("movement_date")


@rules.row("BU-09")
def who_moved_out_is_not_on_duty(record: Record) -> Says:
    if "21" <= record.get("staff_movement_code", "") <= "29" and record.get("staff_status_code") == _ON_DUTY:
        yield "staff_status_code"


@rules.later("BU-10")
def department_exists_and_is_open(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("dept_code"):
        yield "dept_code"
    dept = beside.pointed("dept_code")
    if dept is None:
        return
    if differ(record.get("dept_name"), dept.get("dept_name")):
        yield "dept_name"
    if record.get("staff_status_code") == _ON_DUTY and dept.get("dept_status_code") == _DEPT_CLOSED:
        yield "dept_code"


@rules.row("BU-11")
def trained_resident_has_a_certificate(record: Record) -> Says:
    if record.get("is_residency_trained") == "T":
        yield from missing(*absent(record, "residency_certificate_no"))


@rules.row("BU-12")
def special_rights_need_the_right_to_prescribe(record: Record) -> Says:
    special = (
        "antibacterial_authority_code" in record
        or "antitumor_authority_code" in record
        or record.get("has_narcotic_right") == "T"
    )
    if special and record.get("has_prescription_right") != "T":
        yield "has_prescription_right"


@rules.later("BU-13")
def numbers_are_of_one_person_on_duty(record: Record, beside: Beside) -> Says:
    if record.get("staff_status_code") != _ON_DUTY:
        return
    for name in ("id_no", "staff_no", "physician_license_no"):
        if len(beside.alike(name, "staff_status_code")) > 1:
            yield name


@rules.row("BU-14")
def title_is_not_above_the_qualification(record: Record) -> Says:
    """The last digit of GB/T 8561 is the grade, 1 the highest, as in CV08.30.005; 9 waits for a title."""
    title, grade = record.get("tech_title_code", ""), record.get("tech_qualification_code", "")[-1:]
    if title and grade and title in "12345" and grade in "12345" and title < grade:
        yield "tech_title_code"


_ORDERED_IN: Final = {
    "prescription_record": "prescriber_id",
    "encounter_opt_order": "order_doctor_id",
    "advice": "order_physician_id",
}


@rules.later("BU-15")
def who_orders_has_the_right_to_prescribe(record: Record, beside: Beside) -> Says:
    if record.get("has_prescription_right") == "T":
        return
    for table, physician in _ORDERED_IN.items():
        if beside.rows(table, **{physician: record.get("staff_id")}):
            yield "has_prescription_right"


@rules.row("BU-16")
def of_working_age(record: Record) -> Says:
    age = years_between(record.get("birth_date"), record.get("updated_at"))
    if age is not None and not 16 <= age <= 90:
        yield "birth_date"


_INSURANCE_LETTER: Final = {"01": "D", "02": "N"}


@rules.row("BU-17")
def insurance_code_tells_physicians_from_nurses(record: Record) -> Says:
    letter = record.get("medical_insurance_staff_code", "")[:1]
    of_category = _INSURANCE_LETTER.get(record.get("staff_category_code", ""))
    if is_other(letter, "D", "N") or differ(letter, of_category):
        yield "medical_insurance_staff_code"
