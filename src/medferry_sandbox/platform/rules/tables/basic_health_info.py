"""基本健康信息: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.texts import (
    differing,
    is_other,
    is_outside,
    texts_of,
    years_between,
)

rules = RuleBook("basic_health_info")

_MALE: Final = "1"
_NONE: Final = ("无", "无。")


@rules.needs("id_no")
def _has_papers(record: Record) -> bool:
    return "id_type_code" in record


@rules.later("BHI-001")
def patient_exists_and_is_the_same_person(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("patient_id"):
        yield "patient_id"
    patient = beside.pointed("patient_id") or {}
    yield from differing(record, patient, "patient_name", "sex_code", "birth_date")


@rules.row("BHI-002")
def men_do_not_menstruate(record: Record) -> Says:
    if record.get("sex_code") == _MALE and "menstrual_history" in record:
        yield "menstrual_history"


_NO_ALLERGY: Final = (*_NONE, "无过敏史")


@rules.row("BHI-003")
def allergies_are_told_where_there_are_some(record: Record) -> Says:
    flag, history = record.get("allergy_history_flag"), record.get("allergy_history")
    if flag == "T" and not history:
        yield from missing("allergy_history")
    if flag == "T" and history in _NO_ALLERGY:
        yield "allergy_history"
    if flag == "F" and is_other(history, *_NO_ALLERGY):
        yield "allergy_history"


@rules.later("BHI-004")
def allergens_are_listed_where_there_are_some(record: Record, beside: Beside) -> Says:
    flag, of_this = record.get("allergy_history_flag"), record.get("health_info_id")
    if flag == "T" and beside.lacks("basic_allergenic_ing", health_info_id=of_this):
        yield "allergy_history_flag"
    if flag == "F" and beside.rows("basic_allergenic_ing", health_info_id=of_this):
        yield "allergy_history_flag"


# That the histories are filled is asked of every record; “none” against the flag is for the physician to look at.
@rules.row("BHI-005")
def surgery_is_told_where_there_was_some(record: Record) -> Says:
    if record.get("surgery_history_flag") == "T" and record.get("surgery_history") in _NONE:
        yield from warns("surgery_history")


@rules.row("BHI-006")
def transfusion_is_told_where_there_was_some(record: Record) -> Says:
    if record.get("transfusion_history_flag") == "T" and record.get("transfusion_history") in _NONE:
        yield from warns("transfusion_history")


_KNOWN_TYPES: Final = {
    "abo_blood_type_code": ("1", "2", "3", "4"),
    "rh_blood_type_code": ("1", "2"),
}


@rules.later("BHI-007")
def blood_types_never_change(record: Record, beside: Beside) -> Says:
    for name, known in _KNOWN_TYPES.items():
        told = set(texts_of(beside.alike("patient_id"), name)).intersection(known)
        if record.get(name) in known and len(told) > 1:
            yield name


_DRUG: Final = "1"


@rules.later("BHI-008")
def drug_allergens_are_listed_where_there_are_some(record: Record, beside: Beside) -> Says:
    of_this = record.get("health_info_id")
    if record.get("drug_allergy_flag") == "T" and beside.lacks(
        "basic_allergenic_ing", health_info_id=of_this, allergen_type_code=_DRUG
    ):
        yield "drug_allergy_flag"


@rules.row("BHI-009")
def height_and_weight_of_people(record: Record) -> Says:
    if is_outside(record.get("height"), "20", "250"):
        yield "height"
    if is_outside(record.get("weight"), "0.3", "400"):
        yield "weight"


_UNMARRIED: Final = ("无", "未婚", "未婚未育")


@rules.row("BHI-010")
def children_are_unmarried(record: Record) -> Says:
    years = years_between(record.get("birth_date"), record.get("record_time"))
    if years is not None and years < 14 and is_other(record.get("marital_history"), *_UNMARRIED):
        yield "marital_history"
