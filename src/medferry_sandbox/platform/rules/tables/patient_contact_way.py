"""患者联系方式: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, differ, is_before, is_other

rules = RuleBook("patient_contact_way")

_OF_PATIENT: Final = "1"
_OF_CONTACT: Final = "2"


@rules.later("PCW-001")
def patient_exists_and_is_valid(_record: Record, beside: Beside) -> Says:
    patient = beside.pointed("patient_id") or {}
    if beside.points_nowhere("patient_id") or is_other(patient.get("record_status"), "1"):
        yield "patient_id"


@rules.row("PCW-002")
def contact_is_named_where_it_is_a_contacts(record: Record) -> Says:
    if record.get("owner_type_code") == _OF_CONTACT:
        yield from missing(*absent(record, "contact_id"))
    if record.get("owner_type_code") == _OF_PATIENT and "contact_id" in record:
        yield "contact_id"


@rules.parent("PCW-002", "contact_id")
def contact_is_the_patients(record: Record, contact: Record) -> Says:
    of_contact = record.get("owner_type_code") == _OF_CONTACT
    if of_contact and differ(record.get("patient_id"), contact.get("patient_id")):
        yield "patient_id"


# A telephone of the patient, family or work may be a mobile as well: digits and hyphens both.
_FIXED_LINE: Final = re.compile("[0-9][0-9-]*")
_WRITTEN: Final = {
    "01": _FIXED_LINE,
    "02": _FIXED_LINE,
    "03": _FIXED_LINE,
    "04": re.compile("1[0-9]{10}"),
    "05": re.compile(r"[^@ ]+@[^@ .]+(\.[^@ .]+)+"),
}


@rules.row("PCW-003")
def written_as_its_kind_is(record: Record) -> Says:
    form, value = _WRITTEN.get(record.get("contact_way_type_code", "")), record.get("contact_way_value")
    if form and value and not form.fullmatch(value):
        yield "contact_way_value"


@rules.row("PCW-004")
def ends_after_it_begins(record: Record) -> Says:
    if is_before(record.get("valid_to"), record.get("valid_from")):
        yield "valid_to"


@rules.later("PCW-005")
def one_first_way_per_owner(record: Record, beside: Beside) -> Says:
    alike = beside.alike("patient_id", "owner_type_code", "primary_flag")
    if record.get("primary_flag") == "T" and len(alike) > 1:
        yield "primary_flag"
