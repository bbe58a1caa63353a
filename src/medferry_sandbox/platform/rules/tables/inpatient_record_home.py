"""住院病案首页: what its rules say, in rules.csv's words. Those about care, diagnoses and fees are chapters of their own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.home_page import care, diagnoses, fees
from medferry_sandbox.platform.rules.home_page.moves import ends_elsewhere
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_apart,
    birth_on_card,
    days_between,
    differ,
    differing,
    hours_between,
    is_above,
    is_age_off,
    is_at_most,
    is_before,
    is_other,
    is_outside,
    number,
    off,
    overlap,
    sex_on_card,
    texts_of,
)

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


@rules.needs("employer_phone")
@rules.needs("employer_postcode")
def _has_an_employer(record: Record) -> bool:
    return is_other(record.get("employer_name"), *_NOTHING)


@rules.needs("transfer_in_org_name")
def _was_transferred_in(record: Record) -> bool:
    return record.get("admission_route_code") == _TRANSFERRED_IN


@rules.needs("transfer_dept_code")
def _moved_to_a_named_department(record: Record) -> bool:
    return "transfer_dept_name" in record


@rules.needs("transfer_dept_name")
def _moved_to_a_coded_department(record: Record) -> bool:
    return "transfer_dept_code" in record


@rules.needs("tcm_pathway_flag")
@rules.needs("tcm_preparation_flag")
@rules.needs("tcm_device_flag")
@rules.needs("tcm_technique_flag")
@rules.needs("tcm_nursing_flag")
@rules.needs("tcm_diag_fee")
@rules.needs("tcm_external_fee")
@rules.needs("tcm_orthopedic_fee")
@rules.needs("tcm_acupuncture_fee")
@rules.needs("tcm_massage_fee")
@rules.needs("tcm_anorectal_fee")
@rules.needs("tcm_special_fee")
@rules.needs("tcm_other_fee")
@rules.needs("tcm_preparation_fee")
def _is_of_traditional_medicine(record: Record) -> bool:
    return record.get("treatment_category_code") in _WITH_TCM


@rules.later("IRH-001")
def page_is_the_only_one(record: Record, beside: Beside) -> Says:
    for name in ("record_home_id", "visit_id"):
        if len(beside.alike(name)) > 1:
            yield name


@rules.later("IRH-002")
def stay_is_told_once(record: Record, beside: Beside) -> Says:
    if len(beside.alike("medical_record_no", "admission_times", "discharge_time")) > 1:
        yield "medical_record_no"


@rules.row("IRH-004")
def birth_is_the_cards(record: Record) -> Says:
    if differ(record.get("birth_date"), birth_on_card(record.get("id_no"), record.get("id_type_code"))):
        yield "birth_date"


@rules.row("IRH-005")
def sex_is_the_cards(record: Record) -> Says:
    sex = record.get("sex_code")
    if sex in (_MALE, _FEMALE) and differ(sex, sex_on_card(record.get("id_no"), record.get("id_type_code"))):
        yield "sex_code"


@rules.later("IRH-006")
def agrees_with_its_patient(record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    yield from differing(record, patient, "patient_name", "sex_code", "birth_date", "id_no")


@rules.row("IRH-007")
def born_before_admission(record: Record) -> Says:
    if is_before(record.get("admission_time"), record.get("birth_date")):
        yield "birth_date"


@rules.row("IRH-008")
def age_is_that_of_the_birth(record: Record) -> Says:
    age = record.get("age_year")
    if is_age_off(age, record.get("birth_date"), record.get("admission_time"), tolerance_years=0):
        yield "age_year"
    if is_outside(age, "0", "150"):
        yield "age_year"


@rules.row("IRH-009")
def months_and_days_are_told_of_infants(record: Record) -> Says:
    age, finer = number(record.get("age_year")), ("age_month", "age_day")
    if age == 0:
        yield from missing(*absent(record, *finer))
    elif age is not None and age >= 1:
        yield from (name for name in finer if name in record)


@rules.row("IRH-010")
def infants_are_so_many_days_old(record: Record) -> Says:
    if number(record.get("age_year")) != 0:
        return
    days = days_between(record.get("birth_date"), record.get("admission_time"))
    told = record.get("age_day")
    if days is not None and off(told, Decimal(max(days, 0)), tolerance="0"):
        yield "age_day"
    if is_outside(told, "0", "365"):
        yield "age_day"


@rules.row("IRH-011")
def newborns_are_weighed(record: Record) -> Says:
    weights = ("newborn_birth_weight", "newborn_admission_weight")
    days = days_between(record.get("birth_date"), record.get("admission_time"))
    if days is not None and days <= 28:
        yield from missing(*absent(record, *weights))
    yield from (name for name in weights if is_outside(record.get(name), "100", "9999"))


@rules.row("IRH-012")
def only_newborns_are_weighed_as_such(record: Record) -> Says:
    days = days_between(record.get("birth_date"), record.get("admission_time"))
    if days is not None and days > 28 and "newborn_admission_weight" in record:
        yield "newborn_admission_weight"


@rules.row("IRH-015")
def married_are_of_age(record: Record) -> Says:
    of_age = {_MALE: "22", _FEMALE: "20"}.get(record.get("sex_code", ""))
    if record.get("marital_code") in _WAS_EVER_MARRIED and is_above(of_age, record.get("age_year")):
        yield "marital_code"


@rules.row("IRH-016")
def unmarried_have_no_spouse(record: Record) -> Says:
    if record.get("marital_code") == _UNMARRIED and record.get("contact_relation_code") in _SPOUSE:
        yield "contact_relation_code"


@rules.row("IRH-017")
def children_have_no_work(record: Record) -> Says:
    occupation = record.get("occupation_code")
    if is_at_most(record.get("age_year"), "16") and is_other(occupation, *_OF_CHILDREN):
        yield "occupation_code"


@rules.row("IRH-018")
def retired_are_of_an_age(record: Record) -> Says:
    if record.get("occupation_code") == _RETIRED and is_above("45", record.get("age_year")):
        yield "occupation_code"


@rules.row("IRH-019")
def postcodes_and_telephones_are_such(record: Record) -> Says:
    for name, form in _FORMS.items():
        if name in record and not form.fullmatch(record[name]):
            yield name


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


@rules.row("IRH-021")
def discharged_after_admission(record: Record) -> Says:
    if is_before(record.get("discharge_time"), record.get("admission_time")):
        yield "discharge_time"


@rules.row("IRH-022")
def days_are_those_of_the_stay(record: Record) -> Says:
    days = days_between(record.get("admission_time"), record.get("discharge_time"))
    if days is not None and off(record.get("hospital_days"), Decimal(max(days, 1)), tolerance="0"):
        yield "hospital_days"
    if is_above("1", record.get("hospital_days")):
        yield "hospital_days"


@rules.parent("IRH-023", "visit_id")
def agrees_with_its_visit(record: Record, visit: Record) -> Says:
    for name in ("admission_time", "discharge_time"):
        if are_apart(record.get(name), visit.get(name), seconds=60):
            yield name
    if differ(record.get("admission_dept_code"), visit.get("dept_code")):
        yield "admission_dept_code"


@rules.row("IRH-024")
def discharged_before_the_report(record: Record) -> Says:
    """The record's own last change stands for the report's time."""
    if is_before(record.get("updated_at"), record.get("discharge_time")):
        yield "discharge_time"
    if is_before(record.get("qc_date"), record.get("discharge_time")):
        yield "qc_date"


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


@rules.row("IRH-045")
def transferred_to_somewhere(record: Record) -> Says:
    mode = record.get("discharge_mode_code")
    if mode in _TRANSFERRED_OUT:
        yield from missing(*absent(record, "receiving_org_name"))
    elif mode and is_other(record.get("receiving_org_name"), _DASH):
        yield "receiving_org_name"


@rules.row("IRH-046")
def autopsy_is_told_of_the_dead(record: Record) -> Says:
    mode, autopsy = record.get("discharge_mode_code"), record.get("autopsy_flag")
    if mode == _DIED:
        yield from missing(*absent(record, "autopsy_flag"))
        if is_other(autopsy, *_YES_OR_NO):
            yield "autopsy_flag"
    elif mode and is_other(autopsy, _DASH):
        yield "autopsy_flag"


@rules.row("IRH-047")
def dead_do_not_come_again(record: Record) -> Says:
    if record.get("discharge_mode_code") == _DIED and is_other(record.get("readmission_31d_flag"), _NO_PLAN):
        yield "readmission_31d_flag"


@rules.later("IRH-047")
def dead_have_a_death_record(record: Record, beside: Beside) -> Says:
    records = ("death_record", "h24_adm_death_record")
    died = record.get("discharge_mode_code") == _DIED
    if died and all(beside.lacks(table, visit_id=record.get("visit_id")) for table in records):
        yield "discharge_mode_code"


@rules.later("IRH-048")
def death_is_the_discharge(record: Record, beside: Beside) -> Says:
    deaths = texts_of(beside.rows("death_record", visit_id=record.get("visit_id")), "death_time")
    if deaths and are_apart(record.get("discharge_time"), deaths[0], seconds=60):
        yield "discharge_time"


@rules.row("IRH-049")
def plan_to_come_again_has_a_purpose(record: Record) -> Says:
    plan, purpose = record.get("readmission_31d_flag"), record.get("readmission_31d_purpose")
    if plan == _PLAN:
        yield from missing(*absent(record, "readmission_31d_purpose"))
    if plan == _NO_PLAN and is_other(purpose, _DASH):
        yield "readmission_31d_purpose"


@rules.row("IRH-054", severity="WARNING")
def signed_by_different_persons(record: Record) -> Says:
    """No doctor is the nurse, and neither is usually the coder."""
    signed = texts_of([record], "resident_physician_id")
    signed += texts_of([record], "responsible_nurse_id") + texts_of([record], "coder_id")
    if len(set(signed)) < len(signed):
        yield "responsible_nurse_id"


@rules.row("IRH-075")
def written_within_a_day(record: Record) -> Says:
    late = hours_between(record.get("discharge_time"), record.get("created_at"))
    if late is not None and late > 24:
        yield "created_at"
