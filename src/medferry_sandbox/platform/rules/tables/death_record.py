"""死亡记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    apart,
    coded,
    equals,
    has,
    hours,
    says,
    says_other,
    silent,
    told,
)
from medferry_sandbox.platform.rules.texts import is_before, is_other, texts_of

rules = RuleBook("death_record")

_DIED: Final = "5"
_NO_AUTOPSY: Final = "2"
_CALLED_OFF: Final = "3"  # visit_status_code
_UNKNOWN_CAUSES: Final = "R95-R99"
_HOURS_OF_A_SHORT_STAY: Final = 24
_HOURS_TO_SIGN_MAX: Final = 24
_SECONDS_APART_MAX: Final = 60

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.later("DTR-001").once("visit_id")
# The index has no mark of death, but its time.
rules.later("DTR-001").wrong("death_time", silent("patient_id", "death_time"))
rules.row("DTR-002").not_before("death_time", "admission_time")
# There is a record of its own for that, which may be used.
rules.row("DTR-002", severity=WARNING).wrong(
    "death_time", above(_HOURS_OF_A_SHORT_STAY, hours("admission_time", "death_time"))
)
rules.later("DTR-002").wrong(
    "death_time",
    apart(
        "death_time", told("inpatient_record_home", "discharge_time", "visit_id"), seconds=_SECONDS_APART_MAX
    ),
)
rules.row("DTR-003").wrong(
    "sign_time",
    above(0, hours("death_time", "sign_time")) | above(hours("death_time", "sign_time"), _HOURS_TO_SIGN_MAX),
)
rules.later("DTR-004").wrong(
    "death_time",
    says_other(told("inpatient_record_home", "discharge_mode_code", "visit_id"), _DIED)
    | says_other(told("dischage_summary", "treatment_result_code", "visit_id"), _DIED),
)
rules.later("DTR-005").wrong(
    "autopsy_consent_flag",
    says("autopsy_consent_flag", "F")
    & says_other(told("inpatient_record_home", "autopsy_flag", "visit_id"), _NO_AUTOPSY),
)
for name in ("direct_death_cause_code", "death_diag_code"):
    rules.row("DTR-006").wrong(name, coded(name, _UNKNOWN_CAUSES))


@rules.later("DTR-007")
def no_visit_after_death(record: Record, beside: Beside) -> Says:
    visits = [
        visit
        for visit in beside.rows("visit", patient_id=record.get("patient_id"))
        if is_other(visit.get("visit_status_code"), _CALLED_OFF)
    ]
    begun = [*texts_of(visits, "visit_time"), *texts_of(visits, "admission_time")]
    if any(is_before(record.get("death_time"), one) for one in begun):
        yield "death_time"
