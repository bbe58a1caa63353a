"""科室: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, has, not_over, pointed, says
from medferry_sandbox.platform.rules.texts import added, differ, off

rules = RuleBook("qm_base_dept")

_CLINICAL_OR_TECHNICAL: Final = ("01", "02")
_OPEN: Final = "1"
_ABOLISHED: Final = "3"

rules.needs("diagnosis_subject_code", when=says("dept_category_code", *_CLINICAL_OR_TECHNICAL))
rules.needs("diagnosis_subject_name", when=has("diagnosis_subject_code"))

rules.row("BD-01").other_than("parent_dept_code", "dept_code")
rules.row("BD-01").needs("parent_dept_code", when=above("dept_level", 1))
rules.later("BD-01").exists("parent_dept_code")
rules.later("BD-01").wrong(
    "parent_dept_code", not_over("dept_level", pointed("parent_dept_code", "dept_level"))
)


@rules.later("BD-01")
def nobody_is_above_itself_through_others(record: Record, beside: Beside) -> Says:
    """From the parent upwards, until there is no further one, or one comes a second time."""
    seen: set[str] = set()
    above = record.get("parent_dept_code")
    while above and above not in seen:
        if above == record.get("dept_code"):
            yield "parent_dept_code"
            return
        seen.add(above)
        above = beside.told("qm_base_dept", "parent_dept_code", dept_code=above)


_CHINESE_MEDICINE: Final = ("50", "51", "52")
rules.row("BD-02").begins("diagnosis_subject_code", *_CHINESE_MEDICINE, when=says("is_tcm", "T"))
rules.row("BD-04").needs("authorized_beds", "actual_beds", "opened_beds", when=says("is_inpatient", "T"))
rules.row("BD-05").needs("closed_date", when=says("dept_status_code", _ABOLISHED))
rules.row("BD-05").not_before("closed_date", "established_date", when=says("dept_status_code", _ABOLISHED))


@rules.later("BD-06")
def beds_of_all_wards_are_the_institutions(record: Record, beside: Beside) -> Says:
    institution = beside.pointed("institution_id")
    if record.get("is_inpatient") != "T" or "actual_beds" not in record or institution is None:
        return
    wards = beside.rows("qm_base_dept", institution_id=record.get("institution_id"), is_inpatient="T")
    beds = added(*(ward.get("actual_beds") for ward in wards))
    if off(institution.get("actual_beds"), beds, tolerance="0"):
        yield "actual_beds"


@rules.later("BD-07")
def name_is_of_one_open_department(record: Record, beside: Beside) -> Says:
    institution = record.get("institution_id")
    if record.get("dept_status_code") != _OPEN:
        return
    same = beside.alike("dept_name", "dept_status_code")
    if sum(one.get("institution_id") == institution for one in same) > 1:
        yield "dept_name"


rules.row("BD-07").named("standard_dept_name", "standard_dept_code", "医疗机构诊疗科目名录")


@rules.later("BD-08")
def clinical_records_call_it_so(record: Record, beside: Beside) -> Says:
    for table in ("visit", "advice"):
        here = beside.rows(table, dept_code=record.get("dept_code"))
        if any(differ(one.get("dept_name"), record.get("dept_name")) for one in here):
            yield "dept_name"
