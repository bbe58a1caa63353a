"""阴道分娩记录: what its rules say, in rules.csv's words; those it shares with caesarean sections stand in `deliveries`."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import has, says
from medferry_sandbox.platform.rules.deliveries import add_shared_rules, weeks
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    days_between,
    is_at_most,
    is_outside,
    minutes_between,
    off,
)

rules = RuleBook("vaginal_delivery_rec")

add_shared_rules(
    rules,
    key="vaginal_delivery_id",
    of_the_mother=(
        "patient_id",
        "patient_name",
        "age_year",
        "gravidity",
        "parity",
        "last_menstrual_date",
        "expected_delivery_date",
        "labor_start_time",
    ),
    other_way="caesarean_section_rec",
)

_TORN: Final = ("2", "3", "4", "5")
rules.needs("cord_abnormal_desc", when=says("cord_abnormal_flag", "T"))
rules.needs("perineal_suture_count", when=says("perineal_laceration_code", *_TORN))
rules.needs("anesthetic_name", when=has("anesthesia_method_code"))
rules.needs("anesthesia_method_code", when=has("anesthetic_name"))
rules.needs(
    "surgeon_name", "surgeon_id", when=says("assisted_delivery_flag", "T") | has("repair_operation_desc")
)

_STAGES: Final = (
    "labor_start_time",
    "cervix_full_dilation_time",
    "fetal_delivery_time",
    "placenta_delivery_time",
)
_LENGTHS: Final = ("first_stage_min", "second_stage_min", "third_stage_min")

rules.row("vaginal_delivery_rec-01").in_order(*_STAGES, "observation_time")


@rules.row("vaginal_delivery_rec-02")
def stages_last_as_long_as_told(record: Record) -> Says:
    for name, begins, ends in zip(_LENGTHS, _STAGES, _STAGES[1:], strict=False):
        if off(record.get(name), minutes_between(record.get(begins), record.get(ends)), tolerance="1"):
            yield name


@rules.row("vaginal_delivery_rec-03")
def whole_is_the_three_stages(record: Record) -> Says:
    whole = added(*(record.get(name) for name in _LENGTHS))
    if not absent(record, *_LENGTHS) and off(record.get("total_stage_min"), whole, tolerance="0"):
        yield "total_stage_min"


for name in ("membrane_rupture_time", "predelivery_time"):
    rules.row("vaginal_delivery_rec-04").not_after(name, "fetal_delivery_time")


@rules.row("vaginal_delivery_rec-05")
def birth_is_due_forty_weeks_later(record: Record) -> Says:
    last = record.get("last_menstrual_date")
    due = days_between(last, record.get("expected_delivery_date"))
    if due is not None and abs(due - 280) > 14:
        yield "expected_delivery_date"


@rules.row("vaginal_delivery_rec-05")
def born_between_twenty_and_forty_four_weeks(record: Record) -> Says:
    days = days_between(record.get("last_menstrual_date"), record.get("fetal_delivery_time"))
    if days is not None and not 20 <= days // 7 <= 44:
        yield "last_menstrual_date"
    if is_outside(weeks(record), "20", "44"):
        yield "gestational_weeks"


rules.row("vaginal_delivery_rec-06").needs(
    "assisted_delivery_method", when=says("assisted_delivery_flag", "T")
)
rules.row("vaginal_delivery_rec-07").needs(
    "episiotomy_site", "perineal_suture_count", when=says("episiotomy_flag", "T")
)
rules.row("vaginal_delivery_rec-07").more_than("perineal_suture_count", 0, when=says("episiotomy_flag", "T"))


@rules.row("vaginal_delivery_rec-08")
def haematoma_has_size_and_handling(record: Record) -> Says:
    if "T" in (record.get("perineal_hematoma_flag"), record.get("vaginal_hematoma_flag")):
        yield from missing(*absent(record, "vaginal_hematoma_size", "vaginal_hematoma_handling"))


rules.row("vaginal_delivery_rec-09").needs("cervical_suture_desc", when=says("cervical_laceration_flag", "T"))
rules.row("vaginal_delivery_rec-10").more_than("postpartum_systolic_bp", "postpartum_diastolic_bp")
rules.row("vaginal_delivery_rec-10").within("postpartum_blood_loss", 0, 10000)


@rules.row("vaginal_delivery_rec-10")
def much_blood_lost_is_a_diagnosis(record: Record) -> Says:
    diagnosis = record.get("postpartum_diagnosis")
    if is_at_most("500", record.get("postpartum_blood_loss")) and diagnosis and "产后出血" not in diagnosis:
        yield "postpartum_diagnosis"


rules.row("vaginal_delivery_rec-11").not_above("third_stage_min", 30)
