"""治疗记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    differing,
    is_age_off,
    is_before,
    is_no_later,
    is_outside,
    is_outside_span,
    number,
    texts_of,
    years_between,
)

rules = RuleBook("treatment_record")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_TREATED: Final = ("treatment_start_time", "treatment_end_time")


@rules.needs("age_year")
def _is_one_year_old(record: Record) -> bool:
    years = years_between(record.get("birth_date"), record.get("sign_time"))
    return years is not None and years >= 1


belonging.of_a_visit(rules, key="treatment_id")
belonging.of_a_person(rules)


@rules.row("treatment_record-C06")
def age_agrees_with_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("sign_time")):
        yield "age_year"
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.parent("treatment_record-C07", "visit_id")
def is_of_the_type_of_its_visit(record: Record, visit: Record) -> Says:
    yield from differing(record, visit, "visit_type")


@rules.row("treatment_record-C07")
def has_the_numbers_of_its_visit_type(record: Record) -> Says:
    if record.get("visit_type") in _OUTPATIENT:
        yield from missing(*absent(record, "outpatient_no"))
    if record.get("visit_type") == _STAY:
        yield from missing(*absent(record, "inpatient_no", "ward_name", "bed_no"))


@rules.row("treatment_record-01")
def allergies_are_told(record: Record) -> Says:
    if record.get("allergy_flag") == "T":
        yield from missing(*absent(record, "allergy_history"))


@rules.later("treatment_record-01")
def known_allergies_are_not_denied(record: Record, beside: Beside) -> Says:
    """Those that were known when the record was signed."""
    known = texts_of(beside.rows("basic_allergenic_ing", patient_id=record.get("patient_id")), "record_time")
    if record.get("allergy_flag") == "F" and any(is_no_later(one, record.get("sign_time")) for one in known):
        yield "allergy_flag"


@rules.later("treatment_record-02")
def invasive_treatment_has_an_operation(record: Record, beside: Beside) -> Says:
    if record.get("invasive_flag") == "T" and beside.lacks(
        "treatment_operation", treatment_id=record.get("treatment_id")
    ):
        yield "invasive_flag"


@rules.row("treatment_record-03")
def times_are_in_order(record: Record) -> Says:
    if early := are_in_order(record, *_TREATED, "sign_time"):
        yield early


@rules.row("treatment_record-04")
def followup_has_a_day_after_the_treatment(record: Record) -> Says:
    if "followup_method_code" in record:
        yield from missing(*absent(record, "followup_date"))
    if is_before(record.get("followup_date"), record.get("sign_time")):
        yield "followup_date"


@rules.later("treatment_record-05")
def something_was_done(record: Record, beside: Beside) -> Says:
    treatment = record.get("treatment_id")
    if all(
        beside.lacks(table, treatment_id=treatment)
        for table in ("treatment_item", "treatment_operation", "treatment_drug")
    ):
        yield "treatment_id"


@rules.parent("treatment_record-06", "visit_id")
def treated_during_the_stay(record: Record, visit: Record) -> Says:
    stay = visit.get("admission_time"), visit.get("discharge_time")
    for name in _TREATED:
        if is_before(record.get(name), visit.get("visit_time")) or is_outside_span(record.get(name), *stay):
            yield name


@rules.parent("treatment_record-06", "visit_id", severity=WARNING)
def treated_before_the_visit_ended(record: Record, visit: Record) -> Says:
    yield from (name for name in _TREATED if is_before(visit.get("visit_end_time"), record.get(name)))


@rules.row("treatment_record-07")
def weight_is_possible(record: Record) -> Says:
    if is_outside(record.get("weight"), "0.3", "300"):
        yield "weight"
