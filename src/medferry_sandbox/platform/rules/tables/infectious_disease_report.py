"""传染病报告卡: what its rules say, in rules.csv's words.

Diseases bear the four digits of the national reporting network; the first two tell the disease, the others its kind.
"""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, warns
from medferry_sandbox.platform.rules.conditions import (
    above,
    card_birth,
    card_sex,
    coded,
    day_of,
    days,
    differs,
    has,
    not_over,
    pointed,
    says,
    starts,
    told,
    years,
)
from medferry_sandbox.platform.rules.texts import hours_between, is_not_within_hours

rules = RuleBook("infectious_disease_report")

_PLAGUE, _CHOLERA, _SARS, _LUNG_ANTHRAX = "0100", "0200", "2700", "1901"
_AIDS, _POLIO = "0600", "0900"
_HEPATITIS_B, _HEPATITIS_C, _SCHISTOSOMIASIS = "0302", "0303", "3100"
_NEWBORN_TETANUS, _HAND_FOOT_MOUTH = "2500", "4000"
_AIDS_OR_VENEREAL: Final = ("06", "07", "08")
_AIDS_OR_SYPHILIS: Final = ("06", "08")
_TUBERCULOSIS: Final = "26"
_MALARIA_OR_DENGUE: Final = ("23", "24")

_CORRECTION: Final = "2"
_FIRST_REPORT: Final = "1"
_CONFIRMED: Final = "2"
_CARRIER: Final = "4"
_MALE: Final = "1"
_SEXES: Final = ("1", "2")

rules.needs("age_unit_code", when=has("age"))
rules.needs("age", when=~has("birth_date"))
rules.needs("std_history_code", when=starts("disease_code", *_AIDS_OR_VENEREAL))
rules.needs(
    "household_address",
    "household_address_code",
    when=starts("disease_code", *_AIDS_OR_VENEREAL, _TUBERCULOSIS),
)
rules.needs("lab_confirm_date", "testing_org_name", "lab_conclusion_code", when=starts("disease_code", _AIDS))
rules.needs("positive_test_date", when=starts("disease_code", *_AIDS_OR_SYPHILIS))

_died: Final = has("death_date")
rules.needs("death_cause_name", when=_died)
rules.needs("disease_other", when=says("disease_category_code", "9"))
rules.needs("return_reason", when=says("review_status_code", "2"))
rules.needs("discovery_mode_other", when=says("discovery_mode_code", "19"))
rules.needs("infection_route_other", when=says("infection_route_code", "9"))
rules.needs("imported_type_code", when=starts("disease_code", *_MALARIA_OR_DENGUE))
rules.needs("imported_place_name", "imported_place_code", when=says("imported_type_code", "2", "3"))

rules.row("IDR-01").not_after("onset_date", "diagnosis_time")
rules.row("IDR-01").not_after("diagnosis_time", "report_time")
rules.row("IDR-01").not_before("death_date", "onset_date")

_MANAGED_AS_CLASS_A: Final = (_PLAGUE, _CHOLERA, _SARS, _LUNG_ANTHRAX)


@rules.row("IDR-02")
def reported_in_time(record: Record) -> Says:
    """A late report stays late; to refuse it would make it later."""
    hours = 2 if record.get("disease_code") in _MANAGED_AS_CLASS_A else 24
    told = is_not_within_hours(record.get("diagnosis_time"), record.get("network_report_time"), hours)
    if told and "disease_code" in record:
        yield from warns("network_report_time")


rules.row("IDR-03").needs("original_report_id", when=says("card_type_code", _CORRECTION))
rules.later("IDR-03").exists("original_report_id")
rules.later("IDR-03").needs(
    "corrected_disease_name",
    when=differs("disease_code", pointed("original_report_id", "disease_code"))
    & says("card_type_code", _CORRECTION),
)
rules.row("IDR-04").needs("parent_name", when=not_over(years("birth_date", "onset_date"), 14))
rules.row("IDR-05").needs("work_unit", when=says("population_class_code", "1", "3"))
rules.row("IDR-05").needs("population_class_other", when=says("population_class_code", "29"))
rules.row("IDR-06").needs(
    "case_class2_code", when=starts("disease_code", _HEPATITIS_B, _HEPATITIS_C, _SCHISTOSOMIASIS)
)
rules.row("IDR-06").one_of(
    "case_class2_code", "1", "2", when=starts("disease_code", _HEPATITIS_B, _HEPATITIS_C, _SCHISTOSOMIASIS)
)

# 甲类、乙类、丙类 of the law on infectious diseases.
_CLASSES: Final = {
    "1": ("01-02",),
    "2": ("03-19", "21", "23-27", "31", "52", "99"),
    "3": ("20", "22", "32-40"),
}
for of_law, diseases in _CLASSES.items():
    rules.row("IDR-07").one_of("disease_category_code", of_law, when=coded("disease_code", *diseases))
