"""What a row brings to the score."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from told_rows import BEGAN, NOW, Kept, full_row, newest

from medferry.catalog.load import LoadedCatalog
from medferry.catalog.score_policy import ScorePolicy
from medferry.score.judgement import Judge, Judged

TABLE = "visit"


def judged(
    catalog: LoadedCatalog,
    policy: ScorePolicy,
    *kept: Kept,
    waived: frozenset[str] = frozenset(),
    when: dict[str, pl.Expr] | None = None,
    table: str = TABLE,
) -> Judged:
    judge = Judge(catalog.table(table), policy, waived, when or {}, NOW)
    return judge.judge(newest(table, kept))


def required(catalog: LoadedCatalog, table: str = TABLE) -> int:
    return sum(one.required == "R" for one in catalog.table(table).fields)


def test_a_full_row_loses_nothing(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    found = judged(catalog, policy, Kept("V1", full_row(catalog, TABLE)))
    row = found.rows.row(0, named=True)
    assert found.losses.is_empty()
    assert row["required"] == row["filled"] == required(catalog)
    assert row["values"] == row["conforming"] >= row["required"]
    assert (row["consistent"], row["due"], row["on_time"], row["held"]) == (1, 1, 1.0, False)
    assert (row["department"], row["day"]) == ("x1", "20260115")


@pytest.mark.parametrize(
    ("value", "code"), [(None, "3001"), ("-", "3007"), ("不详", "3007"), ("00010101T000000", "3007")]
)
def test_nothing_and_words_for_nothing_are_missing(
    catalog: LoadedCatalog, policy: ScorePolicy, value: str | None, code: str
) -> None:
    found = judged(catalog, policy, Kept("V1", full_row(catalog, TABLE, patient_name=value)))
    (loss,) = found.losses.iter_rows(named=True)
    assert (loss["dimension"], loss["code"], loss["field"], loss["sole"]) == (
        "completeness",
        code,
        "patient_name",
        True,
    )
    assert found.rows["filled"][0] == found.rows["required"][0] - 1
    assert found.said["patient_name"].null_count() == 1


def test_a_missing_field_found_by_a_check_too_is_one_loss_and_frees_its_row(
    catalog: LoadedCatalog, policy: ScorePolicy
) -> None:
    finding = ("required", "3001", "patient_name", "error")
    found = judged(
        catalog, policy, Kept("V1", full_row(catalog, TABLE, patient_name=None), [finding], state="held")
    )
    (loss,) = found.losses.iter_rows(named=True)
    assert (loss["sole"], loss["frees"]) == (True, True)


def test_with_two_reasons_no_single_one_frees(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    findings = [("required", "3001", "patient_name", "error"), ("value_set", "3003", "sex_code", "error")]
    kept = Kept("V1", full_row(catalog, TABLE, patient_name=None), findings, state="held")
    found = judged(catalog, policy, kept)
    assert found.losses["frees"].to_list() == [False, False]
    assert found.losses["sole"].all(), "each spoils its own value"


def test_what_is_waived_or_unknown_costs_nothing(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    kept = Kept(
        "V1", full_row(catalog, TABLE, patient_name=None),
        [("required", "3001", "patient_name", "waived"), ("holds", "5003", "dept_code", "unknown")],
    )  # fmt: skip
    found = judged(catalog, policy, kept, waived=frozenset({"patient_name"}))
    assert found.losses.is_empty()
    assert found.rows["required"][0] == required(catalog) - 1


def test_a_value_twice_wrong_is_one_value(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    findings = [("format", "3002", "sex_code", "error"), ("value_set", "3003", "sex_code", "error")]
    found = judged(catalog, policy, Kept("V1", full_row(catalog, TABLE), findings, state="held"))
    row = found.rows.row(0, named=True)
    assert row["values"] - row["conforming"] == 1
    assert found.losses["sole"].to_list() == [False, False]


def test_rules_and_absent_parents_are_of_consistency(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    found = judged(
        catalog, policy,
        Kept("V1", full_row(catalog, TABLE), [("not_before", "5003", "visit_time", "warning")]),
        Kept("V2", full_row(catalog, TABLE), state="waiting_parent"),
        Kept("V3", full_row(catalog, TABLE)),
    )  # fmt: skip
    assert found.rows["consistent"].to_list() == [0, 0, 1]
    assert sorted(found.losses["check"].to_list()) == ["not_before", "parent"]


def test_conditional_fields_count_where_their_condition_holds(
    catalog: LoadedCatalog, policy: ScorePolicy
) -> None:
    when = {"discharge_time": pl.col("visit_type") == "3"}
    assert catalog.table(TABLE).by_name["discharge_time"].required == "C"
    rows = [full_row(catalog, TABLE, visit_type=code) for code in ("3", "1", None)]
    found = judged(catalog, policy, *(Kept(f"V{n}", row) for n, row in enumerate(rows)), when=when)
    plain = judged(catalog, policy, *(Kept(f"V{n}", row) for n, row in enumerate(rows)))
    assert (found.rows["required"] - plain.rows["required"]).to_list() == [1, 0, 0]
    assert (found.rows["filled"] - plain.rows["filled"]).to_list() == [0, 0, 0]


def test_a_conditional_field_that_only_a_finding_asks_for_counts_for_its_row(
    catalog: LoadedCatalog, policy: ScorePolicy
) -> None:
    kept = Kept("V1", full_row(catalog, TABLE), [("filled", "3001", "discharge_time", "error")], state="held")
    row = judged(catalog, policy, kept).rows.row(0, named=True)
    assert (row["required"], row["filled"]) == (required(catalog) + 1, required(catalog))


@pytest.mark.parametrize(
    ("late", "state", "due", "credit"),
    [
        (timedelta(seconds=60), "accepted", 1, 1.0),
        (timedelta(seconds=61 + 89), "accepted", 1, 0.5),  # a minute, and half of three more
        (timedelta(minutes=4), "accepted", 1, 0.0),
        (timedelta(0), "held", 1, 0.0),
        (timedelta(0), "superseded", 0, 0.0),
    ],
)
def test_a_late_row_loses_in_a_straight_line(
    catalog: LoadedCatalog, policy: ScorePolicy, late: timedelta, state: str, due: int, credit: float
) -> None:
    found = judged(catalog, policy, Kept("V1", full_row(catalog, TABLE), state=state, late=late))
    assert found.rows.select("due", "on_time").row(0) == (due, pytest.approx(credit))


def test_what_may_still_be_on_time_and_what_was_there_before_us_is_not_judged(
    catalog: LoadedCatalog, policy: ScorePolicy
) -> None:
    found = judged(
        catalog, policy,
        Kept("V1", full_row(catalog, TABLE), state="ready", source_time="20260120T115930"),
        Kept("V2", full_row(catalog, TABLE), source_time="20260101T080000", began_at=BEGAN),
        Kept("V3", full_row(catalog, TABLE), state="ready", source_time="20260120T115800"),
        Kept("V4", full_row(catalog, TABLE), source_time="20260110T000000", began_at=BEGAN + timedelta(milliseconds=700)),
    )  # fmt: skip
    assert found.rows["due"].to_list() == [0, 0, 1, 1]
    assert found.rows["late"].to_list() == [False, False, True, False]


def test_a_table_of_nobody_has_no_department(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    found = judged(catalog, policy, Kept("P1", full_row(catalog, "patient")), table="patient")
    assert found.rows["department"].to_list() == [""]


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize(
    ("check", "code", "field", "dimension"),
    [
        ("value_set", "3003", "sex_code", "conformity"),
        ("format", "3002", "sex_code", "conformity"),
        ("holds", "5003", "sex_code", "consistency"),
    ],
)
def test_what_only_warns_costs_what_it_cost_when_it_held(
    catalog: LoadedCatalog,
    policy: ScorePolicy,
    severity: str,
    check: str,
    code: str,
    field: str,
    dimension: str,
) -> None:
    """A check that a project or the standard lowered to a warning, or raised to holding, is the same loss."""
    kept = Kept("V1", full_row(catalog, TABLE), findings=[(check, code, field, severity)])
    (loss,) = judged(catalog, policy, kept).losses.iter_rows(named=True)
    assert (loss["dimension"], loss["code"], loss["field"]) == (dimension, code, field)
