"""门(急)诊病历: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.findings import WARNING
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import (
    above,
    coded,
    equals,
    fixed,
    has,
    has_any,
    held,
    lacks,
    length,
    of_other_sex,
    says,
    says_other,
    their,
)
from medferry_sandbox.platform.rules.texts import days_between, is_before, texts_of

rules = RuleBook("encounter_medical_rec")

_CLINIC_OR_EMERGENCY: Final = ("1", "2")
_SAYS_NOTHING: Final = ("无", "同上", "同前", "略", "不详")
_FIRST_VISIT: Final = "1"
_THIRTY_DAYS: Final = 30
_FOUND_IN_CLINIC: Final = "01"
_PHYSICIANS: Final = ("11", "12")  # licensed physicians, licensed assistant physicians
_PREGNANCY: Final = "O00-O99"

rules.needs("id_no", when=has("id_type_code"))
rules.needs("tcm_disease_name", when=has("tcm_disease_code"))
rules.needs("tcm_syndrome_name", when=has("tcm_syndrome_code"))

rules.later("EMR-001").exists("visit_id")
rules.parent("EMR-001", "visit_id").wrong("visit_id", says_other(their("visit_type"), *_CLINIC_OR_EMERGENCY))
rules.parent("EMR-001", "visit_id").agrees("patient_id")
rules.later("EMR-001").agrees("patient_name", "sex_code", "birth_date", "id_no", at="patient_id")
rules.later("EMR-002").once("visit_id", "dept_code")
for name in ("chief_complaint", "present_illness", "physical_examination"):
    rules.row("EMR-003").wrong(name, says(name, *_SAYS_NOTHING))
rules.row("EMR-003").wrong("chief_complaint", above(length("chief_complaint"), 100))
rules.row("EMR-003").wrong("present_illness", above(10, length("present_illness")))
rules.row("EMR-004").needs("allergy_history", when=says("allergy_history_flag", "T"))
for flag, opposite in (("T", "F"), ("F", "T")):
    told_otherwise = held("basic_health_info", "patient_id", allergy_history_flag=fixed(opposite))
    rules.later("EMR-004").wrong("allergy_history_flag", says("allergy_history_flag", flag) & told_otherwise)
rules.parent("EMR-005", "visit_id").agrees("visit_time")
rules.row("EMR-005").not_before("sign_time", "visit_time")
rules.row("EMR-006").aged("age_year", "birth_date", "visit_time")
rules.row("EMR-006").needs("age_month", when=equals("age_year", 0))
rules.row("EMR-007").needs("auxiliary_exam_result", when=has("auxiliary_exam_item"))

_TCM_DIAGNOSES: Final = ("tcm_disease_code", "tcm_disease_name", "tcm_syndrome_code", "tcm_syndrome_name")
rules.row("EMR-008").needs("tcm_four_diagnosis", "syndrome_basis", "therapy", when=has_any(*_TCM_DIAGNOSES))
rules.row("EMR-009").wrong("diagnosis_code", of_other_sex("diagnosis_code", "sex_code"))
rules.row("EMR-009", severity=WARNING).within("age_year", 10, 60, when=coded("diagnosis_code", _PREGNANCY))
rules.later("EMR-009").wrong(
    "diagnosis_code",
    lacks("diagnose_record", "visit_id", "diagnosis_code", diagnosis_type_code=fixed(_FOUND_IN_CLINIC)),
)
rules.row("EMR-010").more_than("systolic_pressure", "diastolic_pressure")
rules.row("EMR-010").within("systolic_pressure", 40, 300)
rules.row("EMR-010").within("diastolic_pressure", 20, 200)
rules.row("EMR-011").within("temperature", 34, 43)
rules.row("EMR-011").within("pulse_rate", 20, 250)
rules.row("EMR-011").within("respiratory_rate", 5, 80)
rules.later("EMR-012").exists_as("doctor_id", "profession_category_code", *_PHYSICIANS)


@rules.later("EMR-013")
def not_the_first_visit_within_thirty_days(record: Record, beside: Beside) -> Says:
    """Any visit before this one counts, with the same diagnosis."""
    if record.get("first_visit_code") != _FIRST_VISIT:
        return
    now = record.get("visit_time")
    same = {name: record.get(name) for name in ("patient_id", "diagnosis_code")}
    for earlier in texts_of(beside.rows("encounter_medical_rec", **same), "visit_time"):
        days = days_between(earlier, now)
        if is_before(earlier, now) and days is not None and days <= _THIRTY_DAYS:
            yield "first_visit_code"
            return


rules.later("EMR-014").wrong(
    "infectious_report_flag",
    held("diagnose_record", "visit_id", infectious_disease_flag=fixed("T"))
    & ~says("infectious_report_flag", "T"),
)
