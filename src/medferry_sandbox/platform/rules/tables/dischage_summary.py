"""出院小结: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import equals, has, held, lacks, says
from medferry_sandbox.platform.rules.texts import are_apart, day, differ, number, off, texts_of

rules = RuleBook("dischage_summary")

_DIED: Final = "5"
_CLOCKS_APART_S: Final = 60

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))


def _of_visit(record: Record, beside: Beside, table: str, name: str) -> str | None:
    """What the visit's record in another table says."""
    return next(iter(texts_of(beside.rows(table, visit_id=record.get("visit_id")), name)), None)


rules.later("DSS-001").once("visit_id")
rules.row("DSS-002").not_before("discharge_time", "admission_time")


@rules.later("DSS-002")
def discharged_when_other_records_say(record: Record, beside: Beside) -> Says:
    for table in ("inpatient_record_home", "discharge_record"):
        elsewhere = _of_visit(record, beside, table, "discharge_time")
        if are_apart(record.get("discharge_time"), elsewhere, seconds=_CLOCKS_APART_S):
            yield "discharge_time"


@rules.later("DSS-003")
def as_many_days_as_on_the_front_page(record: Record, beside: Beside) -> Says:
    days = number(_of_visit(record, beside, "inpatient_record_home", "hospital_days"))
    if off(record.get("hospital_days"), days, tolerance="0"):
        yield "hospital_days"


@rules.later("DSS-004")
def diagnosis_is_the_main_one_of_the_front_page(record: Record, beside: Beside) -> Says:
    main = _of_visit(record, beside, "inpatient_record_home", "main_diag_code")
    if differ(record.get("discharge_diag_code"), main):
        yield "discharge_diag_code"


rules.later("DSS-005").wrong(
    "operation_flag", says("operation_flag", "T") & lacks("dis_pat_operation_info", "discharge_summary_id")
)
rules.later("DSS-005").wrong(
    "operation_flag", says("operation_flag", "F") & held("dis_pat_operation_info", "discharge_summary_id")
)


@rules.later("DSS-006")
def died_as_the_front_page_says(record: Record, beside: Beside) -> Says:
    result = record.get("treatment_result_code")
    left_by = _of_visit(record, beside, "inpatient_record_home", "discharge_mode_code")
    if result and left_by and (result == _DIED) != (left_by == _DIED):
        yield "treatment_result_code"


@rules.row("DSS-007")
def signed_on_the_day_of_discharge_or_later(record: Record) -> Says:
    signed, left = day(record.get("sign_time")), day(record.get("discharge_time"))
    if signed is not None and left is not None and signed < left:
        yield "sign_time"
