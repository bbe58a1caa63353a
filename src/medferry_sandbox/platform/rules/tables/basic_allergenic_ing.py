"""基本健康信息的过敏原: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import matches, says, their

rules = RuleBook("basic_allergenic_ing")

_DRUG: Final = "1"

rules.later("BAI-001").exists("health_info_id")
rules.parent("BAI-001", "health_info_id").agrees("patient_id")

_OTHERS: Final = ("199", "299", "399", "9")
_SAYS_NO_MORE: Final = re.compile("其他(药物|食物|环境)?(过敏)?(源|原)?")

rules.row("BAI-002").empty(
    "allergen_name", when=says("allergen_code", *_OTHERS) & matches("allergen_name", _SAYS_NO_MORE)
)
rules.row("BAI-002", severity=WARNING).named(
    "allergen_name", "allergen_code", "CV05.01.038", when=~says("allergen_code", *_OTHERS)
)
rules.row("BAI-003").needs("allergy_drug_name", when=says("allergen_type_code", _DRUG))
rules.row("BAI-004").not_after("occurrence_time", "record_time")
rules.parent("BAI-004", "patient_id").not_before("occurrence_time", their("birth_date"))


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
