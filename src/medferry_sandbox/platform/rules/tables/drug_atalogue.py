"""药品目录: what its rules say, in rules.csv's words."""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import has, matches, says, says_other, unlike
from medferry_sandbox.platform.rules.texts import is_before, texts_of

rules = RuleBook("drug_atalogue")

_WESTERN: Final = "1"
_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_IN_USE: Final = "1"
_OUT_OF_USE: Final = "2"
_INSURED: Final = ("1", "2")
_PRESCRIPTION_ONLY: Final = "1"

_is_monitored: Final = says("drug_type_code", *_WESTERN_OR_PATENT)
rules.needs("ypid", when=_is_monitored)
rules.needs("drug_standard_code", when=_is_monitored & has("approval_no"))
rules.needs("approval_no", when=says_other("drug_type_code", _HERB_PIECES))
rules.needs("dose", when=says("drug_type_code", _WESTERN))
rules.needs("dose_unit", when=has("dose"))
rules.needs("ddd_unit", when=has("ddd_value"))

# From abroad: 国药准字HJ and the like; from Hong Kong, Macao and Taiwan: 国药准字HC; numbers of imports of old: H, BH.
_APPROVAL: Final = re.compile("国药准字([HZSBTFJ]|[HZS][JC])[0-9]{8}")
_IMPORT: Final = re.compile("((进口药品|医药产品)注册证号)?B?[HZS][JC]?[0-9]{8}")

rules.row("DA-01").needs("approval_no", when=_is_monitored)
rules.row("DA-01").looks("approval_no", _APPROVAL, when=_is_monitored & ~matches("approval_no", _IMPORT))

_STANDARD_CODE: Final = re.compile("86[0-9]{12}")
rules.row("DA-02").looks("drug_standard_code", _STANDARD_CODE)
for name in ("conversion_factor", "dose"):
    rules.row("DA-03").more_than(name, 0)
rules.row("DA-04").needs(
    "antibacterial_class_code", "ddd_value", "ddd_unit", when=says("antibacterial_flag", "T")
)
rules.row("DA-04").empty("antibacterial_class_code", when=says("antibacterial_flag", "F"))
rules.row("DA-05").needs("antitumor_class_code", when=says("antitumor_flag", "T"))
rules.row("DA-06").needs("essential_drug_level_code", when=says("essential_drug_flag", "T"))
for name in ("generic_name", "dosage_form_code", "specification", "manufacturer"):
    rules.later("DA-07").wrong("ypid", unlike("drug_atalogue", name, "ypid"))
rules.row("DA-08").needs("disabled_date", when=says("drug_status_code", _OUT_OF_USE))
rules.row("DA-08").not_before("disabled_date", "enabled_date", when=says("drug_status_code", _OUT_OF_USE))


@rules.later("DA-08")
def out_of_use_is_not_bought_nor_prescribed(record: Record, beside: Beside) -> Says:
    if record.get("drug_status_code") != _OUT_OF_USE:
        return
    bought = texts_of(beside.rows("drug_purchas_rec", drug_id=record.get("drug_id")), "purchase_time")
    prescribed = texts_of(beside.rows("prescription_drug", drug_code=record.get("drug_id")), "created_at")
    if any(is_before(record.get("disabled_date"), time) for time in (*bought, *prescribed)):
        yield "disabled_date"


rules.row("DA-09").needs("medical_insurance_drug_code", when=says("medical_insurance_class_code", *_INSURED))
rules.row("DA-10").one_of(
    "prescription_class_code", _PRESCRIPTION_ONLY, when=says_other("special_management_code", "0")
)


@rules.later("DA-11")
def drug_in_use_stands_once(record: Record, beside: Beside) -> Says:
    """Twice where two campuses have one code for the organization."""
    if record.get("drug_status_code") == _IN_USE:
        same = ("generic_name", "specification", "manufacturer", "approval_no", "drug_status_code")
        if len(beside.alike(*same)) > 2:
            yield "generic_name"
