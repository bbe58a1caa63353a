"""What is odd and true: each kind comes about at its rate, and nothing is planted where it shows.

Method: hospitals of several seeds; what was asked and what happened, within four standard deviations of the rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from math import sqrt

import pytest

from medferry_sandbox.hospital.faults import plant
from medferry_sandbox.hospital.lives import Lives, kinds
from medferry_sandbox.hospital.standard import standard_tables
from medferry_sandbox.hospital.world import World

SEEDS = (2026, 7)


@cache
def world(seed: int) -> World:
    made = World(seed, 600, 14, date(2026, 1, 5))
    plant(made)
    return made


@cache
def shown(seed: int) -> Counter[tuple[str, str]]:
    """(kind, table) -> rows."""
    return Counter((kind, one.recipe.table) for one in world(seed).records.values() for kind in one.lives)


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_comes_about_at_its_rate(kind: str) -> None:
    chances = sum(world(seed).lives.chances[kind] for seed in SEEDS)
    happened = sum(world(seed).lives.happened[kind] for seed in SEEDS)
    expected = chances * kinds()[kind].rate
    assert happened > 0
    assert abs(happened - expected) <= 4 * sqrt(expected) + 1


@pytest.mark.parametrize("kind", kinds())
def test_each_of_its_tables_shows_it(kind: str) -> None:
    known = kinds()[kind]
    assert known.tables
    assert known.tables <= set(standard_tables())
    found = Counter({table: sum(shown(seed)[kind, table] for seed in SEEDS) for table in known.tables})
    assert all(found[table] for table in known.tables), found


def test_nothing_is_planted_in_a_row_that_is_odd_and_true() -> None:
    for seed in SEEDS:
        odd = [one for one in world(seed).records.values() if one.lives]
        assert odd
        assert {version.planted for one in odd for version in one.versions} == {""}
        assert {version.held for one in odd for version in one.versions} == {None}


def test_the_same_seed_gives_the_same_life() -> None:
    assert [Lives(3).happens("passport", "donghu", number) for number in range(500)] == [
        Lives(3).happens("passport", "donghu", number) for number in range(500)
    ]
    with pytest.raises(KeyError):
        Lives(3).happens("frob", 1)


Facts = Mapping[str, str]
SHOWS: dict[tuple[str, str], Callable[[Facts], bool]] = {
    ("unknown_patient", "patient"): lambda one: (
        one["patient_name"] == "无名氏" and one["no_id_reason_code"] == "2"
    ),
    ("papers_refused", "patient"): lambda one: "id_no" not in one and one["no_id_reason_code"] == "3",
    ("passport", "patient"): lambda one: one["id_type_code"] == "03" and one["nationality_code"] != "156",
    ("passport", "medical_expense_rec"): lambda one: len(one["id_no"]) < 15,
    ("household_register", "visit"): lambda one: one["id_type_code"] == "02" and len(one["id_no"]) == 18,
    ("officer_card", "visit"): lambda one: one["id_type_code"] == "04" and one["id_no"].startswith("军"),
    ("foreign_resident_card", "visit"): lambda one: (
        one["id_type_code"] == "99" and one["id_no"].startswith("9")
    ),
    ("hk_macao_permit", "visit"): lambda one: one["id_type_code"] == "06",
    ("taiwan_permit", "visit"): lambda one: one["id_type_code"] == "07" and one["id_no"].isdigit(),
    ("residence_permit", "visit"): lambda one: (
        one["id_type_code"] in ("10", "11") and len(one["id_no"]) == 18
    ),
    ("child_without_card", "patient"): lambda one: one["id_type_code"] == "99" and "id_no" not in one,
    ("newborn", "patient"): lambda one: one["newborn_flag"] == "T" and "mother_patient_id" in one,
    ("newborn_admitted", "visit"): lambda one: one["age_year"] == "0" and "id_no" not in one,
    ("dashes", "inpatient_record_home"): lambda one: "-" in (one["injury_cause_name"], one["employer_name"]),
    ("open_ended", "advice"): lambda one: "stop_time" in one and "plan_end_time" not in one,
    ("unchecked_order", "advice"): lambda one: "check_nurse_name" not in one and "check_time" not in one,
    ("reviewed_by_rule", "inspection_record"): lambda one: (
        "review_time" in one and "review_doctor_name" not in one
    ),
    ("registered_later", "visit"): lambda one: one["registration_time"] > one["visit_time"],
    ("across_midnight", "visit"): lambda one: one["registration_time"][:8] < one["visit_time"][:8],
    ("operation_first", "inpatient_operation"): lambda one: "operation_start_time" in one,
    ("transfer", "visit"): lambda one: one["discharge_dept_code"] != one["dept_code"],
    ("transfer", "inpatient_record_home"): lambda one: (
        one["transfer_dept_code"] == one["discharge_dept_code"]
    ),
    ("readmission", "visit"): lambda one: int(one["visit_times"]) > 1,
    ("death", "visit"): lambda one: one["outcome_code"] == "5",
    ("free_registration", "visit"): lambda one: one["registration_type_code"] == "6",
    ("left_owing", "medical_expense_rec"): lambda one: (
        money(one, "personal_cost") > money(one, "personal_account_cost") + money(one, "cash_cost")
    ),
    ("refund", "encounter_medical_cost"): lambda one: abs(money(one, "quantity")) == 1,
    ("partial_refund", "encounter_medical_cost"): lambda one: one["charge_type_code"] == "2",
    ("ward_refund", "advice_cost"): lambda one: one["refund_flag"] == "F" or "original_cost_id" in one,
    ("half_price", "advice_cost"): lambda one: 2 * money(one, "amount") == money(one, "unit_price"),
    ("child_surcharge", "advice_cost"): lambda one: money(one, "amount") > money(one, "unit_price"),
    ("own_drug", "advice"): lambda one: one["self_provided_flag"] == "T",
    ("skin_test_positive", "advice"): lambda one: one["skin_test_result_code"] == "2",
    ("skin_test_positive", "prescription_drug"): lambda one: one["skin_test_result_code"] == "2",
    ("stopped_by_system", "advice"): lambda one: "stop_time" in one and "stop_physician_id" not in one,
    ("add_on_test", "inspection_record"): lambda one: one["specimen_collect_time"] < one["request_time"],
    ("review_after_release", "inspection_record"): lambda one: one["review_time"] > one["report_time"],
    ("late_note", "daily_course_record"): lambda one: one["record_time"] > one["created_at"],
    ("ventilator", "inpatient_record_home"): lambda one: money(one, "ventilator_hours") > 0,
    ("blood_not_tested", "inpatient_record_home"): lambda one: one["abo_code"] == "6",
    ("count_difference", "drug_inventory_rec"): lambda one: (
        money(one, "stock_quantity")
        != money(one, "opening_quantity") + money(one, "inbound_quantity") - money(one, "outbound_quantity")
    ),
    ("child_without_pressure", "general_nursing_record"): lambda one: "systolic_bp" not in one,
}
"""(kind, table) -> what is odd about such a row."""


def money(facts: Facts, name: str) -> Decimal:
    return Decimal(facts[name])


def test_every_kind_says_how_it_shows() -> None:
    assert {kind for kind, _ in SHOWS} == set(kinds())


@pytest.mark.parametrize(("kind", "table"), SHOWS)
def test_a_row_that_shows_a_kind_is_so(kind: str, table: str) -> None:
    rows = [
        one.versions[0].facts
        for seed in SEEDS
        for one in world(seed).records.values()
        if one.recipe.table == table and kind in one.lives
    ]
    assert rows
    assert all(SHOWS[kind, table](facts) for facts in rows)


def test_who_is_operated_first_is_admitted_afterwards() -> None:
    made = world(2026)
    late = [one for one in made.of("inpatient_operation") if "operation_first" in one.lives]
    assert late
    for one in late:
        facts = one.versions[0].facts
        visit = made.records["visit", one.campus.name, facts["visit_id"]].versions[0].facts
        assert facts["operation_end_time"] < visit["admission_time"]


def test_an_own_drug_costs_nothing() -> None:
    made = world(2026)
    charged = {(one.campus.name, one.versions[0].facts["advice_id"]) for one in made.of("advice_cost")}
    own = {(one.campus.name, one.key) for one in made.of("advice") if "own_drug" in one.lives}
    assert own
    assert not own & charged


def test_a_refund_undoes_its_line() -> None:
    made = world(2026)
    lines = {
        (one.campus.name, one.key): one.versions[0].facts
        for one in made.of("advice_cost")
        if "ward_refund" in one.lives
    }
    back = [(campus, one) for (campus, _), one in lines.items() if "original_cost_id" in one]
    assert back
    for campus, line in back:
        first = lines[campus, line["original_cost_id"]]
        assert first["item_code"] == line["item_code"]
        assert money(first, "amount") == -money(line, "amount")
