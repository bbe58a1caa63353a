"""患者卡: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import before, says, says_other
from medferry_sandbox.platform.rules.texts import differ, texts_of

rules = RuleBook("patient_card")

_RESIDENT_CARD: Final = "01"
_SOCIAL_SECURITY_CARD: Final = "02"
_HEALTH_CARD: Final = "03"
_IN_USE: Final = "1"

rules.needs("insurance_type_code", when=says("card_type_code", _SOCIAL_SECURITY_CARD))

rules.later("PCA-001").exists_as("patient_id", "record_status", "1")


@rules.later("PCA-002")
def card_in_use_of_one_patient(record: Record, beside: Beside) -> Says:
    alike = beside.alike("card_type_code", "card_no", "card_status_code")
    if record.get("card_status_code") == _IN_USE and len(set(texts_of(alike, "patient_id"))) > 1:
        yield "card_no"


rules.row("PCA-003").wrong(
    "expiry_date",
    says("card_status_code", _IN_USE) & before("expiry_date", "updated_at")
    | before("expiry_date", "effective_date")
    | before("expiry_date", "issue_date"),
)
rules.row("PCA-004").needs("status_time", when=says_other("card_status_code", _IN_USE))


@rules.parent("PCA-005", "patient_id")
def number_is_the_patients(record: Record, patient: Record) -> Says:
    of_patient = {_RESIDENT_CARD: "id_no", _HEALTH_CARD: "health_card_no"}.get(
        record.get("card_type_code", "")
    )
    if of_patient and differ(record.get("card_no"), patient.get(of_patient)):
        yield "card_no"


rules.later("PCA-006").once("primary_flag", "patient_id", when=says("primary_flag", "T"))
