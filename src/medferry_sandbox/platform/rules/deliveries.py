"""Rules that vaginal deliveries and caesarean sections share word for word, under their own tables' ids.

A record is one newborn; what it says of the mother stands in each.
"""

from __future__ import annotations

import re
from typing import Final

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import above, held, not_over, says, says_other, their
from medferry_sandbox.platform.rules.texts import code_in, texts_of

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
    mark = f"{rules.table}-"
    _of_the_mother(rules, mark)
    _of_the_newborn(rules, mark)
    rules.later(f"{mark}C02").exists("patient_id", "visit_id")
    rules.parent(f"{mark}C02", "visit_id").agrees("patient_id")
    rules.later(f"{mark}C01").once(key)
    rules.later(f"{mark}O4").once("newborn_seq", "visit_id")
    rules.later(f"{mark}O11").wrong("newborn_seq", held(other_way, "visit_id", "newborn_seq"))
    rules.later(f"{mark}O9")(home_page_has_a_diagnosis_of_delivery)

    @rules.later(f"{mark}O4")
    def mother_is_told_alike(record: Record, beside: Beside) -> Says:
        siblings = beside.rows(rules.table, visit_id=record.get("visit_id"))
        if any(len(set(texts_of(siblings, name))) > 1 for name in of_the_mother):
            yield "newborn_seq"


def _of_the_mother(rules: RuleBook, mark: str) -> None:
    rules.parent(f"{mark}O1", "patient_id").wrong("patient_id", says_other(their("sex_code"), _FEMALE))
    rules.row(f"{mark}O2").within("age_year", 10, 60)
    rules.row(f"{mark}O3").not_below("gravidity", "parity")
    # One who was born dead before 28 weeks need not count as a birth.
    counts = says("delivery_outcome_code", _BORN_ALIVE) | not_over(28, weeks)
    rules.row(f"{mark}O3").not_below("parity", 1, when=counts)
    rules.row(f"{mark}O8").within("cord_length", 10, 150)
    rules.row(f"{mark}O8").within("cord_neck_loops", 0, 8)
    for waters in ("amniotic_volume", "fore_amniotic_volume"):
        rules.row(f"{mark}O8").within(waters, 0, 5000)


def _of_the_newborn(rules: RuleBook, mark: str) -> None:
    rules.row(f"{mark}O4").within("newborn_seq", 1, "fetus_count")
    is_alive, is_dead = says("delivery_outcome_code", _BORN_ALIVE), says("delivery_outcome_code", *_BORN_DEAD)
    for score in _APGAR:
        rules.row(f"{mark}O5").within(score, 0, 10)
        rules.row(f"{mark}O7").comes_to(score, 0, tolerance="0", when=is_dead)
    rules.row(f"{mark}O6").within("newborn_birth_weight", 500, 6500, when=is_alive)
    rules.row(f"{mark}O6").within("newborn_birth_length", 25, 65, when=is_alive)
    rules.row(f"{mark}O6").more_than("apgar_score", 0, when=is_alive)
    found_light, found_early = (
        says("newborn_abnormal_code", _LOW_WEIGHT),
        says("newborn_abnormal_code", _PREMATURE),
    )
    is_early, is_light = not_over(20, weeks) & not_over(weeks, 36), above(2500, "newborn_birth_weight")
    is_heavy = not_over(2500, "newborn_birth_weight")
    rules.row(f"{mark}O7").wrong("newborn_birth_weight", found_light & is_heavy)
    rules.row(f"{mark}O7").wrong("gestational_weeks", found_early & not_over(0, weeks) & ~is_early)
    found_nothing = says("newborn_abnormal_code", _NOTHING_ABNORMAL)
    rules.row(f"{mark}O7").wrong("newborn_abnormal_code", found_nothing & (is_light | is_early))
    born = ("fetal_delivery_time", their("admission_time"), their("discharge_time"))
    rules.parent(f"{mark}O10", "visit_id").during(*born)


def weeks(record: Record, *_beside: object) -> str | None:
    """Whole weeks of pregnancy: 39 of 39+2."""
    told = _WEEKS.match(record.get("gestational_weeks", ""))
    return told[0] if told else None


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
