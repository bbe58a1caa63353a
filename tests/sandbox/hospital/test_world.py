"""The world is coherent before any database is written: sums, keys, parents, times, people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from medferry_sandbox.hospital import lives
from medferry_sandbox.hospital.faults import plant
from medferry_sandbox.hospital.people import check_character
from medferry_sandbox.hospital.world import Record, World, use_only

START = date(2026, 1, 5)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    use_only(("dictionaries", "patient", "papers", "health", "visit", "expense", "diagnosis"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "LIVES_SHARE", 0.0)
        yield World(3, 240, 10, START)
    use_only(())


def facts(world: World, table: str) -> list[dict[str, str]]:
    return [record.versions[0].facts for record in world.of(table)]


def test_one_seed_one_world(world: World) -> None:
    again = World(3, 240, 10, START)
    assert list(again.records) == list(world.records)
    assert [one.versions[0].facts for one in again.records.values()] == [
        one.versions[0].facts for one in world.records.values()
    ]


def test_every_scenario_comes_to_pass_in_a_small_world(world: World) -> None:
    kinds = Counter(one["visit_type"] for one in facts(world, "visit"))
    assert set(kinds) == {"1", "2", "3"}
    assert any(one.get("outcome_code") == "5" for one in facts(world, "visit"))
    assert any(one["visit_status_code"] == "3" for one in facts(world, "visit"))
    assert any(one["visit_status_code"] == "1" for one in facts(world, "visit"))
    assert any(one.get("newborn_flag") == "T" for one in facts(world, "patient"))


def test_local_ids_are_equal_at_both_campuses(world: World) -> None:
    keys = defaultdict(set)
    for record in world.of("patient"):
        keys[record.campus.name].add(record.key)
    assert keys["donghu"] & keys["qingshanhu"]


def test_bills_add_up(world: World) -> None:
    for one in facts(world, "medical_expense_rec"):
        total = cents(one["total_cost"])
        assert total == cents(one.get("outpatient_cost", "0.00")) + cents(one.get("inpatient_cost", "0.00"))
        assert total == cents(one["personal_cost"]) + cents(one["insurance_cost"]) + cents(one["other_cost"])
        assert cents(one["personal_account_cost"]) + cents(one["cash_cost"]) == cents(one["personal_cost"])
        assert total > 0
        assert cents(one["drug_cost"]) <= total
        assert one["insurance_type_code"] != "99" or one["insurance_cost"] == "0.00"


def test_identity_numbers_are_right_and_nobodys_twice(world: World) -> None:
    numbers = [one["id_no"] for one in facts(world, "patient") if "id_no" in one]
    assert len(numbers) == len(set(numbers))
    for one in facts(world, "patient"):
        number = one.get("id_no")
        if number and one["id_type_code"] in ("01", "10", "11"):
            assert number[17] == check_character(number[:17])
            assert number[6:14] == one["birth_date"]
            assert int(number[16]) % 2 == int(one["sex_code"]) % 2


def test_one_main_diagnosis_per_visit_kind_and_class(world: World) -> None:
    mains: Counter[tuple[str, str, str, str]] = Counter()
    for record in world.of("diagnose_record"):
        one = record.versions[0].facts
        mains[
            record.campus.name, one["visit_id"], one["diagnosis_type_code"], one["diagnosis_class_code"]
        ] += one["main_diagnosis_flag"] == "T"
    assert set(mains.values()) == {1}


def test_parents_are_there_and_not_in_a_later_wave(world: World) -> None:
    for record in world.records.values():
        for name, table in record.recipe.standard.parents.items():
            key = record.versions[0].facts.get(name)
            if key is not None:
                parent = world.records[table, record.campus.name, key]
                assert parent.versions[0].wave <= record.versions[0].wave, (record.recipe.table, record.key)


def test_nobody_is_treated_after_death(world: World) -> None:
    deaths = {
        (record.campus.name, record.key): record.versions[0].facts["death_time"]
        for record in world.of("patient")
        if "death_time" in record.versions[0].facts
    }
    assert deaths
    for record in world.of("visit"):
        one = record.versions[0].facts
        death = deaths.get((record.campus.name, one["patient_id"]))
        assert death is None or one["admission_time"] < death


def test_planting_touches_few_rows_and_says_what_it_did() -> None:
    use_only(("dictionaries", "patient", "papers", "health", "visit", "expense", "diagnosis"))
    world = World(5, 600, 12, START)
    plant(world)
    use_only(())
    planted = Counter(what(record) for record in world.records.values())
    total = sum(planted.values())
    assert {"missing", "bad_code", "late", "correction", "cancel"} <= set(planted)
    faults = sum(planted[kind] for kind in ("missing", "bad_code", "checksum", "full_width", "blanks", "gbk"))
    assert 0.001 < faults / total < 0.01
    held = [record for record in world.records.values() if record.versions[0].held]
    assert held
    assert all(record.versions[0].planted for record in held)
    assert any(record.versions[-1].planted == "repair" for record in held)


def what(record: Record) -> str:
    return (record.versions[0].planted or record.versions[-1].planted).partition(":")[0]


def cents(text: str) -> int:
    assert text[-3] == "."
    return int(text.replace(".", ""))
