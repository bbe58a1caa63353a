"""住院病案首页: what its rules say, in rules.csv's words. Those about care, diagnoses and fees are chapters of their own."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    card_birth,
    card_sex,
    days,
    equals,
    has,
    hours,
    lacks,
    not_over,
    raised,
    says,
    says_other,
    their,
    told,
)
from medferry_sandbox.platform.rules.home_page import care, diagnoses, fees
from medferry_sandbox.platform.rules.home_page.moves import ends_elsewhere
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import differ, overlap, texts_of

rules = RuleBook("inpatient_record_home")
rules.include(care.rules)
rules.include(diagnoses.rules)
rules.include(fees.rules)

_MALE: Final = "1"
_FEMALE: Final = "2"
_NOTHING: Final = ("-", "无")
_DASH: Final = "-"
_TRANSFERRED_IN: Final = "3"
_WITH_TCM: Final = ("1", "1.1", "1.2", "2")
_UNMARRIED: Final = "10"
_WAS_EVER_MARRIED: Final = ("20", "21", "22", "23", "30", "40")
_SPOUSE: Final = ("10", "11", "12")
_OF_CHILDREN: Final = ("31", "70", "90")  # at school, without work, other
_RETIRED: Final = "80"
_TRANSFERRED_OUT: Final = ("2", "3")
_DIED: Final = "5"
_YES_OR_NO: Final = ("1", "2")
_NO_PLAN: Final = "1"
_PLAN: Final = "2"
# Beijing, Tianjin, Shanghai, Chongqing; and who knows only the province, or a county right below it.
_WITHOUT_CITIES: Final = ("11", "12", "31", "50")
_OF_NO_CITY: Final = ("00", "90")
_POSTCODE: Final = re.compile("[0-9]{6}|-")
_PHONE: Final = re.compile("[0-9-]{7,20}|-")
_FORMS: Final = {
    "current_postcode": _POSTCODE,
    "household_postcode": _POSTCODE,
    "employer_postcode": _POSTCODE,
    "phone": _PHONE,
    "employer_phone": _PHONE,
    "contact_phone": _PHONE,
}

rules.needs("employer_postcode", "employer_phone", when=says_other("employer_name", *_NOTHING))
rules.needs("transfer_in_org_name", when=says("admission_route_code", _TRANSFERRED_IN))
rules.needs("transfer_dept_code", when=has("transfer_dept_name"))
rules.needs("transfer_dept_name", when=has("transfer_dept_code"))
rules.needs(
    "tcm_preparation_fee",
    "tcm_other_fee",
    "tcm_special_fee",
    "tcm_anorectal_fee",
    "tcm_massage_fee",
    "tcm_acupuncture_fee",
    "tcm_orthopedic_fee",
    "tcm_external_fee",
    "tcm_diag_fee",
    "tcm_nursing_flag",
    "tcm_technique_flag",
    "tcm_device_flag",
    "tcm_preparation_flag",
    "tcm_pathway_flag",
    when=says("treatment_category_code", *_WITH_TCM),
)

for name in ("record_home_id", "visit_id"):
    rules.later("IRH-001").once(name)
rules.later("IRH-002").once("medical_record_no", "admission_times", "discharge_time")
rules.row("IRH-004").same_as("birth_date", card_birth("id_no", "id_type_code"))
rules.row("IRH-005").same_as(
    "sex_code", card_sex("id_no", "id_type_code"), when=says("sex_code", _MALE, _FEMALE)
)
rules.later("IRH-006").agrees("patient_name", "sex_code", "birth_date", "id_no", at="patient_id")
rules.row("IRH-007").not_after("birth_date", "admission_time")
rules.row("IRH-008", severity=WARNING).aged("age_year", "birth_date", "admission_time", tolerance_years=0)
rules.row("IRH-008").within("age_year", 0, 150)
rules.row("IRH-009").needs("age_month", "age_day", when=equals("age_year", 0))
rules.row("IRH-009").empty("age_month", "age_day", when=~equals("age_year", 0) & not_over(1, "age_year"))

_is_infant: Final = equals("age_year", 0)
_days_old: Final = raised(days("birth_date", "admission_time"), 0)
rules.row("IRH-010").comes_to("age_day", _days_old, tolerance="0", when=_is_infant)
rules.row("IRH-010").within("age_day", 0, 365, when=_is_infant)
rules.row("IRH-011").needs(
    "newborn_birth_weight",
    "newborn_admission_weight",
    when=not_over(days("birth_date", "admission_time"), 28),
)
for name in ("newborn_birth_weight", "newborn_admission_weight"):
    rules.row("IRH-011").within(name, 100, 9999)
rules.row("IRH-012").empty("newborn_admission_weight", when=above(days("birth_date", "admission_time"), 28))
for sex, of_age in ((_MALE, 22), (_FEMALE, 20)):
    too_young = says("sex_code", sex) & above(of_age, "age_year")
    rules.row("IRH-015").wrong("marital_code", says("marital_code", *_WAS_EVER_MARRIED) & too_young)
rules.row("IRH-016").wrong(
    "contact_relation_code", says("marital_code", _UNMARRIED) & says("contact_relation_code", *_SPOUSE)
)
rules.row("IRH-017").one_of("occupation_code", *_OF_CHILDREN, when=not_over("age_year", 16))
rules.row("IRH-018").wrong("occupation_code", says("occupation_code", _RETIRED) & above(45, "age_year"))
for name, form in _FORMS.items():
    rules.row("IRH-019").looks(name, form)


@rules.row("IRH-020")
def places_are_named_as_coded(record: Record) -> Says:
    for address in ("current_addr", "household_addr"):
        code = record.get(f"{address}_code", "")
        of_level = {"province": f"{code[:2]}0000", "city": f"{code[:4]}00", "county": code}
        if code[:2] in _WITHOUT_CITIES or code[2:4] in _OF_NO_CITY:
            del of_level["city"]
        for level, division in of_level.items():
            if code and is_misnamed(record.get(f"{address}_{level}"), division, "GB/T 2260"):
                yield f"{address}_{level}"


rules.row("IRH-021").not_before("discharge_time", "admission_time")

_days: Final = raised(days("admission_time", "discharge_time"), 1)
rules.row("IRH-022").comes_to("hospital_days", _days, tolerance="0")
rules.row("IRH-022").not_below("hospital_days", 1)
for name in ("admission_time", "discharge_time"):
    rules.parent("IRH-023", "visit_id").close_to(name, their(name))
rules.parent("IRH-023", "visit_id").same_as("admission_dept_code", their("dept_code"))
# The record's own last change stands for the report's time.
rules.row("IRH-024").not_after("discharge_time", "updated_at")
rules.row("IRH-024").not_before("qc_date", "discharge_time")


@rules.later("IRH-025")
def stays_are_counted_and_follow_each_other(record: Record, beside: Beside) -> Says:
    if len(beside.alike("patient_id", "admission_times")) > 1:
        yield "admission_times"
    stay = record.get("admission_time"), record.get("discharge_time")
    others = (one for one in beside.alike("patient_id") if one is not record)
    if any(overlap(stay, (one.get("admission_time"), one.get("discharge_time"))) for one in others):
        yield "admission_time"


@rules.row("IRH-026")
def leaves_from_where_it_was_last(record: Record) -> Says:
    moves = record.get("transfer_dept_name", "-")
    if moves in _NOTHING:
        if differ(record.get("admission_dept_code"), record.get("discharge_dept_code")):
            yield "discharge_dept_code"
    elif ends_elsewhere(moves, record.get("discharge_dept_name")):
        yield "transfer_dept_name"


rules.row("IRH-045").needs("receiving_org_name", when=says("discharge_mode_code", *_TRANSFERRED_OUT))
rules.row("IRH-045").one_of(
    "receiving_org_name",
    _DASH,
    when=~says("discharge_mode_code", *_TRANSFERRED_OUT) & has("discharge_mode_code"),
)
rules.row("IRH-046").needs("autopsy_flag", when=says("discharge_mode_code", _DIED))
rules.row("IRH-046").one_of("autopsy_flag", *_YES_OR_NO, when=says("discharge_mode_code", _DIED))
rules.row("IRH-046").one_of(
    "autopsy_flag", _DASH, when=~says("discharge_mode_code", _DIED) & has("discharge_mode_code")
)
rules.row("IRH-047").one_of("readmission_31d_flag", _NO_PLAN, when=says("discharge_mode_code", _DIED))
rules.later("IRH-047").wrong(
    "discharge_mode_code",
    says("discharge_mode_code", _DIED)
    & lacks("death_record", "visit_id")
    & lacks("h24_adm_death_record", "visit_id"),
)
rules.later("IRH-048").close_to("discharge_time", told("death_record", "death_time", "visit_id"))
rules.row("IRH-049").needs("readmission_31d_purpose", when=says("readmission_31d_flag", _PLAN))
rules.row("IRH-049").one_of("readmission_31d_purpose", _DASH, when=says("readmission_31d_flag", _NO_PLAN))


@rules.row("IRH-054", severity="WARNING")
def signed_by_different_persons(record: Record) -> Says:
    """No doctor is the nurse, and neither is usually the coder."""
    signed = texts_of([record], "resident_physician_id")
    signed += texts_of([record], "responsible_nurse_id") + texts_of([record], "coder_id")
    if len(set(signed)) < len(signed):
        yield "responsible_nurse_id"


rules.row("IRH-075").wrong("created_at", above(hours("discharge_time", "created_at"), 24))
