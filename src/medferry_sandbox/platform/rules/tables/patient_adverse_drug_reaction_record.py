"""药品不良反应记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    differing,
    is_before,
    is_not_within_hours,
    is_other,
)

rules = RuleBook("patient_adverse_drug_reaction_record")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_NEW_GENERAL, _NEW_SEVERE, _SEVERE, _GENERAL = "1", "2", "3", "4"
_LEFT_A_SEQUELA, _DIED = "5", "6"


@rules.needs("outpatient_no")
@rules.needs("visit_times")
def _came_as_outpatient(record: Record) -> bool:
    return record.get("visit_type") in _OUTPATIENT


@rules.needs("medical_record_no")
@rules.needs("inpatient_no")
@rules.needs("hospitalization_times")
def _stayed(record: Record) -> bool:
    return record.get("visit_type") == _STAY


@rules.needs("concomitant_drug_approval_no")
@rules.needs("concomitant_drug_manufacturer")
@rules.needs("concomitant_drug_batch_no")
@rules.needs("concomitant_drug_reason")
def _had_another_drug(record: Record) -> bool:
    return "concomitant_drug_id" in record


@rules.row("ADR-01")
def happened_between_first_dose_and_report(record: Record) -> Says:
    at = record.get("adr_time")
    if is_before(at, record.get("suspect_drug_start_time")) or is_before(record.get("report_time"), at):
        yield "adr_time"


@rules.row("ADR-02")
def drugs_end_after_they_begin(record: Record) -> Says:
    for drug in ("suspect_drug", "concomitant_drug"):
        if is_before(record.get(f"{drug}_end_time"), record.get(f"{drug}_start_time")):
            yield f"{drug}_end_time"


@rules.row("ADR-03")
def severe_for_a_reason(record: Record) -> Says:
    if record.get("report_type_code") in (_NEW_SEVERE, _SEVERE):
        yield from missing(*absent(record, "serious_reason_code"))


@rules.row("ADR-04")
def death_and_sequela_are_told(record: Record) -> Says:
    if record.get("result_code") == _DIED:
        yield from missing(*absent(record, "death_cause", "death_time"))
        if is_before(record.get("death_time"), record.get("adr_time")):
            yield "death_time"
    if record.get("result_code") == _LEFT_A_SEQUELA:
        yield from missing(*absent(record, "sequela_desc"))


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


@rules.row("ADR-07")
def not_stopped_is_not_given_again(record: Record) -> Says:
    if record.get("dechallenge_code") == _NOT_STOPPED and is_other(
        record.get("rechallenge_code"), _NOT_GIVEN_AGAIN
    ):
        yield "rechallenge_code"


_HAD: Final = "1"


@rules.row("ADR-08")
def earlier_reactions_are_described(record: Record) -> Says:
    for whose in ("family", "past"):
        if record.get(f"{whose}_adr_code") == _HAD:
            yield from missing(*absent(record, f"{whose}_adr_desc"))


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


@rules.later("ADR-10")
def patient_is_the_same_person(record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    yield from differing(record, patient, "patient_name", "sex_code", "birth_date")


@rules.parent("ADR-10", "visit_id")
def happened_after_coming(record: Record, visit: Record) -> Says:
    came = "visit_time" if _came_as_outpatient(record) else "admission_time" if _stayed(record) else ""
    if is_before(record.get("adr_time"), visit.get(came)):
        yield "adr_time"
