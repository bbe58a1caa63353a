"""传染病报告卡: what its rules say, in rules.csv's words.

Diseases bear the four digits of the national reporting network; the first two tell the disease, the others its kind.
"""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import (
    absent,
    birth_on_card,
    code_in,
    days_between,
    differ,
    hours_between,
    is_before,
    is_not_within_hours,
    is_other,
    sex_on_card,
    texts_of,
    years_between,
)

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


def _has(record: Record, *diseases: str) -> bool:
    return record.get("disease_code", "").startswith(diseases)


@rules.needs("age_unit_code")
def _tells_an_age(record: Record) -> bool:
    return "age" in record


@rules.needs("age")
def _tells_no_birth(record: Record) -> bool:
    return "birth_date" not in record


@rules.needs("std_history_code")
def _has_aids_or_venereal_disease(record: Record) -> bool:
    return _has(record, *_AIDS_OR_VENEREAL)


@rules.needs("household_address_code")
@rules.needs("household_address")
def _is_followed_at_home(record: Record) -> bool:
    return _has(record, *_AIDS_OR_VENEREAL, _TUBERCULOSIS)


@rules.needs("lab_conclusion_code")
@rules.needs("testing_org_name")
@rules.needs("lab_confirm_date")
def _has_aids(record: Record) -> bool:
    return _has(record, _AIDS)


@rules.needs("positive_test_date")
def _has_aids_or_syphilis(record: Record) -> bool:
    return _has(record, *_AIDS_OR_SYPHILIS)


@rules.needs("death_cause_name")
def _died(record: Record) -> bool:
    return "death_date" in record


@rules.needs("disease_other")
def _has_a_disease_beside_the_law(record: Record) -> bool:
    return record.get("disease_category_code") == "9"


@rules.needs("return_reason")
def _was_returned(record: Record) -> bool:
    return record.get("review_status_code") == "2"


@rules.needs("discovery_mode_other")
def _was_found_another_way(record: Record) -> bool:
    return record.get("discovery_mode_code") == "19"


@rules.needs("infection_route_other")
def _was_infected_another_way(record: Record) -> bool:
    return record.get("infection_route_code") == "9"


@rules.needs("imported_type_code")
def _has_a_disease_often_imported(record: Record) -> bool:
    return _has(record, *_MALARIA_OR_DENGUE)


@rules.needs("imported_place_code")
@rules.needs("imported_place_name")
def _was_imported(record: Record) -> bool:
    return record.get("imported_type_code") in ("2", "3")


@rules.row("IDR-01")
def onset_diagnosis_report_and_death_in_order(record: Record) -> Says:
    onset, diagnosis = record.get("onset_date"), record.get("diagnosis_time")
    if is_before(diagnosis, onset):
        yield "onset_date"
    if is_before(record.get("report_time"), diagnosis):
        yield "diagnosis_time"
    if is_before(record.get("death_date"), onset):
        yield "death_date"


_MANAGED_AS_CLASS_A: Final = (_PLAGUE, _CHOLERA, _SARS, _LUNG_ANTHRAX)


@rules.row("IDR-02")
def reported_in_time(record: Record) -> Says:
    """A late report stays late; to refuse it would make it later."""
    hours = 2 if record.get("disease_code") in _MANAGED_AS_CLASS_A else 24
    told = is_not_within_hours(record.get("diagnosis_time"), record.get("network_report_time"), hours)
    if told and "disease_code" in record:
        yield from warns("network_report_time")


@rules.row("IDR-03")
def correction_names_what_it_corrects(record: Record) -> Says:
    if record.get("card_type_code") == _CORRECTION:
        yield from missing(*absent(record, "original_report_id"))


