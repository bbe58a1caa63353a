"""治疗用药: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import held, says
from medferry_sandbox.platform.rules.texts import differ, differing, is_other

rules = RuleBook("treatment_drug")

_POSITIVE: Final = "2"
# drug_type_code -> tcm_use_code; what a hospital makes itself may be either
_TCM_USE_OF: Final = {"1": ("1",), "2": ("2",), "3": ("3", "9"), "4": ("3", "9")}

belonging.of_a_visit(rules, key="treatment_drug_id")
belonging.of_a_record(rules, "treatment_id")


rules.row("treatment_drug-01").more_than("single_dose", 0)
rules.row("treatment_drug-01").not_below("total_dose", "single_dose")


@rules.later("treatment_drug-02")
def drug_is_as_listed(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("drug_code"):
        yield "drug_code"
    if drug := beside.pointed("drug_code"):
        if differ(record.get("drug_name"), drug.get("generic_name")):
            yield "drug_name"
        yield from differing(record, drug, "dosage_form_code")


# To a drug of this very name; which drugs are of a kind is not told here.
rules.later("treatment_drug-03").wrong(
    "drug_name", held("basic_allergenic_ing", "patient_id", allergy_drug_name="drug_name")
)
rules.row("treatment_drug-03").wrong("skin_test_result_code", says("skin_test_result_code", _POSITIVE))


@rules.later("treatment_drug-04")
def tcm_use_fits_the_drugs_type(record: Record, beside: Beside) -> Says:
    drug = beside.pointed("drug_code") or {}
    fitting = _TCM_USE_OF.get(drug.get("drug_type_code", ""))
    if fitting and is_other(record.get("tcm_use_code"), *fitting):
        yield "tcm_use_code"
