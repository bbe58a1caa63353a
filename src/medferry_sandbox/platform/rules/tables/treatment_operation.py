"""治疗操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import coded, says, their

rules = RuleBook("treatment_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_OF_WOMEN: Final = "65-75"
_OF_MEN: Final = "60-64"

belonging.of_a_visit(rules, key="operation_id")
belonging.of_a_record(rules, "treatment_id")


rules.row("treatment_operation-01", severity=WARNING).named("operation_name", "operation_code", "ICD-9-CM-3")
rules.row("treatment_operation-02").not_before("operation_time", "operation_start_time")
rules.row("treatment_operation-02").not_below("operation_times", 1)
rules.parent("treatment_operation-03", "patient_id").wrong(
    "operation_code",
    says(their("sex_code"), _MALE) & coded("operation_code", _OF_WOMEN)
    | says(their("sex_code"), _FEMALE) & coded("operation_code", _OF_MEN),
)
