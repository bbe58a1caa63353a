"""医务人员: what its rules say, in rules.csv's words. Today and this year are those of the last update."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    card_birth,
    card_sex,
    cut,
    differs,
    has,
    has_any,
    held,
    pointed,
    says,
    says_other,
    years,
)
from medferry_sandbox.platform.rules.texts import differ, is_other

rules = RuleBook("qm_base_user")

_PHYSICIANS: Final = ("11", "12")
_NURSES: Final = ("21", "22")
_TECHNICAL: Final = (*_PHYSICIANS, *_NURSES, "31", "32", "41", "42")
_ON_DUTY: Final = "1"
_GONE: Final = ("2", "3", "4")
_DEPT_CLOSED: Final = "3"

_is_physician: Final = says("profession_category_code", *_PHYSICIANS)
rules.needs(
    "has_prescription_right",
    "is_general_practitioner",
    "is_residency_trained",
    "is_multi_site_physician",
    "physician_qualification_no",
    when=_is_physician,
)

_is_nurse: Final = says("profession_category_code", *_NURSES)
rules.needs("tech_title_code", when=says("profession_category_code", *_TECHNICAL))
rules.needs("statistics_informatics_work_code", when=says("is_statistics_informatics_staff", "T"))
rules.needs("leave_date", when=says("staff_status_code", *_GONE))

rules.row("BU-02").same_as("birth_date", card_birth("id_no", "id_type_code"))
rules.row("BU-02").same_as("sex_code", card_sex("id_no", "id_type_code"), when=says("sex_code", "1", "2"))

_OF_PHYSICIANS: Final = (
    "physician_license_no",
    "practice_category_code",
    "practice_scope_code",
    "practice_level_code",
)
rules.row("BU-03").needs(*_OF_PHYSICIANS, when=_is_physician)
rules.row("BU-04").needs("nurse_license_no", "license_valid_to", when=_is_nurse)
# A warning: renewal takes its time, and the nurse should not be lacking meanwhile.
rules.row("BU-04", severity=WARNING).not_before(
    "license_valid_to", "updated_at", when=_is_nurse & says("staff_status_code", _ON_DUTY)
)

_PROFESSION_OF_LEVEL: Final = {"1": "11", "2": "12"}
for level, profession in _PROFESSION_OF_LEVEL.items():
    of_another = says("practice_level_code", level) & says_other("profession_category_code", profession)
    rules.row("BU-05").wrong("practice_level_code", of_another)
rules.row("BU-06").needs("second_practice_org_type_code", when=says("is_multi_site_physician", "T"))
rules.row("BU-07").wrong("work_start_date", above(16, years("birth_date", "work_start_date")))
rules.row("BU-07").not_before("join_org_date", "work_start_date")
rules.row("BU-08").needs(
    "staff_movement_code", "movement_date", when=has("staff_movement_code") | has("movement_date")
)

# A warning: what moved in December may be entered in January.
_of_another_year: Final = differs(cut("movement_date", 4), cut("updated_at", 4))
rules.row("BU-08", severity=WARNING).wrong("movement_date", has("staff_movement_code") & _of_another_year)


@rules.row("BU-09")
def who_moved_out_is_not_on_duty(record: Record) -> Says:
    if "21" <= record.get("staff_movement_code", "") <= "29" and record.get("staff_status_code") == _ON_DUTY:
        yield "staff_status_code"


rules.later("BU-10").exists("dept_code")
rules.later("BU-10").same_as("dept_name", pointed("dept_code", "dept_name"))
rules.later("BU-10").wrong(
    "dept_code",
    says("staff_status_code", _ON_DUTY) & says(pointed("dept_code", "dept_status_code"), _DEPT_CLOSED),
)
rules.row("BU-11").needs("residency_certificate_no", when=says("is_residency_trained", "T"))
rules.row("BU-12").wrong(
    "has_prescription_right",
    ~says("has_prescription_right", "T")
    & (has_any("antibacterial_authority_code", "antitumor_authority_code") | says("has_narcotic_right", "T")),
)
for name in ("id_no", "staff_no", "physician_license_no"):
    rules.later("BU-13").once(name, "staff_status_code", when=says("staff_status_code", _ON_DUTY))


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
for name, physician in _ORDERED_IN.items():
    ordered = held(name, **{physician: "staff_id"})
    rules.later("BU-15").wrong("has_prescription_right", ~says("has_prescription_right", "T") & ordered)

_age: Final = years("birth_date", "updated_at")
rules.row("BU-16").wrong("birth_date", above(16, _age) | above(_age, 90))

_INSURANCE_LETTER: Final = {"01": "D", "02": "N"}


@rules.row("BU-17")
def insurance_code_tells_physicians_from_nurses(record: Record) -> Says:
    letter = record.get("medical_insurance_staff_code", "")[:1]
    of_category = _INSURANCE_LETTER.get(record.get("staff_category_code", ""))
    if is_other(letter, "D", "N") or differ(letter, of_category):
        yield "medical_insurance_staff_code"
