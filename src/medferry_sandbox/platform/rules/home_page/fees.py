"""住院病案首页, the rules about fees: what they say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    added,
    is_above,
    is_at_most,
    number,
    off,
    texts_of,
    total,
)

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


@rules.row("IRH-055")
def total_is_the_sum_of_the_classes(record: Record) -> Says:
    """A page of traditional medicine has two classes more, which others leave empty."""
    parts = added(*(record.get(name) for name in (*_CLASSES.values(), *_TCM_CLASSES)))
    if off(record.get("total_cost"), parts):
        yield "total_cost"


@rules.row("IRH-056")
def no_fee_is_less_than_nothing(record: Record) -> Says:
    for name in (*_CLASSES.values(), *_TCM_CLASSES, *_WITHIN_OTHERS):
        if is_above("0", record.get(name)):
            yield name
    if is_at_most(record.get("total_cost"), "0"):
        yield "total_cost"


@rules.row("IRH-057")
def patient_pays_a_part_of_the_total(record: Record) -> Says:
    paid, cost = record.get("self_pay_amount"), record.get("total_cost")
    if is_above("0", paid) or is_above(paid, cost):
        yield "self_pay_amount"
    if record.get("payment_method_code") == _ALL_SELF_PAID and off(paid, number(cost)):
        yield "self_pay_amount"


@rules.row("IRH-058")
def physiotherapy_is_a_part(record: Record) -> Says:
    if is_above(record.get("physiotherapy_fee"), record.get("nonsurgical_fee")):
        yield "physiotherapy_fee"


@rules.row("IRH-059")
def anesthesia_and_operation_are_parts(record: Record) -> Says:
    parts = added(record.get("anesthesia_fee"), record.get("operation_fee"))
    whole = number(record.get("surgical_fee"))
    if parts is not None and whole is not None and parts > whole:
        yield "surgical_fee"


@rules.row("IRH-060")
def antibiotics_are_a_part(record: Record) -> Says:
    if is_above(record.get("antibiotic_fee"), record.get("western_drug_fee")):
        yield "antibiotic_fee"


@rules.row("IRH-061")
def own_preparations_are_a_part(record: Record) -> Says:
    if is_above(record.get("tcm_preparation_fee"), record.get("patent_drug_fee")):
        yield "tcm_preparation_fee"


def _stayed_longer_than_a_day(record: Record) -> bool:
    return is_above(record.get("hospital_days"), "1")


def _are_all_nothing(record: Record, *names: str) -> bool:
    """Whether the fees are all told and none of them is above zero."""
    return all(is_at_most(record.get(name), "0") for name in names)


@rules.row("IRH-062")
def stay_has_service_fees(record: Record) -> Says:
    if _stayed_longer_than_a_day(record) and _are_all_nothing(record, "general_service_fee"):
        yield "general_service_fee"


@rules.row("IRH-063")
def stay_has_nursing_fees(record: Record) -> Says:
    if _stayed_longer_than_a_day(record) and _are_all_nothing(record, "nursing_fee"):
        yield "nursing_fee"


@rules.row("IRH-064")
def stay_has_material_fees(record: Record) -> Says:
    materials = ("exam_material_fee", "treatment_material_fee", "surgery_material_fee")
    if _stayed_longer_than_a_day(record) and _are_all_nothing(record, *materials):
        yield "treatment_material_fee"


@rules.row("IRH-065")
def other_fees_are_not_all(record: Record) -> Says:
    if is_at_most(record.get("total_cost"), record.get("other_fee")):
        yield "other_fee"


def _operations(record: Record, beside: Beside) -> Sequence[Record]:
    return beside.rows("inpatient_operation", record_home_id=record.get("record_home_id"))


@rules.later("IRH-066")
def surgical_fee_has_an_operation(record: Record, beside: Beside) -> Says:
    without = beside.lacks("inpatient_operation", record_home_id=record.get("record_home_id"))
    if without and is_above(record.get("surgical_fee"), "0"):
        yield "surgical_fee"


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


@rules.row("IRH-069")
def pathology_has_a_fee(record: Record) -> Says:
    if "pathology_diag_code" in record and _are_all_nothing(record, "pathology_fee"):
        yield "pathology_fee"


@rules.row("IRH-070")
def transfusion_has_a_fee(record: Record) -> Says:
    own_blood = "autologous_blood_ml" in record and number(record["autologous_blood_ml"]) != 0
    if record.get("transfusion_flag") == "T" and not own_blood and _are_all_nothing(record, "blood_fee"):
        yield "blood_fee"


@rules.row("IRH-071")
def traditional_medicine_has_fees(record: Record) -> Says:
    if record.get("treatment_category_code") not in _WITH_TCM or not _stayed_longer_than_a_day(record):
        return
    if _are_all_nothing(record, "tcm_diag_fee", "tcm_treatment_fee", "tcm_other_fee"):
        yield "tcm_treatment_fee"
    if _are_all_nothing(record, "tcm_treatment_fee", "patent_drug_fee", "herbal_fee"):
        yield "herbal_fee"


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


@rules.later("IRH-074")
def total_is_what_was_settled(record: Record, beside: Beside) -> Says:
    bills = beside.rows("medical_expense_rec", visit_id=record.get("visit_id"))
    if bills and off(record.get("total_cost"), total(bills, "total_cost")):
        yield "total_cost"
