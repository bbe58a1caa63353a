"""首页手术操作: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.lists import is_misnamed
from medferry_sandbox.platform.rules.texts import (
    absent,
    code_in,
    differing,
    is_before,
    is_outside_span,
    minutes_between,
    number,
    off,
    texts_of,
)

rules = RuleBook("inpatient_operation")

_MALE: Final = "1"
_FEMALE: Final = "2"
_SURGERY: Final = "1"
_INCISED: Final = ("2", "3", "4")  # classes Ⅰ, Ⅱ and Ⅲ; 1 is class 0
_NOT_LOCAL: Final = ("1", "2", "4")  # general, spinal, combined
_ON_WOMEN: Final = "65-75"
_ON_MEN: Final = "60-64"
_CAESAREAN: Final = "74"
_ASSISTED_BIRTH: Final = "72-73"
_PREGNANCY: Final = "O00-O99"


@rules.needs("operation_start_time")
@rules.needs("operation_end_time")
def _is_surgery(record: Record) -> bool:
    return record.get("operation_type_code") == _SURGERY


@rules.needs("first_assistant_name")
def _has_a_first_assistant(record: Record) -> bool:
    return "first_assistant_id" in record


@rules.needs("second_assistant_name")
def _has_a_second_assistant(record: Record) -> bool:
    return "second_assistant_id" in record


@rules.needs("incision_class_code")
def _heals(record: Record) -> bool:
    return "healing_grade_code" in record


@rules.needs("anesthesia_method_code")
def _has_an_anesthetist(record: Record) -> bool:
    return "anesthetist_name" in record


@rules.needs("complication_name")
def _has_a_complication(record: Record) -> bool:
    return record.get("complication_flag") == "T"


@rules.later("IOP-001")
def home_page_exists(record: Record, beside: Beside) -> Says:
    if beside.points_nowhere("record_home_id"):
        yield "record_home_id"


@rules.parent("IOP-001", "record_home_id")
def is_of_the_visit_of_its_home_page(record: Record, home: Record) -> Says:
    yield from differing(record, home, "visit_id", "patient_id")


@rules.later("IOP-002")
def numbered_from_one_with_one_main_operation(record: Record, beside: Beside) -> Says:
    """Numbers that differ, from 1 to as many as there are, leave none out."""
    place = number(record.get("operation_seq"))
    if place is not None and place < 1:
        yield "operation_seq"
    if "record_home_id" not in record:
        return
    of_page = beside.rows("inpatient_operation", record_home_id=record.get("record_home_id"))
    repeats = len(beside.alike("record_home_id", "operation_seq")) > 1
    if repeats or (place is not None and place > len(of_page)):
        yield "operation_seq"
    if texts_of(of_page, "main_operation_flag").count("T") != 1:
        yield "main_operation_flag"


@rules.row("IOP-002")
def main_operation_comes_first(record: Record) -> Says:
    place = number(record.get("operation_seq"))
    if record.get("main_operation_flag") == "T" and place is not None and place != 1:
        yield "operation_seq"


@rules.row("IOP-004", severity="WARNING")
def is_named_as_coded(record: Record) -> Says:
    if is_misnamed(record.get("operation_name"), record.get("operation_code"), "ICD-9-CM-3"):
        yield "operation_name"


@rules.parent("IOP-005", "record_home_id")
def operated_during_the_stay(record: Record, home: Record) -> Says:
    if is_outside_span(record.get("operation_time"), home.get("admission_time"), home.get("discharge_time")):
        yield "operation_time"


@rules.row("IOP-006")
def lasts_from_start_to_end(record: Record) -> Says:
    start, end = record.get("operation_start_time"), record.get("operation_end_time")
    if is_before(end, start):
        yield "operation_end_time"
    minutes = minutes_between(start, end)
    if minutes is not None and off(record.get("operation_minutes"), max(minutes, Decimal(0)), tolerance="1"):
        yield "operation_minutes"


@rules.row("IOP-007")
def surgery_has_a_level(record: Record) -> Says:
    if _is_surgery(record):
        yield from missing(*absent(record, "operation_level_code"))


@rules.row("IOP-008")
def incision_heals(record: Record) -> Says:
    if record.get("incision_class_code") in _INCISED:
        yield from missing(*absent(record, "healing_grade_code"))


@rules.row("IOP-009")
def anesthesia_has_an_anesthetist(record: Record) -> Says:
    if record.get("anesthesia_method_code", "").startswith(_NOT_LOCAL):
        yield from missing(*absent(record, "anesthetist_name"))


@rules.row("IOP-010")
def done_by_different_persons(record: Record) -> Says:
    roles = ("operator_id", "first_assistant_id", "second_assistant_id", "anesthetist_id")
    persons = [record[role] for role in roles if role in record]
    if len(set(persons)) < len(persons):
        yield "operator_id"


@rules.parent("IOP-011", "record_home_id")
def is_of_the_sex(record: Record, home: Record) -> Says:
    of_others = {_MALE: _ON_WOMEN, _FEMALE: _ON_MEN}.get(home.get("sex_code", ""))
    if of_others and code_in(record.get("operation_code"), of_others):
        yield "operation_code"


@rules.later("IOP-012")
def births_have_their_records(record: Record, beside: Beside) -> Says:
    code, visit = record.get("operation_code"), record.get("visit_id")
    unrecorded = beside.lacks("caesarean_section_rec", visit_id=visit)
    if code_in(code, _CAESAREAN) and (unrecorded or _is_not_pregnant(record, beside)):
        yield "operation_code"
    if code_in(code, _ASSISTED_BIRTH) and beside.lacks("vaginal_delivery_rec", visit_id=visit):
        yield "operation_code"


def _is_not_pregnant(record: Record, beside: Beside) -> bool:
    """Whether the home page and its other diagnoses are known, and none is of pregnancy."""
    home = beside.pointed("record_home_id")
    if home is None or "main_diag_code" not in home or not beside.knows("inpatient_diagnose"):
        return False
    others = beside.rows("inpatient_diagnose", record_home_id=record.get("record_home_id"))
    codes = [home["main_diag_code"], *texts_of(others, "diagnosis_code")]
    return not any(code_in(code, _PREGNANCY) for code in codes)


@rules.later("IOP-013")
def is_in_the_discharge_summary(record: Record, beside: Beside) -> Says:
    """Whether the summary has more is asked there."""
    visit, code = record.get("visit_id"), record.get("operation_code")
    summaries = beside.rows("dischage_summary", visit_id=visit)
    if summaries and beside.lacks("dis_pat_operation_info", visit_id=visit, operation_code=code):
        yield "operation_code"
