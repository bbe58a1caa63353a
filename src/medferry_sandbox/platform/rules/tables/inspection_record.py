"""检验记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    before,
    day_of,
    differs,
    equals,
    fixed,
    held,
    lacks,
    not_over,
    of_other_sex,
    says,
    several,
    their,
    years,
)
from medferry_sandbox.platform.rules.owner import of_a_person, of_a_visit
from medferry_sandbox.platform.rules.texts import differ, texts_of

rules = RuleBook("inspection_record")
of_a_visit(rules, key="inspection_id")
of_a_person(rules)

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_ROUTINE: Final = "1"
_CULTURE: Final = "2"
_WITHOUT_NUMBERS: Final = ("2", "3")
_NORMAL: Final = "N"

rules.needs("age_year", when=not_over(1, years("birth_date", "test_date")))
rules.needs("report_result", when=says("report_type_code", *_WITHOUT_NUMBERS))

rules.row("inspection_record-C06").aged("age_year", "birth_date", "test_date")
rules.row("inspection_record-C06").needs("age_month", when=equals("age_year", 0))
rules.parent("inspection_record-C07", "visit_id").agrees("visit_type")
rules.row("inspection_record-C07").needs("outpatient_no", when=says("visit_type", *_OUTPATIENT))
rules.row("inspection_record-C07").needs(
    "inpatient_no", "ward_name", "bed_no", when=says("visit_type", _STAY)
)

_STEPS: Final = ("request_time", "specimen_collect_time", "specimen_receive_time", "report_time")
rules.row("inspection_record-01").in_order(*_STEPS)
rules.row("inspection_record-02").during("test_date", "specimen_collect_time", "report_date")
rules.row("inspection_record-03").wrong("report_date", differs(day_of("report_date"), day_of("report_time")))
rules.row("inspection_record-03").not_after("review_time", "report_time")
rules.parent("inspection_record-04", "visit_id").wrong(
    "request_time",
    before("request_time", their("visit_time")) | before("request_time", their("admission_time")),
)
rules.parent("inspection_record-04", "visit_id").not_after(
    "specimen_collect_time", their("discharge_time"), when=says("visit_type", _STAY)
)

_in_no_hurry: Final = ~says("urgent_flag", "T")
rules.row("inspection_record-05").other_than("review_doctor_id", "report_doctor_id", when=_in_no_hurry)
rules.later("inspection_record-06").once("report_no")
rules.later("inspection_record-06").wrong("specimen_no", several("patient_id", "specimen_no", "test_date"))
rules.later("inspection_record-07").wrong(
    "report_type_code", lacks("inspection_test_res", "inspection_id") & says("report_type_code", _ROUTINE)
)
rules.later("inspection_record-08").wrong(
    "report_type_code", lacks("inspection_bio_res", "inspection_id") & says("report_type_code", _CULTURE)
)

_some_is_critical: Final = held("inspection_test_res", "inspection_id", critical_value_flag=fixed("T"))
rules.later("inspection_record-09").wrong(
    "critical_value_flag", says("critical_value_flag", "F") & _some_is_critical
)
rules.row("inspection_record-09").needs("critical_value_notify_time", when=says("critical_value_flag", "T"))
rules.row("inspection_record-09").not_before(
    "critical_value_notify_time", "test_date", when=says("critical_value_flag", "T")
)


@rules.later("inspection_record-10")
def abnormal_where_a_result_is(record: Record, beside: Beside) -> Says:
    results = beside.rows("inspection_test_res", inspection_id=record.get("inspection_id"))
    if not results:
        return
    abnormal = any(flag != _NORMAL for flag in texts_of(results, "abnormal_flag_code"))
    if differ(record.get("abnormal_flag"), "T" if abnormal else "F"):
        yield "abnormal_flag"


rules.row("inspection_record-11").wrong("diagnosis_code", of_other_sex("diagnosis_code", "sex_code"))
rules.row("inspection_record-12").not_below("test_fee", 0)
