"""治疗操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import code_in, is_above, is_before

rules = RuleBook("treatment_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_OF_WOMEN: Final = "65-75"
_OF_MEN: Final = "60-64"

belonging.of_a_visit(rules, key="operation_id")
belonging.of_a_record(rules, "treatment_id")


@rules.row("treatment_operation-01", severity=WARNING)
def name_is_that_of_the_code(record: Record) -> Says:
    if is_misnamed(record.get("operation_name"), record.get("operation_code"), "ICD-9-CM-3"):
        yield "operation_name"


@rules.row("treatment_operation-02")
def ends_after_it_starts_and_was_done(record: Record) -> Says:
    if is_before(record.get("operation_time"), record.get("operation_start_time")):
        yield "operation_time"
    if is_above("1", record.get("operation_times")):
        yield "operation_times"


@rules.parent("treatment_operation-03", "patient_id")
def operation_is_possible_for_the_sex(record: Record, patient: Record) -> Says:
    code, sex = record.get("operation_code"), patient.get("sex_code")
    if (sex == _MALE and code_in(code, _OF_WOMEN)) or (sex == _FEMALE and code_in(code, _OF_MEN)):
        yield "operation_code"
