"""剖宫产手术记录: what its rules say, in rules.csv's words; those it shares with vaginal deliveries stand in `deliveries`."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says, missing
from medferry_sandbox.platform.rules.conditions import minutes, not_over, says
from medferry_sandbox.platform.rules.deliveries import add_shared_rules
from medferry_sandbox.platform.rules.texts import absent, day, differ, is_above, number, off, texts_of

rules = RuleBook("caesarean_section_rec")

add_shared_rules(
    rules,
    key="caesarean_section_id",
    of_the_mother=(
        "patient_id",
        "patient_name",
        "age_year",
        "gravidity",
        "parity",
        "operation_code",
        "operation_start_time",
        "operation_end_time",
    ),
    other_way="vaginal_delivery_rec",
)


rules.row("caesarean_section_rec-01").in_order(
    "operation_start_time",
    "fetal_delivery_time",
    "placenta_delivery_time",
    "observation_time",
)
rules.row("caesarean_section_rec-01").not_before("operation_end_time", "operation_start_time")
rules.row("caesarean_section_rec-02").comes_to(
    "operation_duration_min", minutes("operation_start_time", "operation_end_time"), tolerance="1"
)

_CAESAREAN: Final = ("74.0", "74.1", "74.2", "74.4", "74.9")
rules.row("caesarean_section_rec-03").begins("operation_code", *_CAESAREAN)


@rules.later("caesarean_section_rec-04")
def home_page_has_the_operation(record: Record, beside: Beside) -> Says:
    """The home page often comes later; only where there is one. A stay has one caesarean section."""
    visit = record.get("visit_id")
    operations = beside.rows("inpatient_operation", visit_id=visit)
    sections = [one for one in operations if one.get("operation_code", "").startswith("74")]
    if not sections:
        if beside.knows("inpatient_operation") and beside.rows("inpatient_record_home", visit_id=visit):
            yield "operation_code"
        return
    times, surgeons = texts_of(sections, "operation_time"), texts_of(sections, "operator_id")
    here, there = day(record.get("operation_start_time")), day(times[0]) if times else None
    if here is not None and there is not None and here != there:
        yield "operation_start_time"
    if surgeons and differ(record.get("surgeon_id"), surgeons[0]):
        yield "surgeon_id"


_COMPONENTS: Final = (
    "transfusion_rbc",
    "transfusion_platelet",
    "transfusion_plasma",
    "transfusion_whole_blood",
    "transfusion_autologous",
)


@rules.row("caesarean_section_rec-05")
def transfusion_names_its_components(record: Record) -> Says:
    volume = record.get("transfusion_volume")
    if is_above(volume, "0"):
        yield from missing(*absent(record, "transfusion_component"))
    if number(volume) == 0 and any(off(record.get(one), Decimal(0), tolerance="0") for one in _COMPONENTS):
        yield "transfusion_volume"


rules.row("caesarean_section_rec-06").needs(
    "cavity_abnormal_desc", "cavity_handling", when=says("cavity_abnormal_flag", "T")
)
rules.row("caesarean_section_rec-07").more_than("postop_systolic_bp", "postop_diastolic_bp")
rules.row("caesarean_section_rec-07").not_below("postop_blood_loss", "blood_loss")

_much_is_lost: Final = not_over(1000, "postop_blood_loss")
rules.row("caesarean_section_rec-08").mentions("postop_diagnosis", "产后出血", when=_much_is_lost)
rules.row("caesarean_section_rec-09").other_than("surgeon_id", "anesthesiologist_id")
