"""Directories, stock, nursing and births obey the standard's own rules of more than one row, before any database exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from medferry_sandbox.hospital import lives
from medferry_sandbox.hospital.scenario import Scenario
from medferry_sandbox.hospital.stock_plan import purchases
from medferry_sandbox.hospital.world import World, use_only

START = date(2026, 1, 5)
DOMAINS = (
    "dictionaries", "patient", "visit", "stay_orders", "res_places", "res_institution", "res_people", "res_items",
    "res_equipment", "stock_in", "stock_out", "nursing", "birth_vaginal", "birth_caesarean",
)  # fmt: skip
Row = dict[str, str]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    use_only(DOMAINS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "LIVES_SHARE", 0.0)
        yield World(5, 240, 9, START)
    use_only(())


def rows(world: World, table: str, campus: str = "") -> list[Row]:
    return [
        record.versions[-1].facts for record in world.of(table) if not campus or record.campus.name == campus
    ]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("campus", ["donghu", "qingshanhu"])
def test_the_institution_counts_what_the_directories_hold(world: World, campus: str) -> None:
    (institution,) = rows(world, "medical_institution", campus)
    beds, staff = rows(world, "bed", campus), rows(world, "qm_base_user", campus)
    depts = {one["dept_code"]: one for one in rows(world, "qm_base_dept", campus)}
    assert int(institution["actual_beds"]) == sum(one["is_counted"] == "T" for one in beds)
    assert int(institution["actual_beds"]) == sum(int(one.get("actual_beds", "0")) for one in depts.values())
    assert int(institution["staff_total"]) == len(staff)
    assert institution["unified_social_credit_code"][8:17] == institution["organization_code"]
    assert all(depts[one["dept_code"]]["dept_name"] == one["dept_name"] for one in staff)
    assert all(depts[one["ward_id"]]["is_ward"] == "T" for one in beds)
    posts = rows(world, "positionmanagement", campus)
    assert sum(int(one["occupied_positions"]) for one in posts) == len(staff)
    assert all(
        int(one["approved_positions"]) - int(one["occupied_positions"]) == int(one["vacant_positions"])
        for one in posts
    )


def test_numbers_of_people_are_not_given_twice(world: World) -> None:
    staff = rows(world, "qm_base_user")
    for field in ("staff_no", "id_no", "physician_license_no", "nurse_license_no"):
        given = [one[field] for one in staff if field in one]
        assert len(given) == len(set(given)), field


def test_beds_in_use_are_those_of_stays_that_go_on(world: World) -> None:
    used = {
        (record.campus.name, record.key)
        for record in world.of("bed")
        if record.versions[-1].facts["bed_status_code"] == "1"
    }
    open_stays = {
        (record.campus.name, record.versions[-1].facts["bed_no"])
        for record in world.of("visit")
        if record.versions[-1].facts["visit_type"] == "3"
        and "discharge_time" not in record.versions[-1].facts
    }
    assert open_stays
    assert {(campus, bed[-2:]) for campus, bed in used} == open_stays


@pytest.mark.parametrize("campus", ["donghu", "qingshanhu"])
def test_stock_is_what_was_there_and_came_less_what_went(world: World, campus: str) -> None:
    counted: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for one in rows(world, "drug_inventory_rec", campus):
        opening, came, went, left = (
            Decimal(one[name])
            for name in ("opening_quantity", "inbound_quantity", "outbound_quantity", "stock_quantity")
        )
        assert left == opening + came - went
        assert left >= 0
        assert Decimal(one["retail_amount"]) == (left * Decimal(one["retail_price"])).quantize(
            Decimal("0.01")
        )
        counted[one["warehouse_code"], one["drug_id"] + one["batch_no"]].append(one)
    for series in counted.values():
        series.sort(key=lambda one: one["inventory_date"])
        for before, after in pairwise(series):
            assert after["opening_quantity"] == before["stock_quantity"]
    went_all = sum(Decimal(one["outbound_quantity"]) for one in rows(world, "drug_inventory_rec", campus))
    given_all = sum(Decimal(one["outbound_quantity"]) for one in rows(world, "drug_outbound_rec", campus))
    came_all = sum(Decimal(one["inbound_quantity"]) for one in rows(world, "drug_inventory_rec", campus))
    bought_all = sum(
        Decimal(one.get("stock_in_quantity", "0")) for one in rows(world, "drug_purchas_rec", campus)
    )
    assert (went_all, came_all) == (given_all, bought_all)


def test_what_is_handed_out_is_what_was_charged(world: World) -> None:
    plan = Scenario(5, 240, 9, START)
    visits = plan.opening().visits + plan.later().visits
    charged = sum(
        charge.quantity
        for visit in visits
        for order in visit.orders
        if order.kind == "drug"
        for charge in order.charges
    )
    given = sum(
        Decimal(one["outbound_quantity"])
        for one in rows(world, "drug_outbound_rec")
        if one["outbound_type_code"] in ("03", "04")
    )
    assert given == charged > 0


def test_the_plan_of_purchases_is_the_same_whoever_asks(world: World) -> None:
    campus = world.campuses[0]
    plan = purchases(world, campus)
    assert plan == purchases(world, campus)
    assert sorted(one.key for one in plan) == sorted(
        one["purchase_record_id"] for one in rows(world, "drug_purchas_rec", "donghu")
    )
    assert {one.drug.antitumor for one in plan} == {"", "1", "2"}


def test_births_run_in_order_and_agree_with_the_newborn(world: World) -> None:
    babies = {
        (record.campus.name, record.versions[0].facts["mother_patient_id"]): record.versions[0].facts
        for record in world.of("patient")
        if "mother_patient_id" in record.versions[0].facts
    }
    order = {
        "vaginal_delivery_rec": (
            "labor_start_time", "cervix_full_dilation_time", "fetal_delivery_time", "placenta_delivery_time",
            "observation_time", "sign_time",
        ),
        "caesarean_section_rec": (
            "operation_start_time", "fetal_delivery_time", "placenta_delivery_time", "operation_end_time",
            "observation_time", "sign_time",
        ),
    }  # fmt: skip
    for table, names in order.items():
        records = list(world.of(table))
        assert records, table
        for record in records:
            one = record.versions[0].facts
            times = [one[name] for name in names]
            assert times == sorted(times)
            baby = babies[record.campus.name, one["patient_id"]]
            assert (baby["sex_code"], baby["birth_time"]) == (
                one["newborn_gender_code"],
                one["fetal_delivery_time"],
            )
            assert int(one["gravidity"]) >= int(one["parity"]) >= 1


def test_stages_of_labour_are_the_times_between(world: World) -> None:
    for one in rows(world, "vaginal_delivery_rec"):
        full, child = at(one["cervix_full_dilation_time"]), at(one["fetal_delivery_time"])
        assert full - at(one["labor_start_time"]) == timedelta(minutes=int(one["first_stage_min"]))
        assert child - full == timedelta(minutes=int(one["second_stage_min"]))
        assert at(one["placenta_delivery_time"]) - child == timedelta(minutes=int(one["third_stage_min"]))
        assert int(one["total_stage_min"]) == sum(
            int(one[f"{name}_stage_min"]) for name in ("first", "second", "third")
        )
        assert at(one["membrane_rupture_time"]) <= child


def test_nursing_happens_during_the_stay_and_acts_before_the_signature(world: World) -> None:
    stays = {(record.campus.name, record.key): record.versions[-1].facts for record in world.of("visit")}
    sheets: dict[tuple[str, str], Row] = {}
    for record in world.of("general_nursing_record"):
        one = record.versions[0].facts
        stay = stays[record.campus.name, one["visit_id"]]
        assert stay["admission_time"] <= one["record_time"] <= one["sign_time"]
        assert one["sign_time"] <= stay.get("discharge_time", "9")
        assert int(one["systolic_bp"]) > int(one["diastolic_bp"])
        sheets[record.campus.name, record.key] = one
    numbers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in world.of("gnr_item"):
        act = record.versions[0].facts
        sheet = sheets[record.campus.name, act["nursing_record_id"]]
        assert sheet["record_time"] <= act["operation_time"] <= sheet["sign_time"]
        assert act["patient_id"] == sheet["patient_id"]
        numbers[record.campus.name, act["nursing_record_id"]].append(act["seq_no"])
    assert all(len(given) == len(set(given)) for given in numbers.values())
    assert set(numbers) == set(sheets)
