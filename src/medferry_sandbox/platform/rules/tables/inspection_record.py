"""检验记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.diagnoses import is_of_other_sex
from medferry_sandbox.platform.rules.owner import of_a_person, of_a_visit
from medferry_sandbox.platform.rules.texts import (
    absent,
    are_in_order,
    day,
    differ,
    differing,
    is_above,
    is_age_off,
    is_before,
    number,
    texts_of,
    years_between,
)

rules = RuleBook("inspection_record")
of_a_visit(rules, key="inspection_id")
of_a_person(rules)

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_ROUTINE: Final = "1"
_CULTURE: Final = "2"
_WITHOUT_NUMBERS: Final = ("2", "3")
_NORMAL: Final = "N"


@rules.needs("age_year")
def _is_one_year_old(record: Record) -> bool:
    years = years_between(record.get("birth_date"), record.get("test_date"))
    return years is not None and years >= 1


@rules.needs("report_result")
def _reports_in_words(record: Record) -> bool:
    return record.get("report_type_code") in _WITHOUT_NUMBERS


@rules.row("inspection_record-C06")
def age_is_that_of_the_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("test_date")):
        yield "age_year"
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.parent("inspection_record-C07", "visit_id")
def is_of_the_type_of_its_visit(record: Record, visit: Record) -> Says:
    yield from differing(record, visit, "visit_type")


@rules.row("inspection_record-C07")
def has_the_numbers_of_its_visit_type(record: Record) -> Says:
    if record.get("visit_type") in _OUTPATIENT:
        yield from missing(*absent(record, "outpatient_no"))
    if record.get("visit_type") == _STAY:
        yield from missing(*absent(record, "inpatient_no", "ward_name", "bed_no"))


@rules.row("inspection_record-01")
def requested_collected_received_reported(record: Record) -> Says:
    wrong = are_in_order(
        record, "request_time", "specimen_collect_time", "specimen_receive_time", "report_time"
    )
    if wrong:
        yield wrong


@rules.row("inspection_record-02")
def tested_between_collection_and_report(record: Record) -> Says:
    tested = record.get("test_date")
    if is_before(tested, record.get("specimen_collect_time")) or is_before(record.get("report_date"), tested):
        yield "test_date"


@rules.row("inspection_record-03")
def reported_on_the_day_and_reviewed_before(record: Record) -> Says:
    on, at = day(record.get("report_date")), day(record.get("report_time"))
    if on and at and on != at:
        yield "report_date"
    if is_before(record.get("report_time"), record.get("review_time")):
        yield "review_time"


@rules.parent("inspection_record-04", "visit_id")
def requested_during_the_visit(record: Record, visit: Record) -> Says:
    requested = record.get("request_time")
    if is_before(requested, visit.get("visit_time")) or is_before(requested, visit.get("admission_time")):
        yield "request_time"
    collected = record.get("specimen_collect_time")
    if record.get("visit_type") == _STAY and is_before(visit.get("discharge_time"), collected):
        yield "specimen_collect_time"


@rules.row("inspection_record-05")
def reviewed_by_another_doctor(record: Record) -> Says:
    reporter, reviewer = record.get("report_doctor_id"), record.get("review_doctor_id")
    if reporter and reporter == reviewer and record.get("urgent_flag") != "T":
        yield "review_doctor_id"


@rules.later("inspection_record-06")
def report_number_is_used_once(record: Record, beside: Beside) -> Says:
    if len(beside.alike("report_no")) > 1:
        yield "report_no"


@rules.later("inspection_record-06")
def specimen_of_a_day_is_of_one_patient(record: Record, beside: Beside) -> Says:
    same = beside.alike("specimen_no", "test_date")
    if len(set(texts_of(same, "patient_id"))) > 1:
        yield "specimen_no"


@rules.later("inspection_record-07")
def routine_report_has_results(record: Record, beside: Beside) -> Says:
    without = beside.lacks("inspection_test_res", inspection_id=record.get("inspection_id"))
    if without and record.get("report_type_code") == _ROUTINE:
        yield "report_type_code"


@rules.later("inspection_record-08")
def culture_has_results(record: Record, beside: Beside) -> Says:
    without = beside.lacks("inspection_bio_res", inspection_id=record.get("inspection_id"))
    if without and record.get("report_type_code") == _CULTURE:
        yield "report_type_code"


@rules.later("inspection_record-09")
def critical_where_a_result_is(record: Record, beside: Beside) -> Says:
    results = beside.rows("inspection_test_res", inspection_id=record.get("inspection_id"))
    if "T" in texts_of(results, "critical_value_flag") and record.get("critical_value_flag") == "F":
        yield "critical_value_flag"


@rules.row("inspection_record-09")
def critical_values_are_told(record: Record) -> Says:
    if record.get("critical_value_flag") == "T":
        yield from missing(*absent(record, "critical_value_notify_time"))
        if is_before(record.get("critical_value_notify_time"), record.get("test_date")):
            yield "critical_value_notify_time"


@rules.later("inspection_record-10")
def abnormal_where_a_result_is(record: Record, beside: Beside) -> Says:
    results = beside.rows("inspection_test_res", inspection_id=record.get("inspection_id"))
    if not results:
        return
    abnormal = any(flag != _NORMAL for flag in texts_of(results, "abnormal_flag_code"))
    if differ(record.get("abnormal_flag"), "T" if abnormal else "F"):
        yield "abnormal_flag"


@rules.row("inspection_record-11")
def diagnosis_is_of_the_sex(record: Record) -> Says:
    if is_of_other_sex(record.get("diagnosis_code"), record.get("sex_code")):
        yield "diagnosis_code"


@rules.row("inspection_record-12")
def costs_nothing_less_than_nothing(record: Record) -> Says:
    if is_above("0", record.get("test_fee")):
        yield "test_fee"
