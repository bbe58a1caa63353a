"""24小时内入出院记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, equals, has, held, hours
from medferry_sandbox.platform.rules.texts import are_apart, is_not_within_hours, texts_of

rules = RuleBook("h24_adm_and_dis_record")

_DIED: Final = "5"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("age_month", when=equals("age_year", 0))

rules.row("HAD-001").wrong(
    "discharge_time",
    above(0, hours("admission_time", "discharge_time"))
    | above(hours("admission_time", "discharge_time"), 24),
)


@rules.row("HAD-002")
def written_within_a_day(record: Record) -> Says:
    """It may be begun before the patient leaves."""
    if is_not_within_hours(record.get("discharge_time"), record.get("record_time"), 24, least=-24):
        yield "record_time"


for name in ("admission_record", "discharge_record", "h24_adm_death_record"):
    rules.later("HAD-003").wrong("visit_id", held(name, "visit_id"))


@rules.later("HAD-004")
def home_page_says_the_same(record: Record, beside: Beside) -> Says:
    homes = beside.rows("inpatient_record_home", visit_id=record.get("visit_id"))
    if texts_of(homes, "discharge_mode_code")[:1] == [_DIED]:
        yield "discharge_time"
    for name in ("admission_time", "discharge_time"):
        if any(are_apart(record.get(name), told, seconds=60) for told in texts_of(homes, name)[:1]):
            yield name
