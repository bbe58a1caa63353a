"""临床放疗记录: what its rules say, in rules.csv's words. Doses are in cGy."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.diagnoses import is_of_tumour
from medferry_sandbox.platform.rules.texts import (
    absent,
    differing,
    is_above,
    is_age_off,
    is_before,
    is_outside,
    number,
    off,
    product,
)

rules = RuleBook("clinical_radiotherapy_records")

_OUTPATIENT: Final = ("1", "2")
_STAY: Final = "3"
_MALE: Final = "1"
_FEMALE: Final = "2"


@rules.needs("effect_eval_date")
def _was_evaluated(record: Record) -> bool:
    return "effect_eval_code" in record


@rules.row("RT-01")
def ends_and_is_evaluated_after_the_start(record: Record) -> Says:
    for name in ("end_date", "effect_eval_date"):
        if is_before(record.get(name), record.get("start_date")):
            yield name


@rules.row("RT-02")
def total_dose_is_that_of_its_fractions(record: Record) -> Says:
    fractions = product(record.get("prescribed_fraction_dose"), record.get("prescribed_fractions"))
    if off(record.get("prescribed_total_dose"), fractions, tolerance="1"):
        yield "prescribed_total_dose"


@rules.row("RT-03")
def other_treatments_are_named(record: Record) -> Says:
    for treatment in ("concurrent_chemo", "concurrent_other"):
        if record.get(f"{treatment}_flag") == "T":
            yield from missing(*absent(record, f"{treatment}_regimen"))


_DELIVERED_SHARE_MAX: Final = Decimal("1.1")


@rules.row("RT-04")
def no_more_delivered_than_prescribed(record: Record) -> Says:
    if is_above(record.get("delivered_fractions"), record.get("prescribed_fractions")):
        yield "delivered_fractions"
    delivered, prescribed = (
        number(record.get("delivered_total_dose")),
        number(record.get("prescribed_total_dose")),
    )
    if delivered is not None and prescribed is not None and delivered > prescribed * _DELIVERED_SHARE_MAX:
        yield "delivered_total_dose"


@rules.row("RT-05")
def doses_of_treatments(record: Record) -> Says:
    if is_outside(record.get("prescribed_fraction_dose"), "50", "3000"):
        yield "prescribed_fraction_dose"
    if is_outside(record.get("prescribed_total_dose"), "100", "10000"):
        yield "prescribed_total_dose"


@rules.row("RT-06")
def completed_has_ended_with_all_fractions(record: Record) -> Says:
    if record.get("is_completed") != "T":
        return
    yield from missing(*absent(record, "end_date"))
    if off(record.get("delivered_fractions"), number(record.get("prescribed_fractions")), tolerance="0"):
        yield "delivered_fractions"


@rules.row("RT-07")
def numbers_of_the_visit(record: Record) -> Says:
    if record.get("visit_type") in _OUTPATIENT:
        yield from missing(*absent(record, "outpatient_no", "visit_times"))
    if record.get("visit_type") == _STAY:
        yield from missing(*absent(record, "medical_record_no", "inpatient_no", "hospitalization_times"))


@rules.row("RT-08")
def age_at_the_start(record: Record) -> Says:
    if is_age_off(record.get("age"), record.get("birth_date"), record.get("start_date")):
        yield "age"


@rules.later("RT-08")
def patient_is_the_same_person(record: Record, beside: Beside) -> Says:
    yield from differing(record, beside.pointed("patient_id") or {}, "patient_name", "sex_code")


@rules.later("RT-09")
def visit_has_a_tumour(record: Record, beside: Beside) -> Says:
    visit = record.get("visit_id")
    if not visit or not beside.knows("diagnose_record"):
        return
    diagnoses = beside.rows("diagnose_record", visit_id=visit)
    if not any(is_of_tumour(one.get("diagnosis_code")) for one in diagnoses):
        yield "visit_id"


_SITES_OF_WOMEN: Final = ("子宫", "宫颈", "宫体", "卵巢", "输卵管", "阴道", "外阴")
_SITES_OF_MEN: Final = ("前列腺", "睾丸", "阴茎", "阴囊", "精囊")


@rules.row("RT-09")
def site_is_possible_for_the_sex(record: Record) -> Says:
    of_others = {_MALE: _SITES_OF_WOMEN, _FEMALE: _SITES_OF_MEN}.get(record.get("sex_code", ""), ())
    if any(site in record.get("radiotherapy_site", "") for site in of_others):
        yield "radiotherapy_site"
