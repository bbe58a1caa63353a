"""Goal: a review over the ledger finds what the engine finds over everything in memory, however small its portions are, and
nothing of rows that are not its own.
Method: the standard's example rows of all tables, broken by changing, copying and leaving out rows at random, are kept as
accepted; the engine's own `run_later` over the same frames is the judge."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from kept_rows import CATALOG, Frames, Kept, broken_examples, example

from medferry.catalog.editions.folders import load_edition
from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.checks.later import run_later
from medferry.checks.registry import checks_by_name
from medferry.outbox.reviews import Review
from medferry.review.judgement import Limits
from medferry.review.reads import GROUPED_BY, RECORD_STATUS, plan_of
from medferry.review.review_pass import ReviewFailed, folder_of, review

SMALL = Limits(portion_rows=3, reached_rows_max=4, compared_rows_max=2)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "hospital")
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def broken() -> Frames:
    return broken_examples()


@pytest.mark.parametrize("limits", [Limits(), SMALL], ids=["whole", "in small portions"])
def test_it_finds_what_the_engine_finds_over_everything(kept: Kept, broken: Frames, limits: Limits) -> None:
    kept.put(broken)
    done = review(kept.project, kept.outbox, kept.reader, limits=limits)
    there = {name: rows for name, rows in broken.items() if rows.height}
    expected = run_later(there, CATALOG).select("table", "key", "field", pl.col("rule_id").fill_null(""))
    assert kept.found() == set(expected.rows())
    assert len({rule for *_, rule in kept.found()}) > 50, "the rows are broken in many ways"
    assert (done.rows, done.left_out, done.ended) == (sum(one.height for one in broken.values()), 0, True)
    assert done.findings == len(set(expected.rows()))


def test_the_standards_examples_break_no_rule_that_would_hold(kept: Kept) -> None:
    kept.put({name: example(name) for name in CATALOG.table_names})
    review(kept.project, kept.outbox, kept.reader)
    assert {group.severity for group in kept.reader.review_groups()} <= {"warning"}


def test_tables_that_the_project_does_not_feed_are_not_missed(kept: Kept) -> None:
    """A visit without a bill is wrong only where bills are known."""
    settled = example("visit").filter(pl.col("visit_status_code") == "2")
    kept.put({"patient": example("patient"), "visit": settled})
    review(kept.project, kept.outbox, kept.reader)
    assert kept.reader.last_review() is not None
    assert not {key for table, key, _, rule in kept.found() if (table, rule) == ("visit", "VIS-016")}
    bills = example("medical_expense_rec")
    kept.put({"medical_expense_rec": bills})
    review(kept.project, kept.outbox, kept.reader)
    unpaid = {key for table, key, _, rule in kept.found() if (table, rule) == ("visit", "VIS-016")}
    assert unpaid == set(settled["visit_id"]) - set(bills["visit_id"])


def twins(number: int) -> pl.DataFrame:
    """So many patients with one identity card."""
    one = example("patient").filter(pl.col("id_type_code") == "01").head(1)
    names = pl.DataFrame({"patient_id": [f"TWIN-{n}" for n in range(number)]})
    return one.drop("patient_id").join(names, how="cross")


def test_rows_that_are_compared_meet_across_editions_and_follow_the_rules_of_their_own(
    kept: Kept, tmp_path: Path
) -> None:
    rules = tmp_path / "hospital/catalog/2026/tables/patient"
    rules.mkdir(parents=True)
    (rules / "rules.yaml").write_text(
        "active: true\nrules:\n  - rule: PAT-020\n    scope: later\n    check: {empty: id_no}\n",
        encoding="utf-8",
    )
    old, new = CATALOG, load_edition("2026", tmp_path / "hospital")
    patients = twins(3)
    kept.put({"patient": patients[:2]}, old)
    kept.put({"patient": patients[2:]}, new)
    kept.use(SwitchedCatalog(old, new, {}, kept.outbox._clock.now().date()))
    done = review(kept.project, kept.outbox, kept.reader)
    assert (done.rows, done.left_out) == (3, 0)
    same = {("patient", f"TWIN-{n}", "id_no", "PAT-007") for n in (0, 1)}
    assert kept.found() == same | {("patient", "TWIN-2", "id_no", "PAT-020")}
    kept.use(new)
    done = review(kept.project, kept.outbox, kept.reader)
    assert (done.rows, done.left_out) == (1, 2), "the project has the older edition no more"
    assert kept.found() == {("patient", "TWIN-2", "id_no", "PAT-020")}


def test_one_that_is_stopped_leaves_the_one_before(kept: Kept) -> None:
    kept.put({"patient": twins(2)})
    review(kept.project, kept.outbox, kept.reader)
    before, found = kept.reader.last_review(), kept.found()
    assert found
    kept.put({"patient": twins(9)[2:]})
    asked = iter([False, False, True])
    done = review(kept.project, kept.outbox, kept.reader, stopped=lambda: next(asked))
    assert not done.ended
    assert (kept.reader.last_review(), kept.found()) == (before, found)
    assert not folder_of(kept.path).exists()
    assert review(kept.project, kept.outbox, kept.reader).ended
    assert len(kept.found()) == 9


def test_its_files_are_the_owners_alone_and_gone_afterwards(kept: Kept) -> None:
    kept.put({"patient": twins(2)})
    folder = folder_of(kept.path)
    folder.mkdir()
    (folder / "left-behind.parquet").write_bytes(b"of one that was killed")
    seen: list[tuple[int, list[str]]] = []

    def look(*_: object) -> None:
        seen.append((stat.S_IMODE(folder.stat().st_mode), sorted(one.name for one in folder.iterdir())))

    review(kept.project, kept.outbox, kept.reader, progress=look)
    assert seen[0] == (0o700, ["patient-000000.parquet"])
    assert not folder.exists()


def test_a_place_that_cannot_be_written_is_said_and_the_one_before_stands(kept: Kept) -> None:
    kept.put({"patient": twins(2)})
    review(kept.project, kept.outbox, kept.reader)
    before = kept.reader.last_review()
    assert isinstance(before, Review)
    folder_of(kept.path).write_bytes(b"a file in the way")
    with pytest.raises(ReviewFailed, match="复核已接收的记录"):
        review(kept.project, kept.outbox, kept.reader)
    assert kept.reader.last_review() == before


def test_every_kind_that_compares_rows_says_which() -> None:
    assert set(GROUPED_BY) == {name for name, one in checks_by_name().items() if one.across_rows}


def test_the_plan_reads_no_column_that_a_table_does_not_have() -> None:
    plan = plan_of(CATALOG)
    assert plan.judged == {name for name in CATALOG.table_names if CATALOG.rule_book(name).active}
    for name, columns in plan.columns.items():
        assert set(columns) <= set(CATALOG.table(name).field_names), name
        assert RECORD_STATUS in columns, name
