"""Stays keep the rules of the standard across tables: orders, bills, home pages and documents tell one story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from medferry_sandbox.hospital import lives
from medferry_sandbox.hospital.domains.stay_homepage.facts import FEE_OF_CLASS
from medferry_sandbox.hospital.world import World, use_only

Rows = dict[tuple[str, str], dict[str, str]]
"""(campus, own key) -> facts."""

NOTES_OF_A_DAY = ("h24_adm_and_dis_record", "h24_adm_death_record")
SIGNERS = (
    "dept_director_id", "chief_physician_id", "attending_physician_id", "resident_physician_id", "responsible_nurse_id",
    "coder_id", "qc_physician_id", "qc_nurse_id",
)  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Rows]]:
    use_only(
        (
            "dictionaries", "patient", "papers", "health", "visit", "expense", "diagnosis",
            "stay_orders", "stay_costs", "stay_homepage", "stay_notes",
        )
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "LIVES_SHARE", 0.0)
        world = World(3, 300, 10, date(2026, 1, 5))
    found: dict[str, Rows] = defaultdict(dict)
    for (table, campus, key), record in world.records.items():
        found[table][campus, key] = record.versions[0].facts
    yield found
    use_only(())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_visit(rows: Rows) -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for (campus, _), row in rows.items():
        found[campus, row.get("visit_id", "")].append(row)
    return found


def test_an_order_goes_its_way_in_time_and_within_the_stay(tables: dict[str, Rows]) -> None:
    for (campus, key), order in tables["advice"].items():
        visit = tables["visit"][campus, order["visit_id"]]
        steps = (
            visit["admission_time"], order["order_time"], order["check_time"], order["execute_time"],
            order.get("stop_time", order["execute_time"]), visit.get("discharge_time", "9"),
        )  # fmt: skip
        assert all(before <= after for before, after in pairwise(steps)), key
        assert (order["execute_status"] == "5") == ("stop_time" in order), key
        assert order.get("plan_end_time", "9") >= order["plan_start_time"], key


def test_a_drug_order_says_how_it_is_taken(tables: dict[str, Rows]) -> None:
    needed = {"drug_code", "drug_name", "drug_spec", "dose", "dose_unit", "frequency_code", "route_code"}
    for key, order in tables["advice"].items():
        if order["advice_item_type_code"] == "01":
            assert needed <= order.keys(), key
            assert Decimal(order["total_dose"]) >= Decimal(order["dose"]) > 0, key
        if order["advice_item_type_code"] in ("02", "03", "04"):
            assert "request_no" in order, key


def test_a_bill_line_is_quantity_times_price(tables: dict[str, Rows]) -> None:
    for (campus, key), line in tables["advice_cost"].items():
        assert Decimal(line["amount"]) == Decimal(line["quantity"]) * Decimal(line["unit_price"]), key
        order = tables["advice"][campus, line["advice_id"]]
        assert order["visit_id"] == line["visit_id"], key
        assert order["order_time"] <= line["fee_time"] <= line["charge_time"], key


def test_a_home_page_adds_up_to_the_bill_lines_class_by_class(tables: dict[str, Rows]) -> None:
    lines = by_visit(tables["advice_cost"])
    bills = by_visit(tables["medical_expense_rec"])
    for (campus, key), home in tables["inpatient_record_home"].items():
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines[campus, home["visit_id"]]:
            sums[line["home_cost_class_code"]] += Decimal(line["amount"])
        for code, name in FEE_OF_CLASS.items():
            assert Decimal(home[name]) == sums[code], (key, name)
        total = Decimal(home["total_cost"])
        assert total == sum(Decimal(home[name]) for name in FEE_OF_CLASS.values()), key
        assert [total] == [Decimal(bill["total_cost"]) for bill in bills[campus, home["visit_id"]]], key
        assert Decimal(home["anesthesia_fee"]) + Decimal(home["operation_fee"]) <= Decimal(
            home["surgical_fee"]
        )
        assert Decimal(home["antibiotic_fee"]) <= Decimal(home["western_drug_fee"]), key
        assert 0 <= Decimal(home["self_pay_amount"]) <= total, key


def test_a_home_page_counts_its_lines_and_is_signed_by_eight_people(tables: dict[str, Rows]) -> None:
    operations = by_visit(tables["inpatient_operation"])
    others = by_visit(tables["inpatient_diagnose"])
    for (campus, key), home in tables["inpatient_record_home"].items():
        stay = campus, home["visit_id"]
        assert int(home["operation_count"]) == len(operations[stay]), key
        assert (
            (home["operation_flag"] == "T") == bool(operations[stay]) == (Decimal(home["surgical_fee"]) > 0)
        )
        assert [one["diagnosis_seq"] for one in others[stay]] == [
            str(number + 1) for number in range(int(home["other_diag_count"]))
        ]
        assert home["main_diag_code"] not in {one["diagnosis_code"] for one in others[stay]}, key
        assert len({home[name] for name in SIGNERS}) == len(SIGNERS), key
        assert not (home["marital_code"] == "10" and home["contact_relation_code"] == "10"), key
        assert (home["discharge_mode_code"] == "5") == ("autopsy_flag" in home), key
        born = home["main_diag_code"] in ("O80.000", "O82.000")
        assert born == ("newborn_birth_weight" in home), key


def test_operations_of_home_page_and_summary_agree(tables: dict[str, Rows]) -> None:
    told = by_visit(tables["dis_pat_operation_info"])
    shared = ("operation_code", "operation_start_time", "operation_end_time", "operation_level_code",
              "incision_class_code", "anesthesia_method_code", "operator_id")  # fmt: skip
    for (campus, key), line in tables["inpatient_operation"].items():
        (other,) = told[campus, line["visit_id"]]
        assert {name: line[name] for name in shared} == {name: other[name] for name in shared}, key
        people = [
            line[name] for name in ("operator_id", "first_assistant_id", "anesthetist_id") if name in line
        ]
        assert len(set(people)) == len(people), key


def test_every_stay_has_the_documents_of_its_kind(tables: dict[str, Rows]) -> None:
    documents = {table: by_visit(rows) for table, rows in tables.items() if rows}
    for (campus, key), visit in tables["visit"].items():
        if visit["visit_type"] != "3":
            continue
        counts = Counter(
            {table: len(rows.get((campus, key), ())) for table, rows in documents.items() if table != "visit"}
        )
        gone = "discharge_time" in visit
        short = sum(counts[table] for table in NOTES_OF_A_DAY)
        assert counts["admission_record"] + short == 1, key
        assert counts["the_first_medical_rec"] == counts["admission_record"], key
        assert counts["discharge_record"] + counts["death_record"] + short == int(gone), key
        assert counts["dischage_summary"] == counts["inpatient_record_home"] == int(gone), key
        dead = counts["death_record"] + counts["h24_adm_death_record"]
        assert dead == int(visit.get("outcome_code") == "5"), key


def test_documents_are_written_in_time(tables: dict[str, Rows]) -> None:
    for table, within in (("admission_record", 24), ("the_first_medical_rec", 8)):
        for key, note in tables[table].items():
            admitted, written = moment(note["admission_time"]), moment(note["record_time"])
            assert timedelta() <= written - admitted <= timedelta(hours=within), key
    for (campus, course_key), entry in tables["daily_course_record"].items():
        visit = tables["visit"][campus, entry["visit_id"]]
        assert visit["admission_time"] <= entry["record_time"] <= entry["sign_time"], course_key
        assert entry["record_time"] <= visit.get("discharge_time", "9"), course_key
    for table in NOTES_OF_A_DAY:
        for key, note in tables[table].items():
            left = moment(note["discharge_time" if "discharge_time" in note else "death_time"])
            assert left - moment(note["admission_time"]) <= timedelta(hours=24), key
