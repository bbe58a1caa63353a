"""The shipped edition as a whole: its counts, its golden digests, its order."""

from __future__ import annotations

import csv
from datetime import time, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest

from medferry.catalog.files import edition_folder
from medferry.catalog.lint import assumptions, lint_catalog
from medferry.catalog.load import load_catalog
from medferry.catalog.schedule import load_schedule

GOLDEN = Path(__file__).parents[2] / "golden" / "catalog_fields.csv"
CATALOG = load_catalog()


def test_counts() -> None:
    tables = [CATALOG.table(name) for name in CATALOG.table_names]
    assert len(tables) == 63
    assert [table.no for table in tables] == list(range(1, 64))
    assert sum(len(table.fields) for table in tables) == 3484
    assert sum(len(CATALOG.rules(name)) for name in CATALOG.table_names) == 745
    assert len(CATALOG.value_set_ids) == 402
    assert sum(len(CATALOG.value_set(set_id).codes) for set_id in CATALOG.value_set_ids) == 140_417


def test_fields_are_those_of_the_golden_file() -> None:
    """Goal: an edit of a field is seen, never slipped in.
    Method: a digest per fields.csv; a wanted edit brings its new digest into catalog_fields.csv."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = {row["table"]: row["digest"] for row in csv.DictReader(file)}
    folder = edition_folder("jiangxi") / "tables"
    found = {
        name: blake2b((folder / name / "fields.csv").read_bytes(), digest_size=16).hexdigest()
        for name in CATALOG.table_names
    }
    assert found == golden


def test_files_have_no_bom_and_no_carriage_return() -> None:
    for path in edition_folder("jiangxi").rglob("*.csv"):
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf"), path
        assert b"\r" not in data, path


def test_every_format_parses_and_prints_back() -> None:
    formats = {field.format for name in CATALOG.table_names for field in CATALOG.table(name).fields}
    assert len(formats) > 50
    for known in formats:
        assert str(known) == known.text


def test_lint_finds_no_error_in_the_shipped_edition() -> None:
    findings = lint_catalog(CATALOG)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert {finding.check for finding in findings} <= {"codes_do_not_fit", "name_damaged"}


def test_parents_come_before_children() -> None:
    order = CATALOG.dependency_order()
    assert sorted(order) == sorted(CATALOG.table_names)
    for name in order:
        for field in CATALOG.table(name).parents:
            assert field.key is not None
            assert field.key.table is not None
            assert order.index(field.key.table) < order.index(name), f"{name}.{field.name}"
    assert order[:3] == ("medical_institution", "qm_base_dept", "qm_base_user")


def test_child_tables() -> None:
    assert CATALOG.child_tables("inspection_bio_res") == ("inspection_anti_res",)
    assert CATALOG.child_tables("bed") == ()
    assert "visit" in CATALOG.child_tables("patient")


def test_both_shapes_of_icd_files_give_chinese_names() -> None:
    clinical = CATALOG.value_set("ICD-10-clinical").names["A00.000"]
    assert clinical == CATALOG.value_set("ICD-10").names["A00.000"]
    assert clinical.startswith("霍乱")


def test_a_set_without_entries_is_open() -> None:
    loinc = CATALOG.value_set("LOINC")
    assert loinc.is_open
    assert loinc.codes == frozenset()
    assert not CATALOG.value_set("GB/T 2261.1").is_open


def test_every_group_of_a_table_has_a_schedule() -> None:
    schedule = load_schedule()
    assert {CATALOG.table(name).group for name in CATALOG.table_names} == set(schedule)
    assert schedule["live"].every == timedelta(seconds=10)
    assert schedule["live"].deadline == timedelta(minutes=1)
    assert schedule["archive"].window == timedelta(days=30)
    assert schedule["stock"].at == time(1, 0)
    assert schedule["live"].at is None
    for group in schedule.values():
        assert group.overlap >= group.every or group.at is not None, group.group
        assert group.window >= group.overlap, group.group
        assert group.assumed


def test_assumptions_are_counted() -> None:
    assumed = assumptions(CATALOG)
    assert (assumed.fields_known_unread, assumed.fields_practice) == (354, 740)
    assert assumed.tables[0] == "infectious_disease_report"
    assert len(assumed.tables) == 5
    assert assumed.value_sets_open == 18
    assert assumed.total == 354 + 740 + 5 + assumed.value_sets_incomplete + 18 + 6


@pytest.mark.parametrize(
    ("table", "key"),
    [("visit", "visit_id"), ("qm_base_dept", "dept_code"), ("gnr_item", "nursing_operation_id")],
)
def test_own_key(table: str, key: str) -> None:
    assert CATALOG.table(table).key_field == key
