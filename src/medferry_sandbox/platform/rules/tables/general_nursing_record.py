"""一般护理记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.texts import (
    absent,
    is_age_off,
    is_at_most,
    is_before,
    is_outside,
    is_outside_span,
    number,
    texts_of,
    years_between,
)

rules = RuleBook("general_nursing_record")


@rules.needs("age_year")
def _is_one_year_old(record: Record) -> bool:
    years = years_between(record.get("birth_date"), record.get("record_time"))
    return years is not None and years >= 1


@rules.needs("safety_checklist_issued_flag")
def _says_whether_checklist_returned(record: Record) -> bool:
    return "safety_checklist_returned_flag" in record


@rules.needs("safety_checklist_returned_flag")
def _says_whether_checklist_issued(record: Record) -> bool:
    return "safety_checklist_issued_flag" in record


@rules.needs("risk_assessment_issued_flag")
def _says_whether_assessment_returned(record: Record) -> bool:
    return "risk_assessment_returned_flag" in record


@rules.needs("risk_assessment_returned_flag")
def _says_whether_assessment_issued(record: Record) -> bool:
    return "risk_assessment_issued_flag" in record


belonging.of_a_visit(rules, key="nursing_record_id")
belonging.of_a_person(rules)


@rules.row("general_nursing_record-C06")
def age_agrees_with_birth(record: Record) -> Says:
    if is_age_off(record.get("age_year"), record.get("birth_date"), record.get("record_time")):
        yield "age_year"
    if number(record.get("age_year")) == 0:
        yield from missing(*absent(record, "age_month"))


@rules.parent("general_nursing_record-01", "visit_id")
def recorded_during_the_stay(record: Record, visit: Record) -> Says:
    if is_outside_span(record.get("record_time"), visit.get("admission_time"), visit.get("discharge_time")):
        yield "record_time"


@rules.row("general_nursing_record-01")
def signed_after_it_was_recorded(record: Record) -> Says:
    if is_before(record.get("sign_time"), record.get("record_time")):
        yield "sign_time"


@rules.row("general_nursing_record-02")
def blood_pressure_is_possible(record: Record) -> Says:
    if is_at_most(record.get("systolic_bp"), record.get("diastolic_bp")):
        yield "systolic_bp"


_VITAL_SIGNS: Final = (
    ("temperature", "30", "45"),
    ("respiratory_rate", "0", "80"),
    ("pulse_rate", "0", "300"),
    ("oxygen_saturation", "0", "100"),
    ("systolic_bp", "0", "300"),
)


@rules.row("general_nursing_record-03")
def vital_signs_are_possible(record: Record) -> Says:
    yield from (name for name, low, high in _VITAL_SIGNS if is_outside(record.get(name), low, high))


@rules.row("general_nursing_record-04")
def allergies_are_told(record: Record) -> Says:
    if record.get("allergy_flag") == "T":
        yield from missing(*absent(record, "allergy_history"))


@rules.row("general_nursing_record-05")
def isolation_has_a_type(record: Record) -> Says:
    if record.get("isolation_flag") == "T":
        yield from missing(*absent(record, "isolation_type_code"))
    if record.get("isolation_flag") == "F" and "isolation_type_code" in record:
        yield "isolation_type_code"


@rules.row("general_nursing_record-06")
def what_came_back_was_given_out(record: Record) -> Says:
    for issued, returned in (
        ("safety_checklist_issued_flag", "safety_checklist_returned_flag"),
        ("risk_assessment_issued_flag", "risk_assessment_returned_flag"),
    ):
        if record.get(returned) == "T" and record.get(issued) == "F":
            yield issued


# nursing_grade_code -> how orders name it
_GRADES: Final = {
    "1": ("特级护理",),
    "2": ("一级护理", "Ⅰ级护理"),
    "3": ("二级护理", "Ⅱ级护理"),
    "4": ("三级护理", "Ⅲ级护理"),
}


@rules.later("general_nursing_record-07")
def grade_was_ordered(record: Record, beside: Beside) -> Says:
    """When the order stopped is no matter: that may be told late."""
    visit, names = record.get("visit_id"), _GRADES.get(record.get("nursing_grade_code", ""))
    if names is None or not visit or not beside.knows("advice"):
        return
    orders = [one for one in beside.rows("advice", visit_id=visit) if _names(one, "advice_item_name", names)]
    begun = texts_of(orders, "plan_start_time")
    if not orders or (begun and is_before(record.get("record_time"), min(begun))):
        yield "nursing_grade_code"


# Care that the record tells of -> the kinds, the names of what is then done.
_CARE: Final = {
    "catheter_care": (("导管", "引流"), ("导管", "导尿", "引流", "置管", "胃管", "尿管")),
    "airway_care_code": (("气道", "气管"), ("气道", "气管", "雾化", "吸痰", "拍背")),
}


@rules.later("general_nursing_record-08")
def care_was_done(record: Record, beside: Beside) -> Says:
    if not beside.knows("gnr_item"):
        return
    done = beside.rows("gnr_item", nursing_record_id=record.get("nursing_record_id"))
    for care, (kinds, names) in _CARE.items():
        if care in record and not any(
            _names(one, "operation_category", kinds) or _names(one, "operation_name", names) for one in done
        ):
            yield care


def _names(record: Record, field: str, words: tuple[str, ...]) -> bool:
    return any(word in record.get(field, "") for word in words)
