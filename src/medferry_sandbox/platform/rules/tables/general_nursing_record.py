"""一般护理记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules import owner as belonging
from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import equals, has, not_over, says, their, years
from medferry_sandbox.platform.rules.texts import is_above, is_before, texts_of

rules = RuleBook("general_nursing_record")

rules.needs("age_year", when=not_over(1, years("birth_date", "record_time")))
rules.needs("safety_checklist_issued_flag", when=has("safety_checklist_returned_flag"))
rules.needs("safety_checklist_returned_flag", when=has("safety_checklist_issued_flag"))
rules.needs("risk_assessment_issued_flag", when=has("risk_assessment_returned_flag"))
rules.needs("risk_assessment_returned_flag", when=has("risk_assessment_issued_flag"))


belonging.of_a_visit(rules, key="nursing_record_id")
belonging.of_a_person(rules)


rules.row("general_nursing_record-C06").aged("age_year", "birth_date", "record_time")
rules.row("general_nursing_record-C06").needs("age_month", when=equals("age_year", 0))
rules.parent("general_nursing_record-01", "visit_id").during(
    "record_time", their("admission_time"), their("discharge_time")
)
rules.row("general_nursing_record-01").not_before("sign_time", "record_time")


@rules.row("general_nursing_record-02")
def systolic_is_not_below_diastolic(record: Record) -> Says:
    if is_above(record.get("diastolic_bp"), record.get("systolic_bp")):
        yield "systolic_bp"


_VITAL_SIGNS: Final = (
    ("temperature", "30", "45"),
    ("respiratory_rate", "0", "80"),
    ("pulse_rate", "0", "300"),
    ("oxygen_saturation", "0", "100"),
    ("systolic_bp", "0", "300"),
)
for name, low, high in _VITAL_SIGNS:
    rules.row("general_nursing_record-03").within(name, Decimal(low), Decimal(high))
rules.row("general_nursing_record-04").needs("allergy_history", when=says("allergy_flag", "T"))
rules.row("general_nursing_record-05").needs("isolation_type_code", when=says("isolation_flag", "T"))
rules.row("general_nursing_record-05").empty("isolation_type_code", when=says("isolation_flag", "F"))
for name in ("safety_checklist", "risk_assessment"):
    returned_alone = says(f"{name}_returned_flag", "T") & says(f"{name}_issued_flag", "F")
    rules.row("general_nursing_record-06").wrong(f"{name}_issued_flag", returned_alone)

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
