"""检查项目: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.owner import of_a_record, of_a_visit
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    days_between,
    differing,
    is_before,
    off,
    repeated,
    texts_of,
)

rules = RuleBook("examination_exam")
of_a_visit(rules, key="exam_item_id")
of_a_record(rules, "examination_id")

_PATHOLOGY: Final = "PA"


@rules.needs("recognition_item_code")
def _is_recognised_by_name(record: Record) -> bool:
    return "recognition_item_name" in record


@rules.needs("recognition_item_name")
def _is_recognised_by_code(record: Record) -> bool:
    return "recognition_item_code" in record


@rules.needs("specimen_status")
def _has_specimen(record: Record) -> bool:
    return "specimen_category" in record


@rules.needs("quantitative_result")
def _has_unit(record: Record) -> bool:
    return "unit" in record


@rules.parent("C", "examination_id")
def pathology_has_a_fixed_specimen(record: Record, examination: Record) -> Says:
    if examination.get("exam_type_code") == _PATHOLOGY:
        yield from missing(*absent(record, "specimen_category", "specimen_fixative"))


@rules.message("examination_exam-01")
def numbered_apart(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    return ((place, "seq_no") for place in repeated(records, "examination_id", "seq_no"))


@rules.later("examination_exam-01")
def numbered_apart_in_all(record: Record, beside: Beside) -> Says:
    if len(beside.alike("examination_id", "seq_no")) > 1:
        yield "seq_no"


@rules.row("examination_exam-02")
def number_has_a_unit(record: Record) -> Says:
    if "quantitative_result" in record:
        yield from missing(*absent(record, "unit"))


@rules.row("examination_exam-03")
def specimen_is_collected_and_received(record: Record) -> Says:
    collected, received = "specimen_collect_time", "specimen_receive_time"
    if "specimen_category" in record:
        yield from missing(*absent(record, collected, received))
    if is_before(record.get(received), record.get(collected)):
        yield received


@rules.parent("examination_exam-04", "examination_id")
def agrees_with_its_examination(record: Record, examination: Record) -> Says:
    days = days_between(examination.get("exam_date"), record.get("exam_date"))
    if days is not None and abs(days) > 1:
        yield "exam_date"
    yield from differing(record, examination, "report_no")


@rules.later("examination_exam-05")
def amounts_add_up_to_the_fee(record: Record, beside: Beside) -> Says:
    items = beside.rows("examination_exam", examination_id=record.get("examination_id"))
    amounts = texts_of(items, "amount")
    examination = beside.pointed("examination_id") or {}
    if len(amounts) == len(items) and off(examination.get("exam_fee"), added(*amounts)):
        yield "amount"
