"""出院小结的手术: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import before, has, held, lacks, says, starts, their
from medferry_sandbox.platform.rules.texts import days_between, texts_of

rules = RuleBook("dis_pat_operation_info")

rules.needs("incision_class_code", when=has("healing_grade_code"))
rules.needs("anesthesia_method_code", when=has("anesthetist_name"))

rules.later("DPO-001").exists("discharge_summary_id")
rules.parent("DPO-001", "discharge_summary_id").agrees("visit_id")
rules.row("DPO-002").not_after("operation_start_time", "operation_end_time")
for name in ("operation_start_time", "operation_end_time"):
    rules.parent("DPO-002", "discharge_summary_id", severity=WARNING).wrong(
        "operation_start_time", before(name, their("admission_time")) | before(their("discharge_time"), name)
    )
# Once there is one.
rules.later("DPO-003").wrong(
    "operation_code",
    held("inpatient_record_home", "visit_id") & lacks("inpatient_operation", "visit_id", "operation_code"),
)


@rules.later("DPO-003")
def on_the_days_of_the_front_page(record: Record, beside: Beside) -> Says:
    """One done several times: between the first and the last."""
    same = {name: record.get(name) for name in ("visit_id", "operation_code")}
    at, told = record.get("operation_start_time"), beside.rows("inpatient_operation", **same)
    days = [days_between(at, one) for one in texts_of(told, "operation_time")]
    known = [one for one in days if one is not None]
    if known and (min(known) > 0 or max(known) < 0):
        yield "operation_start_time"


_CLASSES_I_TO_III: Final = ("2", "3", "4")
rules.row("DPO-004").needs("healing_grade_code", when=says("incision_class_code", *_CLASSES_I_TO_III))

_LOCAL: Final = "3"
# Local anaesthesia, 3 and what begins with it, needs none.
rules.row("DPO-005").needs(
    "anesthetist_name", when=has("anesthesia_method_code") & ~starts("anesthesia_method_code", _LOCAL)
)
