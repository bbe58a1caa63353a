"""Rules that vaginal deliveries and caesarean sections share word for word, under their own tables' ids.

A record is one newborn; what it says of the mother stands in each.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import (
    code_in,
    differing,
    is_above,
    is_at_most,
    is_before,
    is_other,
    is_outside,
    number,
    off,
    texts_of,
)

_FEMALE: Final = "2"
_BORN_ALIVE: Final = "1"
_BORN_DEAD: Final = ("2", "3")
_NOTHING_ABNORMAL: Final = "1"
_PREMATURE: Final = "4"
_LOW_WEIGHT: Final = "6"
_APGAR: Final = ("apgar_score", "apgar_1min", "apgar_5min", "apgar_10min")
_DELIVERED: Final = ("O80-O84", "Z37")
_WEEKS: Final = re.compile("[0-9]+")


def add_shared_rules(rules: RuleBook, *, key: str, of_the_mother: tuple[str, ...], other_way: str) -> None:
    """Puts them into the table's book.

    key            the field of the table's own key
    of_the_mother  fields that say the same in every record of a visit
    other_way      the table of those who were born the other way
    """
    rules.later(f"{rules.table}-C02")(patient_and_visit_exist)
    rules.parent(f"{rules.table}-C02", "visit_id")(visit_is_the_patients)
    rules.parent(f"{rules.table}-O1", "patient_id")(mother_is_a_woman)
    rules.row(f"{rules.table}-O2")(mother_is_of_age)
    rules.row(f"{rules.table}-O3")(no_more_births_than_pregnancies)
    rules.row(f"{rules.table}-O4")(newborn_is_one_of_so_many)
    rules.row(f"{rules.table}-O5")(apgar_is_zero_to_ten)
    rules.row(f"{rules.table}-O6")(born_alive_with_signs_of_life)
    rules.row(f"{rules.table}-O7")(born_dead_without_apgar)
    rules.row(f"{rules.table}-O7")(abnormality_fits_weight_and_weeks)
    rules.row(f"{rules.table}-O8")(cord_and_waters_are_within_limits)
    rules.later(f"{rules.table}-O9")(home_page_has_a_diagnosis_of_delivery)
    rules.parent(f"{rules.table}-O10", "visit_id")(born_during_the_stay)

    @rules.later(f"{rules.table}-C01")
    def key_is_used_once(record: Record, beside: Beside) -> Says:
        if len(beside.alike(key)) > 1:
            yield key

    @rules.later(f"{rules.table}-O4")
    def newborn_comes_once_and_mother_is_told_alike(record: Record, beside: Beside) -> Says:
        if len(beside.alike("visit_id", "newborn_seq")) > 1:
            yield "newborn_seq"
        siblings = beside.rows(rules.table, visit_id=record.get("visit_id"))
        if any(len(set(texts_of(siblings, name))) > 1 for name in of_the_mother):
            yield "newborn_seq"

    @rules.later(f"{rules.table}-O11")
    def is_born_one_way_only(record: Record, beside: Beside) -> Says:
        newborn = {name: record.get(name) for name in ("visit_id", "newborn_seq")}
        if beside.rows(other_way, **newborn):
            yield "newborn_seq"


def weeks(record: Record) -> str | None:
    """Whole weeks of pregnancy: 39 of 39+2."""
    told = _WEEKS.match(record.get("gestational_weeks", ""))
    return told[0] if told else None


def patient_and_visit_exist(record: Record, beside: Beside) -> Says:
    return (name for name in ("patient_id", "visit_id") if beside.points_nowhere(name))


def visit_is_the_patients(record: Record, visit: Record) -> Says:
    return differing(record, visit, "patient_id")


def mother_is_a_woman(record: Record, patient: Record) -> Says:
    if is_other(patient.get("sex_code"), _FEMALE):
        yield "patient_id"


def mother_is_of_age(record: Record) -> Says:
    if is_outside(record.get("age_year"), "10", "60"):
        yield "age_year"


def no_more_births_than_pregnancies(record: Record) -> Says:
    """One who was born dead before 28 weeks need not count as a birth."""
    if is_above(record.get("parity"), record.get("gravidity")):
        yield "gravidity"
    counts = record.get("delivery_outcome_code") == _BORN_ALIVE or is_at_most("28", weeks(record))
    if counts and is_above("1", record.get("parity")):
        yield "parity"


def newborn_is_one_of_so_many(record: Record) -> Says:
    seq = record.get("newborn_seq")
    if is_above("1", seq) or is_above(seq, record.get("fetus_count")):
        yield "newborn_seq"


def apgar_is_zero_to_ten(record: Record) -> Says:
    return (name for name in _APGAR if is_outside(record.get(name), "0", "10"))


def born_alive_with_signs_of_life(record: Record) -> Says:
    if record.get("delivery_outcome_code") != _BORN_ALIVE:
        return
    if is_outside(record.get("newborn_birth_weight"), "500", "6500"):
        yield "newborn_birth_weight"
    if is_outside(record.get("newborn_birth_length"), "25", "65"):
        yield "newborn_birth_length"
    if is_at_most(record.get("apgar_score"), "0"):
        yield "apgar_score"


def born_dead_without_apgar(record: Record) -> Says:
    if record.get("delivery_outcome_code") in _BORN_DEAD:
        yield from (name for name in _APGAR if off(record.get(name), Decimal(0), tolerance="0"))


def abnormality_fits_weight_and_weeks(record: Record) -> Says:
    found, told = record.get("newborn_abnormal_code"), number(weeks(record))
    light = is_above("2500", record.get("newborn_birth_weight"))
    early = told is not None and 20 <= told <= 36
    if found == _LOW_WEIGHT and is_at_most("2500", record.get("newborn_birth_weight")):
        yield "newborn_birth_weight"
    if found == _PREMATURE and told is not None and not early:
        yield "gestational_weeks"
    if found == _NOTHING_ABNORMAL and (light or early):
        yield "newborn_abnormal_code"


def cord_and_waters_are_within_limits(record: Record) -> Says:
    if is_outside(record.get("cord_length"), "10", "150"):
        yield "cord_length"
    if is_outside(record.get("cord_neck_loops"), "0", "8"):
        yield "cord_neck_loops"
    waters = ("amniotic_volume", "fore_amniotic_volume")
    yield from (name for name in waters if is_outside(record.get(name), "0", "5000"))


def home_page_has_a_diagnosis_of_delivery(record: Record, beside: Beside) -> Says:
    """The home page often comes later; only where there is one."""
    visit = record.get("visit_id")
    homes = beside.rows("inpatient_record_home", visit_id=visit)
    if not homes or not beside.knows("inpatient_diagnose"):
        return
    others = beside.rows("inpatient_diagnose", visit_id=visit)
    codes = (*texts_of(homes, "main_diag_code"), *texts_of(others, "diagnosis_code"))
    if not any(code_in(code, *_DELIVERED) for code in codes):
        yield "visit_id"


def born_during_the_stay(record: Record, visit: Record) -> Says:
    born = record.get("fetal_delivery_time")
    if is_before(born, visit.get("admission_time")) or is_before(visit.get("discharge_time"), born):
        yield "fetal_delivery_time"
