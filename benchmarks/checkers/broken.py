"""Sound rows made wrong, in every way that a field can be wrong and in the ways that rules are broken."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

import polars as pl

from benchmarks.checkers.said import FieldSaid, Said
from benchmarks.checkers.stays import Row

SHARE = 0.05
"""Of all rows; a hospital that has its codes in order holds fewer."""

Fault = Callable[[Row, random.Random], None]


def _set(**values: str | None) -> Fault:
    return lambda row, rng: row.update(values)


def _more(name: str) -> Fault:
    def spoil(row: Row, rng: random.Random) -> None:
        row[name] = f"{float(row[name] or 0) + 1:.2f}"

    return spoil


def _other_digit(row: Row, rng: random.Random) -> None:
    row["id_type_code"] = "01"
    row["id_no"] = "36010219900307" + f"{rng.randint(0, 9999):04d}"


RULES_BROKEN: Mapping[str, Fault] = {
    "the parts do not add up": _more("total_cost"),
    "more is paid than asked": _set(self_pay_amount="99999999.00"),
    "left before he came": _set(discharge_time="20240101T000000"),
    "days do not count up": _set(hospital_days="999"),
    "another's identity card": _other_digit,
    "an allergy without a drug": _set(drug_allergy_flag="2", allergy_drug=None),
    "a drug without an allergy": _set(drug_allergy_flag="1", allergy_drug="青霉素"),
    "a man in childbed": _set(sex_code="1", main_diag_code="O80.000", main_diag_name="头位顺产"),
    "a name of another code": _set(main_diag_name="感冒"),
    "a tumour without pathology": _set(main_diag_code="C16.900", pathology_diag_code=None),
    "an injury without a cause": _set(main_diag_code="S72.000", injury_cause_code=None),
    "out of intensive care before in": _set(icu_in_time="20250110T080000", icu_out_time="20250109T080000"),
    "one person, three signatures": _set(
        resident_physician_id="U1", responsible_nurse_id="U1", coder_id="U1"
    ),
    "more rescued than in danger": _set(rescue_times="1", rescue_success_times="3"),
    "dead and coming back": _set(discharge_mode_code="5", readmission_31d_flag="2"),
    "Chinese medicine without its fields": _set(treatment_category_code="2", main_tcm_disease_code=None),
    "a phone of letters": _set(phone="call me"),
    "a city of another code": _set(current_addr_city="长沙市", household_addr_code="110101"),
    "left from another department": _set(transfer_dept_name="呼吸内科→外科", discharge_dept_name="内科"),
    "ventilated longer than the stay": _set(ventilator_hours="9999.0"),
    "a negative fee": _set(lab_fee="-1.00"),
    "an age of another": _set(age_year="149"),
    "parts of more than the whole": _set(anesthesia_fee="99999.00"),
    "created after it was changed": _set(created_at="20300101T000000"),
}


def faults_of(said: FieldSaid) -> list[str | None]:
    """Values that are wrong in the field."""
    found: list[str | None] = [None] if said.required else []
    if said.codes is not None:
        return [*found, "ZZ9", "１"]
    if said.pattern is not None:
        texts = ("２０２５", "20250230", "x", "00.5", "12345678901.234", "20250101T250000")
        return [*found, *(text for text in texts if not re.search(said.pattern, text))]
    found += ["乱码\ufffd", "笑\U0001f600", "响\x07铃", *said.words[:2]]
    return [*found, "长" * (said.chars_max + 1)] if said.chars_max is not None else found


def broken(
    said: Said, frame: pl.DataFrame, share: float = SHARE, seed: int = 11
) -> tuple[pl.DataFrame, frozenset[int]]:
    """The frame with one fault in that share of its rows, and which rows these are."""
    rng = random.Random(seed)
    rows = frame.to_dicts()
    spoiled = frozenset(rng.sample(range(len(rows)), max(1, round(len(rows) * share))))
    rules, names = list(RULES_BROKEN.values()), list(said.fields)
    names.remove(said.table.key_field)
    for turn, row in enumerate(sorted(spoiled)):
        if turn % 2:
            rules[turn // 2 % len(rules)](rows[row], rng)
        else:
            name = rng.choice(names)
            rows[row][name] = rng.choice(faults_of(said.fields[name]))
    return pl.DataFrame(rows, schema=frame.schema), spoiled