@rules.later("IDR-03")
def corrected_report_exists_and_another_disease_is_named(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("original_report_id"):
        yield "original_report_id"
    original = beside.pointed("original_report_id") or {}
    changed = differ(record.get("disease_code"), original.get("disease_code"))
    if changed and record.get("card_type_code") == _CORRECTION:
        yield from missing(*absent(record, "corrected_disease_name"))


@rules.row("IDR-04")
def children_have_a_parent(record: Record) -> Says:
    years = years_between(record.get("birth_date"), record.get("onset_date"))
    if years is not None and years <= 14:
        yield from missing(*absent(record, "parent_name"))


@rules.row("IDR-05")
def population_class_is_told_more_closely(record: Record) -> Says:
    if record.get("population_class_code") in ("1", "3"):
        yield from missing(*absent(record, "work_unit"))
    if record.get("population_class_code") == "29":
        yield from missing(*absent(record, "population_class_other"))


@rules.row("IDR-06")
def acute_or_chronic(record: Record) -> Says:
    if _has(record, _HEPATITIS_B, _HEPATITIS_C, _SCHISTOSOMIASIS):
        yield from missing(*absent(record, "case_class2_code"))
        if is_other(record.get("case_class2_code"), "1", "2"):
            yield "case_class2_code"


# 甲类、乙类、丙类 of the law on infectious diseases.
_CLASSES: Final = {
    "1": ("01-02",),
    "2": ("03-19", "21", "23-27", "31", "52", "99"),
    "3": ("20", "22", "32-40"),
}


@rules.row("IDR-07")
def class_is_that_of_the_disease(record: Record) -> Says:
    disease = record.get("disease_code")
    for of_law, diseases in _CLASSES.items():
        if code_in(disease, *diseases) and is_other(record.get("disease_category_code"), of_law):
            yield "disease_category_code"
    if is_misnamed(record.get("disease_name"), disease, "IDR_DISEASE"):
        yield "disease_name"


@rules.row("IDR-08")
def carriers_only_of_some_diseases(record: Record) -> Says:
    """Which others the health authority names is not at hand."""
    if record.get("case_class_code") == _CARRIER and is_other(
        record.get("disease_code"), _CHOLERA, _POLIO, _AIDS
    ):
        yield "disease_code"


_CHINA: Final = ("156", "CN")
_FOREIGNER: Final = "6"


@rules.row("IDR-09")
def person_is_the_one_on_the_card(record: Record) -> Says:
    card = (record.get("id_no"), record.get("id_type_code"))
    if differ(birth_on_card(*card), record.get("birth_date")):
        yield "birth_date"
    if record.get("sex_code") in _SEXES and differ(sex_on_card(*card), record["sex_code"]):
        yield "sex_code"


@rules.row("IDR-09")
def foreigners_are_not_chinese(record: Record) -> Says:
    if record.get("patient_belong_code") == _FOREIGNER:
        yield from missing(*absent(record, "nationality_code"))
        if record.get("nationality_code", "").startswith(_CHINA):
            yield "nationality_code"


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


@rules.row("IDR-11")
def death_is_told_with_its_cause(record: Record) -> Says:
    if _died(record):
        yield from missing(*absent(record, "is_death_by_disease", "death_cause_code"))


@rules.later("IDR-11")
def death_is_the_one_known_elsewhere(record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    deaths = texts_of(beside.rows("death_record", visit_id=record.get("visit_id")), "death_time")
    for elsewhere in (patient.get("death_time"), *deaths[:1]):
        days = days_between(record.get("death_date"), elsewhere)
        if days is not None and days != 0:
            yield "death_date"


@rules.row("IDR-12")
def age_at_onset(record: Record) -> Says:
    born, onset = record.get("birth_date"), record.get("onset_date")
    days, years = days_between(born, onset), years_between(born, onset)
    if days is None or years is None:
        return
    if _has(record, _NEWBORN_TETANUS) and days > 28:
        yield "birth_date"
    if days < 0 or years > 120:
        yield "birth_date"


_SAME_SEX_ROUTE: Final = "3"


@rules.row("IDR-13")
def men_who_have_sex_with_men(record: Record) -> Says:
    told = "msm_partner_count" in record or record.get("infection_route_code") == _SAME_SEX_ROUTE
    if told and is_other(record.get("sex_code"), _MALE):
        yield "sex_code"


_SHEET_OF_VENEREAL: Final = (
    "ethnic_code",
    "marital_status_code",
    "education_code",
    "contact_history_code",
    "discovery_mode_code",
    "infection_route_code",
)


@rules.row("IDR-14")
def sheet_of_venereal_diseases(record: Record) -> Says:
    if _has(record, *_AIDS_OR_VENEREAL):
        yield from missing(*absent(record, *_SHEET_OF_VENEREAL))


_SHEET_OF_HEPATITIS_B: Final = (
    "hbsag_positive_code",
    "alt_value",
    "anti_hbc_igm_code",
    "liver_puncture_code",
    "hbsag_conversion_code",
)


@rules.row("IDR-15")
def sheet_of_hepatitis_b(record: Record) -> Says:
    if _has(record, _HEPATITIS_B):
        yield from missing(*absent(record, *_SHEET_OF_HEPATITIS_B))
        if "hbv_first_symptom_date" not in record:
            yield from missing(*absent(record, "hbv_no_symptom_flag"))


@rules.row("IDR-15")
def sheet_of_hand_foot_mouth_disease(record: Record) -> Says:
    if _has(record, _HAND_FOOT_MOUTH):
        yield from missing(*absent(record, "hfmd_severity_code"))
        if record.get("case_class_code") == _CONFIRMED:
            yield from missing(*absent(record, "hfmd_lab_result_code"))


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


@rules.later("IDR-17")
def reported_by_a_physician(_record: Record, beside: Beside) -> Says:
    reporter = beside.pointed("report_doctor_id") or {}
    if beside.points_nowhere("report_doctor_id") or is_other(reporter.get("staff_category_code"), _PHYSICIAN):
        yield "report_doctor_id"


@rules.row("IDR-18")
def reported_to_the_network_after_the_card(record: Record) -> Says:
    if record.get("network_report_status_code") == "1":
        yield from missing(*absent(record, "network_report_time"))
        if is_before(record.get("network_report_time"), record.get("report_time")):
            yield "network_report_time"
