"""24小时内入院死亡记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    equals,
    has,
    held,
    hours,
    pointed,
    says_other,
    told,
)
from medferry_sandbox.platform.rules.texts import is_before, texts_of

rules = RuleBook("h24_adm_death_record")

_DIED: Final = "5"
_RESCUE: Final = "5"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.row("HDR-001").wrong(
    "death_time",
    above(0, hours("admission_time", "death_time")) | above(hours("admission_time", "death_time"), 24),
)
rules.row("HDR-002").wrong(
    "record_time",
    above(0, hours("death_time", "record_time")) | above(hours("death_time", "record_time"), 24),
)
for name in ("admission_record", "discharge_record"):
    rules.later("HDR-003").wrong("visit_id", held(name, "visit_id"))

_left_by: Final = told("inpatient_record_home", "discharge_mode_code", "visit_id")
rules.later("HDR-004").wrong("death_time", says_other(_left_by, _DIED))
rules.later("HDR-004").close_to("death_time", told("inpatient_record_home", "discharge_time", "visit_id"))
rules.later("HDR-004").wrong("death_time", says_other(pointed("visit_id", "outcome_code"), _DIED))


@rules.later("HDR-006")
def nothing_is_done_after_death(record: Record, beside: Beside) -> Says:
    """What is written of a rescue may be written afterwards."""
    visit = record.get("visit_id")
    courses = beside.rows("daily_course_record", visit_id=visit)
    done = [
        *texts_of(beside.rows("advice", visit_id=visit), "order_time"),
        *texts_of(beside.rows("examination_record", visit_id=visit), "exam_time"),
        *texts_of(beside.rows("inspection_record", visit_id=visit), "specimen_collect_time"),
        *texts_of(
            (one for one in courses if one.get("course_type_code") not in (None, _RESCUE)), "record_time"
        ),
    ]
    if any(is_before(record.get("death_time"), time) for time in done):
        yield "death_time"
