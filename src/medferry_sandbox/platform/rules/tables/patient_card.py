"""患者卡: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, differ, is_before, is_other, texts_of

rules = RuleBook("patient_card")

_RESIDENT_CARD: Final = "01"
_SOCIAL_SECURITY_CARD: Final = "02"
_HEALTH_CARD: Final = "03"
_IN_USE: Final = "1"


@rules.needs("insurance_type_code")
def _is_social_security_card(record: Record) -> bool:
    return record.get("card_type_code") == _SOCIAL_SECURITY_CARD


@rules.later("PCA-001")
def patient_exists_and_is_valid(_record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    if beside.points_nowhere("patient_id") or is_other(patient.get("record_status"), "1"):
        yield "patient_id"


@rules.later("PCA-002")
def card_in_use_of_one_patient(record: Record, beside: Beside) -> Says:
    alike = beside.alike("card_type_code", "card_no", "card_status_code")
    if record.get("card_status_code") == _IN_USE and len(set(texts_of(alike, "patient_id"))) > 1:
        yield "card_no"


@rules.row("PCA-003")
def ends_after_it_begins_and_is_not_past(record: Record) -> Says:
    ends = record.get("expiry_date")
    past = record.get("card_status_code") == _IN_USE and is_before(ends, record.get("updated_at"))
    if past or is_before(ends, record.get("effective_date")) or is_before(ends, record.get("issue_date")):
        yield "expiry_date"


@rules.row("PCA-004")
def time_of_going_out_of_use(record: Record) -> Says:
    if is_other(record.get("card_status_code"), _IN_USE):
        yield from missing(*absent(record, "status_time"))


@rules.parent("PCA-005", "patient_id")
def number_is_the_patients(record: Record, patient: Record) -> Says:
    of_patient = {_RESIDENT_CARD: "id_no", _HEALTH_CARD: "health_card_no"}.get(
        record.get("card_type_code", "")
    )
    if of_patient and differ(record.get("card_no"), patient.get(of_patient)):
        yield "card_no"


@rules.later("PCA-006")
def one_default_card_per_patient(record: Record, beside: Beside) -> Says:
    if record.get("primary_flag") == "T" and len(beside.alike("patient_id", "primary_flag")) > 1:
        yield "primary_flag"
