"""护理操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import is_before, is_outside_span, repeated

rules = RuleBook("gnr_item")

belonging.of_a_visit(rules, key="nursing_operation_id")
belonging.of_a_record(rules, "nursing_record_id")


@rules.parent("gnr_item-01", "nursing_record_id")
def done_before_the_record_was_signed(record: Record, nursing_record: Record) -> Says:
    if is_before(nursing_record.get("sign_time"), record.get("operation_time")):
        yield "operation_time"


@rules.parent("gnr_item-01", "visit_id")
def done_during_the_stay(record: Record, visit: Record) -> Says:
    if is_outside_span(
        record.get("operation_time"), visit.get("admission_time"), visit.get("discharge_time")
    ):
        yield "operation_time"


@rules.message("gnr_item-02")
def numbered_apart(records: Sequence[Record]) -> Iterable[tuple[int, str]]:
    return ((place, "seq_no") for place in repeated(records, "nursing_record_id", "seq_no"))


@rules.later("gnr_item-02")
def numbered_apart_in_all(record: Record, beside: Beside) -> Says:
    if len(beside.alike("nursing_record_id", "seq_no")) > 1:
        yield "seq_no"
