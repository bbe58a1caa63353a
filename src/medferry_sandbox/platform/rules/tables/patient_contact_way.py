"""患者联系方式: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import says, their

rules = RuleBook("patient_contact_way")

_OF_PATIENT: Final = "1"
_OF_CONTACT: Final = "2"

rules.later("PCW-001").exists_as("patient_id", "record_status", "1")
rules.row("PCW-002").needs("contact_id", when=says("owner_type_code", _OF_CONTACT))
rules.row("PCW-002").empty("contact_id", when=says("owner_type_code", _OF_PATIENT))
rules.parent("PCW-002", "contact_id").same_as(
    "patient_id", their("patient_id"), when=says("owner_type_code", _OF_CONTACT)
)

# A telephone of the patient, family or work may be a mobile as well: digits and hyphens both.
_FIXED_LINE: Final = re.compile("[0-9][0-9-]*")
_WRITTEN: Final = {
    "01": _FIXED_LINE,
    "02": _FIXED_LINE,
    "03": _FIXED_LINE,
    "04": re.compile("1[0-9]{10}"),
    "05": re.compile(r"[^@ ]+@[^@ .]+(\.[^@ .]+)+"),
}

for kind, form in _WRITTEN.items():
    rules.row("PCW-003").looks("contact_way_value", form, when=says("contact_way_type_code", kind))
rules.row("PCW-004").not_before("valid_to", "valid_from")
rules.later("PCW-005").once("primary_flag", "patient_id", "owner_type_code", when=says("primary_flag", "T"))
