"""治疗用药: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import held, pointed, says

rules = RuleBook("treatment_drug")

_POSITIVE: Final = "2"
# drug_type_code -> tcm_use_code; what a hospital makes itself may be either
_TCM_USE_OF: Final = {"1": ("1",), "2": ("2",), "3": ("3", "9"), "4": ("3", "9")}

belonging.of_a_visit(rules, key="treatment_drug_id")
belonging.of_a_record(rules, "treatment_id")


rules.row("treatment_drug-01").more_than("single_dose", 0)
rules.row("treatment_drug-01").not_below("total_dose", "single_dose")
rules.later("treatment_drug-02").exists("drug_code")
rules.later("treatment_drug-02").same_as("drug_name", pointed("drug_code", "generic_name"))
rules.later("treatment_drug-02").agrees("dosage_form_code", at="drug_code")
# To a drug of this very name; which drugs are of a kind is not told here.
rules.later("treatment_drug-03").wrong(
    "drug_name", held("basic_allergenic_ing", "patient_id", allergy_drug_name="drug_name")
)
rules.row("treatment_drug-03").wrong("skin_test_result_code", says("skin_test_result_code", _POSITIVE))
for kind, uses in _TCM_USE_OF.items():
    of_kind = says(pointed("drug_code", "drug_type_code"), kind)
    rules.later("treatment_drug-04").one_of("tcm_use_code", *uses, when=of_kind)
