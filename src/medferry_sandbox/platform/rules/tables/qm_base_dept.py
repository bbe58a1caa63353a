"""科室: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    differ,
    is_above,
    is_at_most,
    is_before,
    off,
)

rules = RuleBook("qm_base_dept")

_CLINICAL_OR_TECHNICAL: Final = ("01", "02")
_OPEN: Final = "1"
_ABOLISHED: Final = "3"


@rules.needs("diagnosis_subject_code")
def _treats_or_examines(record: Record) -> bool:
    return record.get("dept_category_code") in _CLINICAL_OR_TECHNICAL


@rules.needs("diagnosis_subject_name")
def _has_a_subject(record: Record) -> bool:
    return "diagnosis_subject_code" in record


@rules.row("BD-01")
def is_not_above_itself(record: Record) -> Says:
    if record.get("parent_dept_code", "") == record.get("dept_code"):
        yield "parent_dept_code"


@rules.row("BD-01")
def lower_levels_have_a_parent(record: Record) -> Says:
    if is_above(record.get("dept_level"), "1"):
        yield from missing(*absent(record, "parent_dept_code"))


@rules.later("BD-01")
def parent_exists_and_is_higher_up(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("parent_dept_code"):
        yield "parent_dept_code"
    parent = beside.pointed("parent_dept_code")
    if parent is None:
        return
    if is_at_most(record.get("dept_level"), parent.get("dept_level")):
        yield "parent_dept_code"


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


@rules.row("BD-02")
def chinese_medicine_has_its_subject(record: Record) -> Says:
    subject = record.get("diagnosis_subject_code")
    if record.get("is_tcm") == "T" and subject and not subject.startswith(_CHINESE_MEDICINE):
        yield "diagnosis_subject_code"


@rules.row("BD-04")
def wards_tell_their_beds(record: Record) -> Says:
    if record.get("is_inpatient") == "T":
        yield from missing(*absent(record, "authorized_beds", "actual_beds", "opened_beds"))


@rules.row("BD-05")
def abolished_says_when(record: Record) -> Says:
    if record.get("dept_status_code") == _ABOLISHED:
        yield from missing(*absent(record, "closed_date"))
        if is_before(record.get("closed_date"), record.get("established_date")):
            yield "closed_date"


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


@rules.row("BD-07")
def standard_code_has_its_name(record: Record) -> Says:
    name, code = record.get("standard_dept_name"), record.get("standard_dept_code")
    if is_misnamed(name, code, "医疗机构诊疗科目名录"):
        yield "standard_dept_name"


@rules.later("BD-08")
def clinical_records_call_it_so(record: Record, beside: Beside) -> Says:
    for table in ("visit", "advice"):
        here = beside.rows(table, dept_code=record.get("dept_code"))
        if any(differ(one.get("dept_name"), record.get("dept_name")) for one in here):
            yield "dept_name"
