"""Rules that read more than the row: parents at hand or not, children, siblings; what holds and what only tells."""

from __future__ import annotations

import polars as pl
from small_catalog import ORG, batch_of

from medferry.catalog.load import load_catalog
from medferry.checks import compile_checks, run_checks, run_later

CATALOG = load_catalog("jiangxi")
TABLE = CATALOG.table("diagnose_record")
CHECKS = compile_checks(TABLE, CATALOG, {})
ROW = {"patient_id": ["P1"], "visit_id": ["V1"], "visit_type": ["1"], "diagnosis_code": ["O82.000"]}


def frame_of(table: str, *rows: dict[str, str]) -> pl.DataFrame:
    names = CATALOG.table(table).field_names
    given = [{"org_code": ORG, "record_status": "1", **row} for row in rows]
    return pl.DataFrame(given, schema=dict.fromkeys(names, pl.String))


def rule_findings(ancestors: dict[str, pl.DataFrame] | None) -> list[tuple[str, str, str]]:
    checked = run_checks(batch_of(TABLE, ROW), CHECKS, ancestors=ancestors)
    ours = checked.findings.filter(pl.col("rule_id").is_in(["DIA-001", "DIA-005"]))
    return sorted(ours.select("rule_id", "field", "severity").rows())


def test_the_columns_to_hand_over_are_named() -> None:
    wanted = CHECKS.ancestor_columns
    assert wanted["visit"] >= {"org_code", "visit_id", "patient_id", "visit_type", "visit_time"}
    assert wanted["patient"] >= {"org_code", "patient_id", "sex_code"}
    assert set(wanted) == {"visit", "patient"}, "directories are not read before a row leaves"


def test_without_ancestors_their_rules_judge_nothing_and_say_so() -> None:
    assert rule_findings(None) == []
    counts = run_checks(batch_of(TABLE, ROW), CHECKS).unknown_counts
    assert counts["same", "patient_id"] == 1
    assert counts["same", "visit_type"] == 1


def test_a_parent_at_hand_is_read() -> None:
    visit = frame_of("visit", {"visit_id": "V1", "patient_id": "P2", "visit_type": "1"})
    patient = frame_of("patient", {"patient_id": "P1", "sex_code": "1"})
    assert rule_findings({"visit": visit, "patient": patient}) == [
        ("DIA-001", "patient_id", "error"),
        ("DIA-005", "diagnosis_code", "warning"),
    ]


def test_another_organisation_has_other_parents() -> None:
    visit = frame_of("visit", {"visit_id": "V1", "patient_id": "P2"}).with_columns(org_code=pl.lit("OTHER"))
    assert rule_findings({"visit": visit, "patient": frame_of("patient")}) == []


def test_only_the_keys_and_the_wanted_columns_are_needed() -> None:
    narrow = frame_of("visit", {"visit_id": "V1", "patient_id": "P2", "visit_type": "1"}).select(
        sorted(CHECKS.ancestor_columns["visit"])
    )
    assert rule_findings({"visit": narrow})[0] == ("DIA-001", "patient_id", "error")


def later(**frames: pl.DataFrame) -> set[tuple[str, str, str]]:
    found = run_later(frames, CATALOG)
    assert set(found["severity"]) <= {"error", "warning"}
    return set(found.select("rule_id", "key", "field").rows())


def test_children_are_counted_when_their_table_was_looked_at() -> None:
    stay = {"visit_id": "V1", "visit_type": "3", "visit_status_code": "2"}
    missing = ("VIS-014", "V1", "visit_type")
    assert missing not in later(visit=frame_of("visit", stay))
    assert missing in later(
        visit=frame_of("visit", stay), inpatient_record_home=frame_of("inpatient_record_home")
    )
    home = frame_of("inpatient_record_home", {"visit_id": "V1", "record_home_id": "H1"})
    assert missing not in later(visit=frame_of("visit", stay), inpatient_record_home=home)
    voided = home.with_columns(record_status=pl.lit("2"))
    assert missing in later(visit=frame_of("visit", stay), inpatient_record_home=voided)


def test_siblings_are_compared_and_voided_rows_left_out() -> None:
    twice = [{"patient_id": f"P{n}", "id_type_code": "03", "id_no": "N1"} for n in (1, 2)]
    assert {("PAT-007", "P1", "id_no"), ("PAT-007", "P2", "id_no")} <= later(
        patient=frame_of("patient", *twice)
    )
    twice[1]["record_status"] = "2"
    assert not {rule for rule, _, _ in later(patient=frame_of("patient", *twice))} & {"PAT-007"}


def test_thirds_of_packages_add_up() -> None:
    """0.1 and 0.2 are 0.3, also for a machine that counts in halves."""
    bought = frame_of(
        "drug_purchas_rec",
        {"purchase_record_id": "P1", "drug_id": "D1", "batch_no": "B1", "stock_in_quantity": "0.30"},
    )
    issued = [
        {"outbound_record_id": f"O{n}", "drug_id": "D1", "batch_no": "B1", "outbound_quantity": quantity}
        for n, quantity in enumerate(("0.10", "0.20"))
    ]
    wrong = {("DO-06", f"O{n}", "outbound_quantity") for n in range(2)}
    assert not wrong & later(
        drug_purchas_rec=bought, drug_outbound_rec=frame_of("drug_outbound_rec", *issued)
    )
    issued[0]["outbound_quantity"] = "0.11"
    assert wrong <= later(drug_purchas_rec=bought, drug_outbound_rec=frame_of("drug_outbound_rec", *issued))


def test_what_reads_children_never_carries_an_error() -> None:
    stay = {"visit_id": "V1", "visit_type": "3", "visit_status_code": "2"}
    found = run_later(
        {"visit": frame_of("visit", stay), "inpatient_record_home": frame_of("inpatient_record_home")},
        CATALOG,
    )
    assert set(found["severity"]) == {"warning"}


def test_no_rows_no_findings() -> None:
    assert run_later({}, CATALOG).height == 0
    assert later(visit=frame_of("visit"), patient=frame_of("patient")) == set()
