"""药品不良反应记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import has, says, their
from medferry_sandbox.platform.rules.texts import absent, is_not_within_hours

rules = RuleBook("patient_adverse_drug_reaction_record")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_NEW_GENERAL, _NEW_SEVERE, _SEVERE, _GENERAL = "1", "2", "3", "4"
_LEFT_A_SEQUELA, _DIED = "5", "6"

_came_as_outpatient: Final = says("visit_type", *_OUTPATIENT)
rules.needs("visit_times", "outpatient_no", when=_came_as_outpatient)

_stayed: Final = says("visit_type", _STAY)
rules.needs("hospitalization_times", "inpatient_no", "medical_record_no", when=_stayed)
rules.needs(
    "concomitant_drug_reason",
    "concomitant_drug_batch_no",
    "concomitant_drug_manufacturer",
    "concomitant_drug_approval_no",
    when=has("concomitant_drug_id"),
)

rules.row("ADR-01", severity=WARNING).not_before("adr_time", "suspect_drug_start_time")
rules.row("ADR-01").not_after("adr_time", "report_time")
for drug in ("suspect_drug", "concomitant_drug"):
    rules.row("ADR-02").not_before(f"{drug}_end_time", f"{drug}_start_time")
rules.row("ADR-03").needs("serious_reason_code", when=says("report_type_code", _NEW_SEVERE, _SEVERE))
rules.row("ADR-04").needs("death_cause", "death_time", when=says("result_code", _DIED))
rules.row("ADR-04").not_before("death_time", "adr_time", when=says("result_code", _DIED))
rules.row("ADR-04").needs("sequela_desc", when=says("result_code", _LEFT_A_SEQUELA))

_INFLUENCES: Final = {_LEFT_A_SEQUELA: "4", _DIED: "5"}


@rules.row("ADR-05")
def influence_and_result_agree(record: Record) -> Says:
    result, influence = record.get("result_code"), record.get("disease_influence_code")
    for of_result, of_influence in _INFLUENCES.items():
        if result and influence and (result == of_result) != (influence == of_influence):
            yield "result_code"


_DAY_H: Final = 24
_DAYS_MAX: Final = {_NEW_GENERAL: 15, _NEW_SEVERE: 15, _SEVERE: 15, _GENERAL: 30}


@rules.row("ADR-06")
def reported_in_time(record: Record) -> Says:
    """At once, that is within a day, where the patient died."""
    happened, reported = record.get("adr_time"), record.get("report_time")
    days = _DAYS_MAX.get(record.get("report_type_code", ""))
    late = days is not None and is_not_within_hours(happened, reported, days * _DAY_H)
    if late or (record.get("result_code") == _DIED and is_not_within_hours(happened, reported, _DAY_H)):
        yield "report_time"


_NOT_STOPPED: Final = "4"
_NOT_GIVEN_AGAIN: Final = "4"

rules.row("ADR-07").one_of("rechallenge_code", _NOT_GIVEN_AGAIN, when=says("dechallenge_code", _NOT_STOPPED))

_HAD: Final = "1"
for whose in ("family", "past"):
    rules.row("ADR-08").needs(f"{whose}_adr_desc", when=says(f"{whose}_adr_code", _HAD))

_OTHER_DRUG_DEMANDED: Final = (
    "concomitant_drug_id",
    "concomitant_drug_generic_name",
    "concomitant_drug_dosage",
    "concomitant_drug_route_code",
    "concomitant_drug_start_time",
)


@rules.row("ADR-09")
def another_drug_is_told_whole(record: Record) -> Says:
    if any(name.startswith("concomitant_drug_") for name in record):
        yield from missing(*absent(record, *_OTHER_DRUG_DEMANDED))


rules.later("ADR-10").agrees("patient_name", "sex_code", "birth_date", at="patient_id")
for kind, came in ((_came_as_outpatient, "visit_time"), (_stayed, "admission_time")):
    rules.parent("ADR-10", "visit_id").not_before("adr_time", their(came), when=kind)
