"""阴道分娩记录: what its rules say, in rules.csv's words; those it shares with caesarean sections stand in `deliveries`."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, days, has, minutes, not_over, says, sum_of
from medferry_sandbox.platform.rules.deliveries import add_shared_rules, weeks

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
for name, begins, ends in zip(_LENGTHS, _STAGES, _STAGES[1:], strict=False):
    rules.row("vaginal_delivery_rec-02").comes_to(name, minutes(begins, ends), tolerance="1")

_whole: Final = sum_of(*_LENGTHS)
rules.row("vaginal_delivery_rec-03").comes_to("total_stage_min", _whole, tolerance="0", when=has(*_LENGTHS))
for name in ("membrane_rupture_time", "predelivery_time"):
    rules.row("vaginal_delivery_rec-04").not_after(name, "fetal_delivery_time")

_due: Final = days("last_menstrual_date", "expected_delivery_date")
rules.row("vaginal_delivery_rec-05").wrong("expected_delivery_date", above(266, _due) | above(_due, 294))

_carried: Final = days("last_menstrual_date", "fetal_delivery_time")
rules.row("vaginal_delivery_rec-05").wrong(
    "last_menstrual_date", above(20 * 7, _carried) | not_over(45 * 7, _carried)
)
rules.row("vaginal_delivery_rec-05").wrong("gestational_weeks", above(20, weeks) | above(weeks, 44))
rules.row("vaginal_delivery_rec-06").needs(
    "assisted_delivery_method", when=says("assisted_delivery_flag", "T")
)
rules.row("vaginal_delivery_rec-07").needs(
    "episiotomy_site", "perineal_suture_count", when=says("episiotomy_flag", "T")
)
rules.row("vaginal_delivery_rec-07").more_than("perineal_suture_count", 0, when=says("episiotomy_flag", "T"))

_has_haematoma: Final = says("perineal_hematoma_flag", "T") | says("vaginal_hematoma_flag", "T")
_TOLD_OF_IT: Final = ("vaginal_hematoma_size", "vaginal_hematoma_handling")
rules.row("vaginal_delivery_rec-08").needs(*_TOLD_OF_IT, when=_has_haematoma)
rules.row("vaginal_delivery_rec-09").needs("cervical_suture_desc", when=says("cervical_laceration_flag", "T"))
rules.row("vaginal_delivery_rec-10").more_than("postpartum_systolic_bp", "postpartum_diastolic_bp")
rules.row("vaginal_delivery_rec-10").within("postpartum_blood_loss", 0, 10000)

_much_is_lost: Final = not_over(500, "postpartum_blood_loss")
rules.row("vaginal_delivery_rec-10").mentions("postpartum_diagnosis", "产后出血", when=_much_is_lost)
rules.row("vaginal_delivery_rec-11").not_above("third_stage_min", 30)
