"""抗肿瘤药物使用记录: what its rules say, in rules.csv's words. What is given back has a quantity below 0.

AT-07 is not judged: no record tells the month that it is reported in.
"""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, pointed, product_of, says, total_of
from medferry_sandbox.platform.rules.diagnoses import is_of_tumour
from medferry_sandbox.platform.rules.texts import is_before, is_other

rules = RuleBook("usage_record_antitumor_drug")

_TO_OUTPATIENT: Final = "1"
_TO_INPATIENT: Final = "2"
_KINDS: Final = {_TO_OUTPATIENT: ("1", "2"), _TO_INPATIENT: ("3",)}  # of visits

rules.row("AT-01").comes_to("use_amount", product_of("unit_price", "use_quantity"))
rules.later("AT-02").exists_as("drug_id", "antitumor_flag", "T")
rules.later("AT-02").agrees("generic_name", "specification", at="drug_id")

# Of drugs bought since the hospital was connected; what was in stock before no record tells.
_used: Final = total_of("usage_record_antitumor_drug", "use_quantity", "drug_id")
_bought: Final = total_of("procurement_records_antitumor_drug", "purchase_quantity", "drug_id")
rules.later("AT-04").wrong("use_quantity", above(_bought, 0) & above(_used, _bought))


@rules.parent("AT-05", "visit_id")
def source_and_time_are_those_of_the_visit(record: Record, visit: Record) -> Says:
    """Outpatients may pay after their visit: only its beginning counts."""
    source = record.get("source_type_code")
    if source not in _KINDS:
        return
    if is_other(visit.get("visit_type"), *_KINDS[source]):
        yield "source_type_code"
    came = visit.get("visit_time" if source == _TO_OUTPATIENT else "admission_time")
    if is_before(record.get("charge_time"), came):
        yield "charge_time"


# Drugs may be given back later, and the time of discharge may be set right later.
rules.later("AT-05").not_after(
    "charge_time",
    pointed("visit_id", "discharge_time"),
    when=says("source_type_code", _TO_INPATIENT) & above("use_quantity", 0),
)

_RESTRICTED: Final = "2"


@rules.later("AT-06")
def doctor_may_prescribe_restricted_drugs(record: Record, beside: Beside) -> Says:
    """One without any authority may not either."""
    doctor = beside.pointed("doctor_id")
    restricted = record.get("antitumor_class_code") == _RESTRICTED
    if restricted and doctor is not None and doctor.get("antitumor_authority_code") != _RESTRICTED:
        yield "doctor_id"


@rules.later("AT-08")
def patient_has_a_tumour(record: Record, beside: Beside) -> Says:
    if "patient_id" not in record or is_of_tumour(record.get("diagnosis_code")):
        return
    diagnoses = beside.rows("diagnose_record", patient_id=record["patient_id"])
    if beside.knows("diagnose_record") and not any(
        is_of_tumour(one.get("diagnosis_code")) for one in diagnoses
    ):
        yield "patient_id"
