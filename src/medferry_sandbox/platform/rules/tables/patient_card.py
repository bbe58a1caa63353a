"""患者卡: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import before, says, says_other, several, their

rules = RuleBook("patient_card")

_RESIDENT_CARD: Final = "01"
_SOCIAL_SECURITY_CARD: Final = "02"
_HEALTH_CARD: Final = "03"
_IN_USE: Final = "1"

rules.needs("insurance_type_code", when=says("card_type_code", _SOCIAL_SECURITY_CARD))

rules.later("PCA-001").exists_as("patient_id", "record_status", "1")

_several_have_it: Final = several("patient_id", "card_type_code", "card_no", "card_status_code")
rules.later("PCA-002").wrong("card_no", says("card_status_code", _IN_USE) & _several_have_it)
rules.row("PCA-003").wrong(
    "expiry_date",
    says("card_status_code", _IN_USE) & before("expiry_date", "updated_at")
    | before("expiry_date", "effective_date")
    | before("expiry_date", "issue_date"),
)
rules.row("PCA-004").needs("status_time", when=says_other("card_status_code", _IN_USE))
for kind, name in ((_RESIDENT_CARD, "id_no"), (_HEALTH_CARD, "health_card_no")):
    rules.parent("PCA-005", "patient_id").same_as("card_no", their(name), when=says("card_type_code", kind))
rules.later("PCA-006").once("primary_flag", "patient_id", when=says("primary_flag", "T"))
