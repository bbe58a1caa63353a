"""From rows to points, and what a fix gives back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from told_rows import NOW, Kept, ToldReader, full_row

from medferry.catalog.load import LoadedCatalog
from medferry.catalog.score_policy import Dimension, ScorePolicy
from medferry.score.expected import Expected
from medferry.score.gaps import ALL_MAX
from medferry.score.points import NOT_ARRIVED, NOT_READ, Deduction, Score, Sums, score
from medferry.score.survey import EXAMPLES_MAX, Survey, Window, take_survey

DAY = timedelta(days=1)


def surveyed(
    catalog: LoadedCatalog,
    policy: ScorePolicy,
    tables: Mapping[str, Sequence[Kept]],
    window: Window | None = None,
) -> Survey:
    return take_survey(
        ToldReader(tables),  # type: ignore[arg-type]  # the part of a reader that scores use
        catalog, policy, waived={}, conditions=lambda *_: {}, now=NOW, window=window or Window(), with_uses=True,
    )  # fmt: skip


def scored(
    catalog: LoadedCatalog,
    policy: ScorePolicy,
    tables: Mapping[str, Sequence[Kept]],
    expected: Mapping[tuple[str, str], Expected] | None = None,
) -> Score:
    return score(surveyed(catalog, policy, tables), catalog, policy, expected or {})


def test_points_are_the_weighted_mean_of_what_is_known(policy: ScorePolicy) -> None:
    sums = Sums(rows=10, accepted=6, required=40, filled=30, values=50, conforming=45, consistent=8)
    assert sums.points(policy) == pytest.approx(100 * (25 * 0.75 + 20 * 0.9 + 20 * 0.8) / 65)
    assert sums.shares[Dimension.COVERAGE] is None
    assert sums.shares[Dimension.TIMELINESS] is None
    known = Sums(10, 6, 4, 0, 40, 30, 50, 45, 8, due=4, on_time=3.0, expected=12)
    total = 20 * 0.5 + 25 * 0.75 + 20 * 0.9 + 20 * 0.8 + 15 * 0.75
    assert known.points(policy) == pytest.approx(total)
    assert Sums().points(policy) is None


def test_what_a_review_found_costs_consistency_once(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    """Of a record whose newest version the platform does not have yet the review saw another one."""
    twice = (("holds", "5003", "visit_status_code", "warning"),)
    rows = {
        "visit": [
            Kept("V1", full_row(catalog, "visit")),
            Kept("V2", full_row(catalog, "visit"), findings=twice),
            Kept("V3", full_row(catalog, "visit"), state="ready", accepted=True),
            Kept("V4", full_row(catalog, "visit")),
        ]
    }
    found = [("visit", key, "visit_status_code", "") for key in ("V1", "V2", "V3", "GONE")]
    reader = ToldReader(rows, [*found, ("patient", "V4", "sex_code", "PAT-1")])
    survey = take_survey(
        reader,  # type: ignore[arg-type]  # the part of a reader that scores use
        catalog, policy, waived={}, conditions=lambda *_: {}, now=NOW,
    )  # fmt: skip
    lost = survey.lost.filter(pl.col("dimension") == Dimension.CONSISTENCY.value)
    assert lost.select("check", "code", "field", "rows", "examples").rows() == [
        ("holds", "5003", "visit_status_code", 2, [{"key": "V1", "of": ""}, {"key": "V2", "of": ""}])
    ]
    assert survey.cells["consistent"].sum() == 2


@pytest.mark.parametrize(("asked", "listed"), [({}, EXAMPLES_MAX), ({"examples_max": ALL_MAX}, 25)])
def test_as_many_numbers_as_are_asked_for(
    catalog: LoadedCatalog, policy: ScorePolicy, asked: dict[str, int], listed: int
) -> None:
    rows = {"visit": [Kept(f"V{at:02}", full_row(catalog, "visit", patient_name=None)) for at in range(25)]}
    survey = take_survey(
        ToldReader(rows),  # type: ignore[arg-type]  # the part of a reader that scores use
        catalog, policy, waived={}, conditions=lambda *_: {}, now=NOW, **asked,
    )  # fmt: skip
    nameless = survey.lost.filter(pl.col("field") == "patient_name").row(0, named=True)
    assert nameless["rows"] == 25
    assert [one["key"] for one in nameless["examples"]] == [f"V{at:02}" for at in range(listed)]


def test_coverage_is_null_until_every_campus_is_counted(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    rows = {
        "visit": [
            Kept("V1", full_row(catalog, "visit")),
            Kept("V2", full_row(catalog, "visit"), state="held"),
        ]
    }
    some = {("visit", "donghu"): Expected(4), ("visit", "qingshanhu"): Expected(None, reason="没有计数查询")}
    found = scored(catalog, policy, rows, some)
    assert found.all.shares[Dimension.COVERAGE] is None
    (campus,) = [one for one in found.levels if one.level == "campus"]
    assert (campus.name, campus.shares[Dimension.COVERAGE]) == ("donghu", 0.25)
    found = scored(catalog, policy, rows, {**some, ("visit", "qingshanhu"): Expected(0)})
    assert found.all.shares[Dimension.COVERAGE] == 0.25
    missing = [one for one in found.deductions if one.dimension is Dimension.COVERAGE]
    assert [(one.table, one.check, one.rows) for one in missing] == [
        ("visit", NOT_READ, 2),
        ("visit", NOT_ARRIVED, 1),
    ]


def test_a_table_that_should_have_rows_and_has_none_scores_nothing(
    catalog: LoadedCatalog, policy: ScorePolicy
) -> None:
    found = scored(catalog, policy, {}, {("visit", "donghu"): Expected(5)})
    assert (found.all.points, found.all.tables) == (0.0, 1)
    assert found.deductions[0].points == pytest.approx(100.0)


def test_levels(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    bad = full_row(catalog, "visit", patient_name=None, dept_code="D1")
    good = full_row(catalog, "visit", dept_code="D2", created_at="20260116T080000")
    found = scored(catalog, policy, {"visit": [Kept("V1", bad), Kept("V2", good, campus="qingshanhu")]})
    by_level = {
        level: {one.name: one.points for one in found.levels if one.level == level}
        for level in ("table", "campus", "department", "day")
    }
    low = by_level["department"]["donghu/D1"]
    assert low is not None
    assert low < 100
    assert by_level["department"]["qingshanhu/D2"] == 100
    assert by_level["campus"] == {"donghu": low, "qingshanhu": 100}
    assert by_level["day"] == {"20260115": low, "20260116": 100}
    assert by_level["table"]["visit"] == found.all.points


def mended(kept: Sequence[Kept], fix: Deduction) -> list[Kept]:
    """The rows as if all of one deduction had been mended, and held rows with nothing else had gone."""
    found = []
    for one in kept:
        row = dict(one.row)
        if fix.dimension is Dimension.COMPLETENESS and row.get(fix.field) is None:
            row[fix.field] = "x1"
        left = [each for each in one.findings if (each[1], each[2]) != (fix.code, fix.field)]
        goes = one.state == "held" and one.findings and not any(each[3] == "error" for each in left)
        state = "accepted" if goes else one.state
        late = NOW - SOURCE if goes else one.late  # it goes now: as late as it was
        found.append(Kept(one.key, row, left, state=state, late=late))
    return found


SOURCE = NOW.replace(day=15, hour=8)


@pytest.mark.parametrize("seed", range(8))
def test_a_fix_gives_back_what_was_said(catalog: LoadedCatalog, policy: ScorePolicy, seed: int) -> None:
    """Goal: the points of a deduction are true. Method: mend all of it in the rows, score again, compare."""
    rng = random.Random(seed)
    fields = [one.name for one in catalog.table("visit").fields if one.required == "R"][4:14]
    kept = []
    for number in range(30):
        row = full_row(catalog, "visit")
        findings = []
        for name in rng.sample(fields, rng.choice([0, 0, 1, 2])):
            kind = rng.choice(["missing", "code", "rule"])
            if kind == "missing":
                row[name] = None
                findings.append(("required", "3001", name, "error"))
            elif kind == "code":
                findings.append(("value_set", "3003", name, "error"))
            else:
                findings.append(("not_before", "5003", name, rng.choice(["error", "warning"])))
        state = "held" if any(one[3] == "error" for one in findings) else "accepted"
        kept.append(Kept(f"V{number}", row, findings, state=state))
    expected = {("visit", "donghu"): Expected(40)}
    patient = [Kept("x1", full_row(catalog, "patient"))]  # whose visits they are
    before = scored(catalog, policy, {"patient": patient, "visit": kept}, expected)
    fixes = [
        one for one in before.deductions if one.dimension not in {Dimension.TIMELINESS, Dimension.COVERAGE}
    ]
    assert len(fixes) > 3
    for fix in fixes:
        after = scored(catalog, policy, {"patient": patient, "visit": mended(kept, fix)}, expected)
        assert after.all.points is not None
        assert before.all.points is not None
        assert after.all.points - before.all.points == pytest.approx(fix.points, abs=1e-9), fix
    assert [one.points for one in before.deductions] == sorted(
        (one.points for one in before.deductions), reverse=True
    )


def chain(catalog: LoadedCatalog, rng: random.Random) -> dict[str, list[Kept]]:
    """Patients, their visits, diagnoses of those: some held for one or two things, some waiting for them, some going on."""
    states: dict[tuple[str, str], str] = {}

    def kept(table: str, key: str, parents: Mapping[str, tuple[str, str]]) -> Kept:
        row = full_row(catalog, table, **{name: parent for name, (_, parent) in parents.items()})
        fields = rng.sample(["patient_name", "sex_code"], rng.choice([0, 0, 0, 1, 1, 2]))
        findings = [("value_set", "3003", name, "error") for name in fields]
        waits = any(states.get((of, parent)) != "accepted" for of, parent in parents.values())
        state = "held" if findings else "waiting_parent" if waits else "accepted"
        states[table, key] = state
        warned = [("not_before", "5003", "birth_date", "warning")] if rng.random() < 0.2 else []
        return Kept(key, row, [*findings, *warned], state=state)

    found: dict[str, list[Kept]] = {"patient": [], "visit": [], "diagnose_record": []}
    for number in range(12):
        patient = f"P{number}"
        if number:  # P0 never came
            found["patient"].append(kept("patient", patient, {}))
        for each in range(2):
            visit = f"V{number}-{each}"
            found["visit"].append(kept("visit", visit, {"patient_id": ("patient", patient)}))
            parents = {"patient_id": ("patient", patient), "visit_id": ("visit", visit)}
            found["diagnose_record"].append(kept("diagnose_record", f"D{visit}", parents))
    return found


PARENTS = {"patient": (), "visit": ("patient",), "diagnose_record": ("patient", "visit")}


def gone(tables: Mapping[str, Sequence[Kept]], fix: Deduction) -> dict[str, list[Kept]]:
    """The ledger after the fix: who was held only for it goes, or waits for a parent; who waited for those goes too."""
    after: dict[str, list[Kept]] = {}
    accepted: set[tuple[str, str | None]] = set()
    for name, kept in tables.items():
        after[name] = []
        for one in mended(kept, fix) if name == fix.table else kept:
            moves = one.state in {"waiting_parent", "accepted"}
            there = {(of, one.row[f"{of}_id"]) for of in PARENTS[name]} <= accepted
            state = ("accepted" if there else "waiting_parent") if moves else one.state
            if state == "accepted":
                accepted.add((name, one.key))
            late = one.late if state == "waiting_parent" else NOW - SOURCE if one.state != state else one.late
            after[name].append(replace(one, state=state, late=late))
    return after


@pytest.mark.parametrize("seed", range(8))
def test_a_fix_brings_what_waits_for_it(catalog: LoadedCatalog, policy: ScorePolicy, seed: int) -> None:
    """Goal: a deduction's points count the rows that wait behind it, over generations, and only those that really go.
    Method: mend it in the rows, let go in the tables what waited, score again, compare."""
    tables = chain(catalog, random.Random(seed))
    expected = {(name, "donghu"): Expected(len(kept) + 3) for name, kept in tables.items()}
    before = scored(catalog, policy, tables, expected)
    fixes = [one for one in before.deductions if one.dimension is Dimension.CONFORMITY]
    assert any(one.behind for one in fixes)
    for fix in fixes:
        after = scored(catalog, policy, gone(tables, fix), expected)
        assert after.all.points is not None
        assert before.all.points is not None
        assert after.all.points - before.all.points == pytest.approx(fix.points, abs=1e-9), fix
    alone = sum(one.behind for one in before.deductions)
    left = sum(one.rows for one in before.deductions if one.code == "4001")
    waiting = sum(one.state == "waiting_parent" for kept in tables.values() for one in kept)
    assert alone + left == waiting


def test_late_rows_are_one_deduction_per_table(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    rows = [
        Kept("V1", full_row(catalog, "visit"), late=timedelta(hours=1)),
        Kept("V2", full_row(catalog, "visit")),
    ]
    (late,) = scored(catalog, policy, {"visit": rows}).deductions
    assert (late.dimension, late.rows) == (Dimension.TIMELINESS, 1)
    assert late.points == pytest.approx(100 * 15 * 0.5 / 80)


def test_a_window_looks_at_business_days(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    rows = [
        Kept("V1", full_row(catalog, "visit", created_at="20260118T235959")),
        Kept("V2", full_row(catalog, "visit", created_at="20260119T000000")),
        Kept("V3", full_row(catalog, "visit", created_at=None), source_time="20260120T080000"),
    ]
    found = surveyed(catalog, policy, {"visit": rows}, Window(date(2026, 1, 19), date(2026, 1, 20)))
    assert sorted(found.cells["day"].to_list()) == ["20260119", "20260120"]
    assert found.uses["visit", "donghu", "patient_name"].rows == 2


def test_rows_without_a_department_take_their_parents(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    record = full_row(catalog, "prescription_record", prescription_id="R1", prescribe_dept_code="D7")
    drug = full_row(catalog, "prescription_drug", prescription_id="R1", drug_name=None)
    lost = full_row(catalog, "prescription_drug", prescription_id="R9")
    rows = {
        "prescription_drug": [Kept("D1", drug), Kept("D2", lost)],
        "prescription_record": [Kept("R1", record)],
    }
    found = surveyed(catalog, policy, rows)
    drugs = found.cells.filter(found.cells["table"] == "prescription_drug")
    assert sorted(drugs["department"].to_list()) == ["", "D7"]
    mine = found.lost.filter(found.lost["field"] == "drug_name").row(0, named=True)
    assert (mine["department"], mine["examples"]) == ("D7", [{"key": "D1", "of": "x1"}])


def test_uses_of_fields(catalog: LoadedCatalog, policy: ScorePolicy) -> None:
    rows = [
        Kept("P1", full_row(catalog, "patient", patient_name="甲", marital_status_code=None)),
        Kept("P2", full_row(catalog, "patient", patient_name="甲"), source_time="20260117T080000"),
        Kept("P3", full_row(catalog, "patient", patient_name="-"), source_time="20260118T080000"),
    ]
    uses = surveyed(catalog, policy, {"patient": rows}).uses
    name = uses["patient", "donghu", "patient_name"]
    assert (name.rows, name.filled, len(name.distinct), name.last) == (3, 2, 1, "20260117T080000")
    assert uses["patient", "donghu", "death_time"].filled == 0
    assert uses["patient", "donghu", "death_time"].last == ""
