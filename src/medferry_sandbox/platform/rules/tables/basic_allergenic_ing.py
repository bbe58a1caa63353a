"""基本健康信息的过敏原: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing, warns
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import absent, differing, is_before

rules = RuleBook("basic_allergenic_ing")

_DRUG: Final = "1"


@rules.later("BAI-001")
def health_record_exists(_record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("health_info_id"):
        yield "health_info_id"


@rules.parent("BAI-001", "health_info_id")
def of_the_same_patient(record: Record, health_info: Record) -> Says:
    yield from differing(record, health_info, "patient_id")


_OTHERS: Final = ("199", "299", "399", "9")
_SAYS_NO_MORE: Final = re.compile("其他(药物|食物|环境)?(过敏)?(源|原)?")


@rules.row("BAI-002")
def named_as_coded(record: Record) -> Says:
    code, name = record.get("allergen_code"), record.get("allergen_name")
    if code in _OTHERS:
        if name and _SAYS_NO_MORE.fullmatch(name):
            yield "allergen_name"
    elif is_misnamed(name, code, "CV05.01.038"):
        # Hospitals word names their own way; the code is good all the same.
        yield from warns("allergen_name")


@rules.row("BAI-003")
def drugs_are_named(record: Record) -> Says:
    if record.get("allergen_type_code") == _DRUG:
        yield from missing(*absent(record, "allergy_drug_name"))


@rules.row("BAI-004")
def happened_before_it_was_recorded(record: Record) -> Says:
    if is_before(record.get("record_time"), record.get("occurrence_time")):
        yield "occurrence_time"


@rules.parent("BAI-004", "patient_id")
def happened_after_birth(record: Record, patient: Record) -> Says:
    if is_before(record.get("occurrence_time"), patient.get("birth_date")):
        yield "occurrence_time"


@rules.later("BAI-005")
def told_once_per_patient(record: Record, beside: Beside) -> Says:
    """Drugs are told apart by the drug's name, all else by the allergen's."""
    if "allergy_drug_name" in record:
        same = beside.alike("patient_id", "allergen_code", "allergy_drug_name")
    else:
        alike = beside.alike("patient_id", "allergen_code", "allergen_name")
        same = [one for one in alike if "allergy_drug_name" not in one]
    if len(same) > 1:
        yield "allergen_code"
