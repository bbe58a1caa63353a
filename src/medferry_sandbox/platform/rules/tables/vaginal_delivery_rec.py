"""阴道分娩记录: what its rules say, in rules.csv's words; those it shares with caesarean sections stand in `deliveries`."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.beside import Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.deliveries import add_shared_rules, weeks
from medferry_sandbox.platform.rules.texts import (
    absent,
    added,
    are_in_order,
    days_between,
    is_above,
    is_at_most,
    is_before,
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


@rules.needs("cord_abnormal_desc")
def _cord_is_abnormal(record: Record) -> bool:
    return record.get("cord_abnormal_flag") == "T"


@rules.needs("perineal_suture_count")
def _perineum_is_torn(record: Record) -> bool:
    return record.get("perineal_laceration_code") in _TORN


@rules.needs("anesthetic_name")
def _has_an_anaesthesia(record: Record) -> bool:
    return "anesthesia_method_code" in record


@rules.needs("anesthesia_method_code")
def _has_an_anaesthetic(record: Record) -> bool:
    return "anesthetic_name" in record


@rules.needs("surgeon_id")
@rules.needs("surgeon_name")
def _was_assisted_or_repaired(record: Record) -> bool:
    return record.get("assisted_delivery_flag") == "T" or "repair_operation_desc" in record


_STAGES: Final = (
    "labor_start_time",
    "cervix_full_dilation_time",
    "fetal_delivery_time",
    "placenta_delivery_time",
)
_LENGTHS: Final = ("first_stage_min", "second_stage_min", "third_stage_min")


@rules.row("vaginal_delivery_rec-01")
def stages_follow_each_other(record: Record) -> Says:
    name = are_in_order(record, *_STAGES, "observation_time")
    if name is not None:
        yield name


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


@rules.row("vaginal_delivery_rec-04")
def membranes_and_waiting_come_before_birth(record: Record) -> Says:
    names = ("membrane_rupture_time", "predelivery_time")
    return (name for name in names if is_before(record.get("fetal_delivery_time"), record.get(name)))


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


@rules.row("vaginal_delivery_rec-06")
def assistance_says_how(record: Record) -> Says:
    if record.get("assisted_delivery_flag") == "T":
        yield from missing(*absent(record, "assisted_delivery_method"))


@rules.row("vaginal_delivery_rec-07")
def incision_has_place_and_stitches(record: Record) -> Says:
    if record.get("episiotomy_flag") != "T":
        return
    yield from missing(*absent(record, "episiotomy_site", "perineal_suture_count"))
    if is_at_most(record.get("perineal_suture_count"), "0"):
        yield "perineal_suture_count"


@rules.row("vaginal_delivery_rec-08")
def haematoma_has_size_and_handling(record: Record) -> Says:
    if "T" in (record.get("perineal_hematoma_flag"), record.get("vaginal_hematoma_flag")):
        yield from missing(*absent(record, "vaginal_hematoma_size", "vaginal_hematoma_handling"))


@rules.row("vaginal_delivery_rec-09")
def torn_cervix_is_sutured(record: Record) -> Says:
    if record.get("cervical_laceration_flag") == "T":
        yield from missing(*absent(record, "cervical_suture_desc"))


@rules.row("vaginal_delivery_rec-10")
def pressures_and_blood_loss_make_sense(record: Record) -> Says:
    if is_at_most(record.get("postpartum_systolic_bp"), record.get("postpartum_diastolic_bp")):
        yield "postpartum_systolic_bp"
    if is_outside(record.get("postpartum_blood_loss"), "0", "10000"):
        yield "postpartum_blood_loss"


@rules.row("vaginal_delivery_rec-10")
def much_blood_lost_is_a_diagnosis(record: Record) -> Says:
    diagnosis = record.get("postpartum_diagnosis")
    if is_at_most("500", record.get("postpartum_blood_loss")) and diagnosis and "产后出血" not in diagnosis:
        yield "postpartum_diagnosis"


@rules.row("vaginal_delivery_rec-11")
def placenta_comes_within_half_an_hour(record: Record) -> Says:
    if is_above(record.get("third_stage_min"), "30"):
        yield "third_stage_min"
