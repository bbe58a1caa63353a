"""药品目录: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import absent, is_at_most, is_before, is_other, texts_of

rules = RuleBook("drug_atalogue")

_WESTERN: Final = "1"
_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_IN_USE: Final = "1"
_OUT_OF_USE: Final = "2"
_INSURED: Final = ("1", "2")
_PRESCRIPTION_ONLY: Final = "1"


@rules.needs("ypid")
def _is_monitored(record: Record) -> bool:
    return record.get("drug_type_code") in _WESTERN_OR_PATENT


@rules.needs("drug_standard_code")
def _is_monitored_and_approved(record: Record) -> bool:
    return _is_monitored(record) and "approval_no" in record


@rules.needs("approval_no")
def _is_approved_drug(record: Record) -> bool:
    return record.get("drug_type_code") not in (None, _HERB_PIECES)


@rules.needs("dose")
def _is_western(record: Record) -> bool:
    return record.get("drug_type_code") == _WESTERN


@rules.needs("dose_unit")
def _has_a_dose(record: Record) -> bool:
    return "dose" in record


@rules.needs("ddd_unit")
def _has_a_ddd(record: Record) -> bool:
    return "ddd_value" in record


# From abroad: 国药准字HJ and the like; from Hong Kong, Macao and Taiwan: 国药准字HC; numbers of imports of old: H, BH.
_APPROVAL: Final = re.compile("国药准字([HZSBTFJ]|[HZS][JC])[0-9]{8}")
_IMPORT: Final = re.compile("((进口药品|医药产品)注册证号)?B?[HZS][JC]?[0-9]{8}")


@rules.row("DA-01")
def approval_number_looks_like_one(record: Record) -> Says:
    if not _is_monitored(record):
        return
    yield from missing(*absent(record, "approval_no"))
    number = record.get("approval_no")
    if number and not _APPROVAL.fullmatch(number) and not _IMPORT.fullmatch(number):
        yield "approval_no"


_STANDARD_CODE: Final = re.compile("86[0-9]{12}")


@rules.row("DA-02")
def standard_code_is_fourteen_digits(record: Record) -> Says:
    code = record.get("drug_standard_code")
    if code and not _STANDARD_CODE.fullmatch(code):
        yield "drug_standard_code"


@rules.row("DA-03")
def factor_and_dose_are_above_none(record: Record) -> Says:
    return (name for name in ("conversion_factor", "dose") if is_at_most(record.get(name), "0"))


@rules.row("DA-04")
def antibacterial_has_class_and_ddd(record: Record) -> Says:
    if record.get("antibacterial_flag") == "T":
        yield from missing(*absent(record, "antibacterial_class_code", "ddd_value", "ddd_unit"))
    if record.get("antibacterial_flag") == "F" and "antibacterial_class_code" in record:
        yield "antibacterial_class_code"


@rules.row("DA-05")
def antitumor_has_a_class(record: Record) -> Says:
    if record.get("antitumor_flag") == "T":
        yield from missing(*absent(record, "antitumor_class_code"))


@rules.row("DA-06")
def essential_drug_names_its_level(record: Record) -> Says:
    if record.get("essential_drug_flag") == "T":
        yield from missing(*absent(record, "essential_drug_level_code"))


@rules.later("DA-07")
def ypid_is_one_drug(record: Record, beside: Beside) -> Says:
    same = beside.rows("drug_atalogue", ypid=record.get("ypid"))
    for name in ("generic_name", "dosage_form_code", "specification", "manufacturer"):
        if len(set(texts_of(same, name))) > 1:
            yield "ypid"


@rules.row("DA-08")
def out_of_use_says_since_when(record: Record) -> Says:
    if record.get("drug_status_code") != _OUT_OF_USE:
        return
    yield from missing(*absent(record, "disabled_date"))
    if is_before(record.get("disabled_date"), record.get("enabled_date")):
        yield "disabled_date"


@rules.later("DA-08")
def out_of_use_is_not_bought_nor_prescribed(record: Record, beside: Beside) -> Says:
    if record.get("drug_status_code") != _OUT_OF_USE:
        return
    bought = texts_of(beside.rows("drug_purchas_rec", drug_id=record.get("drug_id")), "purchase_time")
    prescribed = texts_of(beside.rows("prescription_drug", drug_code=record.get("drug_id")), "created_at")
    if any(is_before(record.get("disabled_date"), time) for time in (*bought, *prescribed)):
        yield "disabled_date"


@rules.row("DA-09")
def insured_drug_has_its_code(record: Record) -> Says:
    if record.get("medical_insurance_class_code") in _INSURED:
        yield from missing(*absent(record, "medical_insurance_drug_code"))


@rules.row("DA-10")
def special_drug_needs_a_prescription(record: Record) -> Says:
    special = record.get("special_management_code") not in (None, "0")
    if special and is_other(record.get("prescription_class_code"), _PRESCRIPTION_ONLY):
        yield "prescription_class_code"


@rules.later("DA-11")
def drug_in_use_stands_once(record: Record, beside: Beside) -> Says:
    """Twice where two campuses have one code for the organization."""
    if record.get("drug_status_code") == _IN_USE:
        same = ("generic_name", "specification", "manufacturer", "approval_no", "drug_status_code")
        if len(beside.alike(*same)) > 2:
            yield "generic_name"
