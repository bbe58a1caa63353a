"""检查项目: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, days, has, says, their
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import added, off, texts_of

rules = RuleBook("examination_exam")
of_a_visit(rules, key="exam_item_id")
of_a_record(rules, "examination_id")

_PATHOLOGY: Final = "PA"
rules.needs("recognition_item_code", when=has("recognition_item_name"))
rules.needs("recognition_item_name", when=has("recognition_item_code"))
rules.needs("specimen_status", when=has("specimen_category"))
rules.needs("quantitative_result", when=has("unit"))

rules.parent("C", "examination_id").needs(
    "specimen_category", "specimen_fixative", when=says(their("exam_type_code"), _PATHOLOGY)
)
rules.message("examination_exam-01").once_in_a_message("seq_no", "examination_id")
rules.later("examination_exam-01").once("seq_no", "examination_id")
rules.row("examination_exam-02").needs("unit", when=has("quantitative_result"))
rules.row("examination_exam-03").needs(
    "specimen_collect_time", "specimen_receive_time", when=has("specimen_category")
)
rules.row("examination_exam-03").not_before("specimen_receive_time", "specimen_collect_time")

_apart: Final = days(their("exam_date"), "exam_date")
rules.parent("examination_exam-04", "examination_id").wrong("exam_date", above(_apart, 1) | above(-1, _apart))
rules.parent("examination_exam-04", "examination_id").agrees("report_no")


@rules.later("examination_exam-05")
def amounts_add_up_to_the_fee(record: Record, beside: Beside) -> Says:
    items = beside.rows("examination_exam", examination_id=record.get("examination_id"))
    amounts = texts_of(items, "amount")
    examination = beside.pointed("examination_id") or {}
    if len(amounts) == len(items) and off(examination.get("exam_fee"), added(*amounts)):
        yield "amount"
