"""From rows to points, and what a fix gives back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from told_rows import NOW, Kept, ToldReader, full_row

from medferry.catalog.load import LoadedCatalog
from medferry.catalog.scoring import Dimension, ScorePolicy
from medferry.score.expected import Expected
from medferry.score.scoring import Deduction, Score, Sums, score
from medferry.score.survey import Survey, Window, take_survey

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
    missing = next(one for one in found.deductions if one.dimension is Dimension.COVERAGE)
    assert (missing.table, missing.rows) == ("visit", 3)


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
    before = scored(catalog, policy, {"visit": kept}, expected)
    fixes = [
        one for one in before.deductions if one.dimension not in {Dimension.TIMELINESS, Dimension.COVERAGE}
    ]
    assert len(fixes) > 3
    for fix in fixes:
        after = scored(catalog, policy, {"visit": mended(kept, fix)}, expected)
        assert after.all.points is not None
        assert before.all.points is not None
        assert after.all.points - before.all.points == pytest.approx(fix.points, abs=1e-9), fix
    assert [one.points for one in before.deductions] == sorted(
        (one.points for one in before.deductions), reverse=True
    )


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
    assert (mine["department"], mine["examples"]) == ("D7", ["D1"])


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
