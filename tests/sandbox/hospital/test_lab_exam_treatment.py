"""Goal: reports and treatments of the synthetic hospital obey the rules across rows, which one row's checks cannot see.
Method: a world of some hundred visits, every row against its parent and its children, rule by rule (ids of rules.csv).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from medferry_sandbox.hospital import lives
from medferry_sandbox.hospital.world import World, use_only

Facts = dict[str, str]
Key = tuple[str, str]


@pytest.fixture(scope="module")
def rows() -> Iterator[dict[str, dict[Key, Facts]]]:
    """table -> (campus, key) -> facts, before anything is planted."""
    own = {"requests", "lab", "culture", "exam", "treatment", "treatment_parts"}
    use_only({"dictionaries", "patient", "visit", *own})
    found: dict[str, dict[Key, Facts]] = defaultdict(dict)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lives, "LIVES_SHARE", 0.0)
        made = World(7, 240, 9, date(2026, 1, 5))
    for (table, campus, key), record in made.records.items():
        found[table][campus, key] = record.versions[0].facts
    yield found
    use_only(())


def children(rows: dict[Key, Facts], parent: str) -> dict[Key, list[Facts]]:
    found: dict[Key, list[Facts]] = defaultdict(list)
    for (campus, _), one in rows.items():
        found[campus, one[parent]].append(one)
    return found


def test_a_report_goes_its_way_in_time(rows: dict[str, dict[Key, Facts]]) -> None:
    for one in rows["inspection_record"].values():  # 01, 02, 03, 05
        steps = ("request_time", "specimen_collect_time", "specimen_receive_time", "test_time", "review_time")
        moments = [one[name] for name in (*steps, "report_time")]
        assert moments == sorted(moments)
        assert one["report_date"] == one["report_time"][:8]
        assert one["report_doctor_id"] != one["review_doctor_id"]
    numbers = Counter(one["report_no"] for one in rows["inspection_record"].values())
    assert max(numbers.values()) == 1  # 06: both campuses are one institution


def test_a_report_agrees_with_its_values(rows: dict[str, dict[Key, Facts]]) -> None:
    values = children(rows["inspection_test_res"], "inspection_id")
    for key, one in rows["inspection_record"].items():  # 07, 09, 10
        own = values[key]
        assert bool(own) == (one["report_type_code"] == "1")
        assert (one["critical_value_flag"] == "T") == any(
            value["critical_value_flag"] == "T" for value in own
        )
        if own:
            assert (one["abnormal_flag"] == "T") == any(value["abnormal_flag_code"] != "N" for value in own)


def test_a_flag_agrees_with_the_reference_range(rows: dict[str, dict[Key, Facts]]) -> None:
    flags = Counter[str]()
    for one in rows["inspection_test_res"].values():  # 02, 05, 06, 07
        flags[one["abnormal_flag_code"]] += 1
        assert (one["abnormal_flag_code"] == "N") == (one["result_code"] == "2")
        if one["result_type_code"] != "1":
            assert one["qualitative_result"] == one["result_value"]
            continue
        number, low, high = (
            Decimal(one[name]) for name in ("quantitative_result", "reference_low", "reference_high")
        )
        assert number == Decimal(one["result_value"].lstrip("<"))
        assert one["abnormal_flag_code"] == ("L" if number < low else "H" if number > high else "N")
    assert set(flags) == {"N", "H", "L", "A"}


def test_only_what_grew_meets_drugs(rows: dict[str, dict[Key, Facts]]) -> None:
    drugs = children(rows["inspection_anti_res"], "bacteria_result_id")
    germs = children(rows["inspection_bio_res"], "inspection_id")
    for key, one in rows["inspection_record"].items():
        assert bool(germs[key]) == (one["report_type_code"] == "2")
    for key, one in rows["inspection_bio_res"].items():  # bio 01, 03, 04, 05; anti 02, 04
        assert bool(drugs[key]) == (one["growth_flag"] == "T") == ("bacteria_code" in one)
        assert ("mdro_type_code" in one) == (one.get("mdro_flag") == "T")
        for drug in drugs[key]:
            by_disk = drug["test_method_code"] == "1"
            assert ("zone_diameter" in drug, "mic_value" in drug) == (by_disk, not by_disk)
            assert drug["bacteria_code"] == one["bacteria_code"]


def test_an_examination_is_reported_whole(rows: dict[str, dict[Key, Facts]]) -> None:
    items = children(rows["examination_exam"], "examination_id")
    assert rows["examination_record"]
    for key, one in rows["examination_record"].items():  # 01, 02, 06, 08, 09, 10
        assert one["request_time"] <= one["exam_time"] <= one["review_time"] <= one["report_time"]
        assert ("study_uid" in one) == (one["image_flag"] == "T") == ("accession_no" in one)
        assert ("specimen_no" in one) == (one["exam_type_code"] == "PA")
        assert (one["exam_result_code"] == "1") == (one["positive_flag"] == "T")
        assert [item["report_no"] for item in items[key]] == [one["report_no"]]
        assert items[key][0].get("amount") == one.get("exam_fee")


def test_a_treatment_stays_within_the_visit_and_lists_what_was_done(
    rows: dict[str, dict[Key, Facts]],
) -> None:
    items = children(rows["treatment_item"], "treatment_id")
    operations = children(rows["treatment_operation"], "treatment_id")
    for key, one in rows["treatment_record"].items():  # 01, 02, 03, 05, 06
        visit = rows["visit"][key[0], one["visit_id"]]
        end = visit.get("discharge_time") or visit.get("visit_end_time", "9")
        assert one["treatment_start_time"] <= one["treatment_end_time"] <= min(one["sign_time"], end)
        assert ("allergy_history" in one) == (one["allergy_flag"] == "T")
        assert items[key]
        assert one["invasive_flag"] == "F" or operations[key]
        for item in items[key]:
            assert Decimal(item["amount"]) == Decimal(item["unit_price"]) * Decimal(item["quantity"])


def test_nobody_is_given_what_they_are_allergic_to(rows: dict[str, dict[Key, Facts]]) -> None:
    allergic = 0
    for (campus, _), one in rows["treatment_drug"].items():
        sheet = rows["treatment_record"][campus, one["treatment_id"]]
        allergic += sheet["allergy_flag"] == "T"
        assert one["drug_name"][:2] not in sheet.get("allergy_history", "")
        assert Decimal(0) < Decimal(one["single_dose"]) <= Decimal(one["total_dose"])
    assert allergic
