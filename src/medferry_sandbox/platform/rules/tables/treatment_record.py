"""治疗记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import equals, has, lacks, not_over, says, their, years
from medferry_sandbox.platform.rules.texts import is_before, is_no_later, is_outside_span, texts_of

rules = RuleBook("treatment_record")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_TREATED: Final = ("treatment_start_time", "treatment_end_time")

rules.needs("age_year", when=not_over(1, years("birth_date", "sign_time")))


belonging.of_a_visit(rules, key="treatment_id")
belonging.of_a_person(rules)


rules.row("treatment_record-C06").aged("age_year", "birth_date", "sign_time")
rules.row("treatment_record-C06").needs("age_month", when=equals("age_year", 0))
rules.parent("treatment_record-C07", "visit_id").agrees("visit_type")
rules.row("treatment_record-C07").needs("outpatient_no", when=says("visit_type", *_OUTPATIENT))
rules.row("treatment_record-C07").needs("inpatient_no", "ward_name", "bed_no", when=says("visit_type", _STAY))
rules.row("treatment_record-01").needs("allergy_history", when=says("allergy_flag", "T"))


@rules.later("treatment_record-01")
def known_allergies_are_not_denied(record: Record, beside: Beside) -> Says:
    """Those that were known when the record was signed."""
    known = texts_of(beside.rows("basic_allergenic_ing", patient_id=record.get("patient_id")), "record_time")
    if record.get("allergy_flag") == "F" and any(is_no_later(one, record.get("sign_time")) for one in known):
        yield "allergy_flag"


rules.later("treatment_record-02").wrong(
    "invasive_flag", says("invasive_flag", "T") & lacks("treatment_operation", "treatment_id")
)
rules.row("treatment_record-03").not_before("treatment_end_time", "treatment_start_time")
rules.row("treatment_record-03").not_before("sign_time", "treatment_end_time")
rules.row("treatment_record-04").needs("followup_date", when=has("followup_method_code"))
rules.row("treatment_record-04").not_before("followup_date", "sign_time")
rules.later("treatment_record-05").wrong(
    "treatment_id",
    lacks("treatment_item", "treatment_id")
    & lacks("treatment_operation", "treatment_id")
    & lacks("treatment_drug", "treatment_id"),
)


@rules.parent("treatment_record-06", "visit_id")
def treated_during_the_stay(record: Record, visit: Record) -> Says:
    stay = visit.get("admission_time"), visit.get("discharge_time")
    for name in _TREATED:
        if is_before(record.get(name), visit.get("visit_time")) or is_outside_span(record.get(name), *stay):
            yield name


for name in _TREATED:
    rules.parent("treatment_record-06", "visit_id", severity=WARNING).not_after(name, their("visit_end_time"))
rules.row("treatment_record-07").within("weight", Decimal("0.3"), 300)
