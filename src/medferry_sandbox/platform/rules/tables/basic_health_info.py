"""基本健康信息: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, fixed, has, held, lacks, says, years
from medferry_sandbox.platform.rules.texts import says_none, texts_of

rules = RuleBook("basic_health_info")

_MALE: Final = "1"
_NONE: Final = ("无", "无。")

rules.needs("id_no", when=has("id_type_code"))

rules.later("BHI-001").exists("patient_id")
rules.later("BHI-001").agrees("patient_name", "sex_code", "birth_date", at="patient_id")
rules.row("BHI-002").empty("menstrual_history", when=says("sex_code", _MALE))

_NO_ALLERGY: Final = (*_NONE, "无过敏史")

_is_allergic: Final = says("allergy_history_flag", "T")
rules.row("BHI-003").needs("allergy_history", when=_is_allergic)
rules.row("BHI-003", severity=WARNING).wrong(
    "allergy_history", _is_allergic & says("allergy_history", *_NO_ALLERGY)
)


@rules.row("BHI-003")
def without_an_allergy_none_is_told(record: Record) -> Says:
    told = record.get("allergy_history")
    if record.get("allergy_history_flag") == "F" and told and not says_none(told):
        yield "allergy_history"


rules.later("BHI-004").wrong(
    "allergy_history_flag",
    says("allergy_history_flag", "T") & lacks("basic_allergenic_ing", "health_info_id"),
)
rules.later("BHI-004").wrong(
    "allergy_history_flag", says("allergy_history_flag", "F") & held("basic_allergenic_ing", "health_info_id")
)
# That the histories are filled is asked of every record; “none” against the flag is for the physician to look at.
rules.row("BHI-005", severity=WARNING).wrong(
    "surgery_history", says("surgery_history_flag", "T") & says("surgery_history", *_NONE)
)
rules.row("BHI-006", severity=WARNING).wrong(
    "transfusion_history", says("transfusion_history_flag", "T") & says("transfusion_history", *_NONE)
)

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
rules.later("BHI-008").wrong(
    "drug_allergy_flag",
    says("drug_allergy_flag", "T")
    & lacks("basic_allergenic_ing", "health_info_id", allergen_type_code=fixed(_DRUG)),
)
rules.row("BHI-009").within("height", 20, 250)
rules.row("BHI-009").within("weight", Decimal("0.3"), 400)

_UNMARRIED: Final = ("无", "未婚", "未婚未育")
rules.row("BHI-010").one_of(
    "marital_history", *_UNMARRIED, when=above(14, years("birth_date", "record_time"))
)
