"""住院病案首页, the rules about fees: what they say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    When,
    above,
    equals,
    has,
    held,
    lacks,
    not_over,
    says,
    sum_of,
    total_of,
)
from medferry_sandbox.platform.rules.texts import is_above, is_at_most, off, texts_of, total

rules = RuleBook("inpatient_record_home")

_CLASSES: Final = {
    "01": "general_service_fee",
    "02": "general_treatment_fee",
    "03": "nursing_fee",
    "04": "general_other_fee",
    "05": "pathology_fee",
    "06": "lab_fee",
    "07": "imaging_fee",
    "08": "clinical_diag_fee",
    "09": "nonsurgical_fee",
    "10": "surgical_fee",
    "11": "rehab_fee",
    "12": "tcm_treatment_fee",
    "13": "western_drug_fee",
    "14": "patent_drug_fee",
    "15": "herbal_fee",
    "16": "blood_fee",
    "17": "albumin_fee",
    "18": "globulin_fee",
    "19": "coagulation_fee",
    "20": "cytokine_fee",
    "21": "exam_material_fee",
    "22": "treatment_material_fee",
    "23": "surgery_material_fee",
    "24": "other_fee",
}
_TCM_CLASSES: Final = ("tcm_diag_fee", "tcm_other_fee")
_WITHIN_OTHERS: Final = (
    "physiotherapy_fee", "anesthesia_fee", "operation_fee", "antibiotic_fee",
    "tcm_external_fee", "tcm_orthopedic_fee", "tcm_acupuncture_fee", "tcm_massage_fee", "tcm_anorectal_fee",
    "tcm_special_fee", "tcm_preparation_fee",
)  # fmt: skip
_ALL_SELF_PAID: Final = "07"
_LOCAL_ANESTHESIA: Final = "3"
_WITH_TCM: Final = ("1", "1.1", "1.2", "2")

# A page of traditional medicine has two classes more, which others leave empty.
rules.row("IRH-055").comes_to("total_cost", sum_of(*_CLASSES.values(), *_TCM_CLASSES))
for name in (*_CLASSES.values(), *_TCM_CLASSES, *_WITHIN_OTHERS):
    rules.row("IRH-056").not_below(name, 0)
rules.row("IRH-056").more_than("total_cost", 0)
rules.row("IRH-057").within("self_pay_amount", 0, "total_cost")
rules.row("IRH-057").comes_to(
    "self_pay_amount", "total_cost", when=says("payment_method_code", _ALL_SELF_PAID)
)
rules.row("IRH-058").not_above("physiotherapy_fee", "nonsurgical_fee")
rules.row("IRH-059").not_below("surgical_fee", sum_of("anesthesia_fee", "operation_fee"))
rules.row("IRH-060").not_above("antibiotic_fee", "western_drug_fee")
rules.row("IRH-061").not_above("tcm_preparation_fee", "patent_drug_fee")

_stayed_longer_than_a_day: Final = above("hospital_days", 1)


def _nothing(*names: str) -> When:
    """The fees are all told and none of them is above zero."""
    return When(lambda record, *_beside: _are_all_nothing(record, *names))


def _are_all_nothing(record: Record, *names: str) -> bool:
    """Whether the fees are all told and none of them is above zero."""
    return all(is_at_most(record.get(name), "0") for name in names)


rules.row("IRH-062").wrong("general_service_fee", _stayed_longer_than_a_day & _nothing("general_service_fee"))
rules.row("IRH-063").wrong("nursing_fee", _stayed_longer_than_a_day & _nothing("nursing_fee"))
rules.row("IRH-064").wrong(
    "treatment_material_fee",
    _stayed_longer_than_a_day
    & _nothing("exam_material_fee", "treatment_material_fee", "surgery_material_fee"),
)
rules.row("IRH-065").wrong("other_fee", not_over("total_cost", "other_fee"))


def _operations(record: Record, beside: Beside) -> Sequence[Record]:
    return beside.rows("inpatient_operation", record_home_id=record.get("record_home_id"))


rules.later("IRH-066").not_above("surgical_fee", 0, when=lacks("inpatient_operation", "record_home_id"))


@rules.later("IRH-067")
def anesthesia_has_a_fee(record: Record, beside: Beside) -> Says:
    methods = texts_of(_operations(record, beside), "anesthesia_method_code")
    asleep = any(not method.startswith(_LOCAL_ANESTHESIA) for method in methods)
    if asleep and _are_all_nothing(record, "anesthesia_fee"):
        yield "anesthesia_fee"


@rules.later("IRH-068")
def surgery_and_its_fee_go_together(record: Record, beside: Beside) -> Says:
    """An operation that has a level is surgery."""
    if not beside.knows("inpatient_operation"):
        return
    surgery = texts_of(_operations(record, beside), "operation_level_code")
    if surgery and _are_all_nothing(record, "operation_fee"):
        yield "operation_fee"
    if not surgery and is_above(record.get("operation_fee"), "0"):
        yield "operation_fee"


rules.row("IRH-069").wrong("pathology_fee", has("pathology_diag_code") & _nothing("pathology_fee"))
rules.row("IRH-070").wrong(
    "blood_fee",
    says("transfusion_flag", "T")
    & ~(has("autologous_blood_ml") & ~equals("autologous_blood_ml", 0))
    & _nothing("blood_fee"),
)
rules.row("IRH-071").wrong(
    "tcm_treatment_fee",
    says("treatment_category_code", *_WITH_TCM)
    & _stayed_longer_than_a_day
    & _nothing("tcm_diag_fee", "tcm_treatment_fee", "tcm_other_fee"),
)
rules.row("IRH-071").wrong(
    "herbal_fee",
    says("treatment_category_code", *_WITH_TCM)
    & _stayed_longer_than_a_day
    & _nothing("tcm_treatment_fee", "patent_drug_fee", "herbal_fee"),
)


@rules.later("IRH-073")
def fees_are_what_the_costs_add_up_to(record: Record, beside: Beside) -> Says:
    if not beside.knows("advice_cost") or "visit_id" not in record:
        return
    costs = beside.rows("advice_cost", visit_id=record["visit_id"])
    for of_class, name in _CLASSES.items():
        of_it = [cost for cost in costs if cost.get("home_cost_class_code") == of_class]
        if off(record.get(name), total(of_it, "amount")):
            yield name
    if off(record.get("total_cost"), total(costs, "amount")):
        yield "total_cost"


_bills: Final = total_of("medical_expense_rec", "total_cost", "visit_id")
rules.later("IRH-074").comes_to("total_cost", _bills, when=held("medical_expense_rec", "visit_id"))