rules.row("IDR-07").named("disease_name", "disease_code", "IDR_DISEASE")
# Which others the health authority names is not at hand.
rules.row("IDR-08").one_of("disease_code", _CHOLERA, _POLIO, _AIDS, when=says("case_class_code", _CARRIER))

_CHINA: Final = ("156", "CN")
_FOREIGNER: Final = "6"

rules.row("IDR-09").same_as("birth_date", card_birth("id_no", "id_type_code"))
rules.row("IDR-09").same_as("sex_code", card_sex("id_no", "id_type_code"), when=says("sex_code", *_SEXES))
rules.row("IDR-09").needs("nationality_code", when=says("patient_belong_code", _FOREIGNER))
rules.row("IDR-09").wrong(
    "nationality_code", says("patient_belong_code", _FOREIGNER) & starts("nationality_code", *_CHINA)
)

# 本县区、本市、本省: how many digits of the division the address shares with the reporting unit.
_SHARED_DIGITS: Final = {"1": 6, "2": 4, "3": 2}
_OTHER_PROVINCE: Final = "4"


@rules.row("IDR-10")
def lives_as_near_as_told(record: Record) -> Says:
    address, zone = record.get("current_address_code"), record.get("report_zone_code")
    if not address or not zone:
        return
    belongs = record.get("patient_belong_code", "")
    digits = _SHARED_DIGITS.get(belongs)
    if digits and address[:digits] != zone[:digits]:
        yield "current_address_code"
    if belongs == _OTHER_PROVINCE and address[:2] == zone[:2]:
        yield "current_address_code"


rules.row("IDR-11").needs("is_death_by_disease", "death_cause_code", when=_died)
for place in (pointed("patient_id", "death_time"), told("death_record", "death_time", "visit_id")):
    rules.later("IDR-11").wrong("death_date", differs(day_of("death_date"), day_of(place)))

_days: Final = days("birth_date", "onset_date")
rules.row("IDR-12").wrong("birth_date", starts("disease_code", _NEWBORN_TETANUS) & above(_days, 28))
rules.row("IDR-12").wrong("birth_date", above(0, _days) | above(years("birth_date", "onset_date"), 120))

_SAME_SEX_ROUTE: Final = "3"
rules.row("IDR-13").one_of(
    "sex_code", _MALE, when=has("msm_partner_count") | says("infection_route_code", _SAME_SEX_ROUTE)
)

_SHEET_OF_VENEREAL: Final = (
    "ethnic_code",
    "marital_status_code",
    "education_code",
    "contact_history_code",
    "discovery_mode_code",
    "infection_route_code",
)
rules.row("IDR-14").needs(*_SHEET_OF_VENEREAL, when=starts("disease_code", *_AIDS_OR_VENEREAL))

_SHEET_OF_HEPATITIS_B: Final = (
    "hbsag_positive_code",
    "alt_value",
    "anti_hbc_igm_code",
    "liver_puncture_code",
    "hbsag_conversion_code",
)
rules.row("IDR-15").needs(*_SHEET_OF_HEPATITIS_B, when=starts("disease_code", _HEPATITIS_B))
rules.row("IDR-15").needs(
    "hbv_no_symptom_flag", when=starts("disease_code", _HEPATITIS_B) & ~has("hbv_first_symptom_date")
)
rules.row("IDR-15").needs("hfmd_severity_code", when=starts("disease_code", _HAND_FOOT_MOUTH))
rules.row("IDR-15").needs(
    "hfmd_lab_result_code",
    when=starts("disease_code", _HAND_FOOT_MOUTH) & says("case_class_code", _CONFIRMED),
)

_AGAIN_H_MIN: Final = 7 * 24


@rules.later("IDR-16")
def reported_once(record: Record, beside: Beside) -> Says:
    """Of what was not reported no record here tells: rule VIS-019 asks it of the visit."""
    if record.get("card_type_code") != _FIRST_REPORT:
        return
    for other in beside.alike("patient_id", "disease_code", "card_type_code"):
        hours = hours_between(record.get("report_time"), other.get("report_time"))
        if other is not record and hours is not None and abs(hours) < _AGAIN_H_MIN:
            yield "disease_code"
            return


_PHYSICIAN: Final = "01"
rules.later("IDR-17").exists_as("report_doctor_id", "staff_category_code", _PHYSICIAN)
rules.row("IDR-18").needs("network_report_time", when=says("network_report_status_code", "1"))
rules.row("IDR-18").not_before(
    "network_report_time", "report_time", when=says("network_report_status_code", "1")
)
