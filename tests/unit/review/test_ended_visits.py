"""Goal: a look at ended visits finds in their rows what a whole review finds by the same rules, and touches nothing else.
Method: the standard's example rows of all tables, broken at random (as in test_review_over_the_ledger), are kept as accepted;
a whole review of the same ledger is the judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from kept_rows import CATALOG, Frames, Kept, broken_examples, example

from medferry.clock import ZONE
from medferry.outbox.reviews import RecordKey
from medferry.review.ended_visits import EndedVisits, VisitsLooked, within_visits
from medferry.review.review_pass import folder_of, review

Found = set[tuple[str, str, str, str]]
ALWAYS = datetime(2020, 1, 1, tzinfo=ZONE)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "hospital")
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def broken() -> Frames:
    return broken_examples()


def soon() -> datetime:
    return datetime.now(tz=ZONE) + timedelta(minutes=1)


def look(kept: Kept, since: datetime = ALWAYS, **limits: int) -> VisitsLooked:
    done = EndedVisits(kept.project, kept.outbox, kept.reader, **limits).look(since, soon())
    assert done is not None
    return done


def ended(visits: pl.DataFrame) -> set[str]:
    over = pl.any_horizontal(pl.col("discharge_time", "visit_end_time").is_not_null()) | (
        pl.col("visit_status_code") == "2"
    )
    return set(visits.filter(over)["visit_id"])


def within(kept: Kept, found: Found, frames: Frames) -> Found:
    """Of what a whole review found, what a look at the ended visits is to find."""
    plan = within_visits(kept.project)
    rules = {
        (name, one.rule.spec.field, one.rule.mark.rule_id)
        for (name, _), reads in plan.tables.items()
        for one in reads.rules
    }
    over = ended(frames["visit"])
    mine = {
        (name, key)
        for name, rows in frames.items()
        if "visit_id" in rows.columns
        for key, visit in zip(rows[CATALOG.table(name).key_field], rows["visit_id"], strict=True)
        if visit in over
    }
    return {one for one in found if one[:2] in mine and (one[0], *one[2:]) in rules}


@pytest.mark.parametrize("at_once", [300, 1], ids=["together", "one by one"])
def test_it_finds_what_a_whole_review_finds_in_these_rows(kept: Kept, broken: Frames, at_once: int) -> None:
    kept.put(broken)
    done = look(kept, at_once=at_once)
    mine = kept.found()
    assert not folder_of(kept.path).exists()
    review(kept.project, kept.outbox, kept.reader)
    whole = kept.found()
    assert mine == within(kept, whole, broken)
    assert len({rule for *_, rule in mine}) > 30, "the rows are broken in many ways"
    assert len(mine) < len(whole), "some rules wait for the night"
    assert (done.visits, done.left) == (len(ended(broken["visit"])), 0)
    assert done.findings == len(mine)


def test_after_a_whole_review_it_changes_nothing_that_has_not_changed(kept: Kept, broken: Frames) -> None:
    kept.put(broken)
    review(kept.project, kept.outbox, kept.reader)
    found, groups, last = kept.found(), kept.reader.review_groups(), kept.reader.last_review()
    look(kept)
    assert kept.found() == found
    assert kept.reader.review_groups() == groups
    assert kept.reader.last_review() == last


def costs_of(visit: str) -> pl.DataFrame:
    return example("encounter_medical_cost").filter(pl.col("visit_id") == visit)


def test_what_came_late_is_missed_no_more(kept: Kept) -> None:
    """The bill is accepted after the visit has ended: found missing first, then there."""
    visits = example("visit").filter(pl.col("visit_status_code") == "2")
    bills = example("medical_expense_rec")
    (visit, *_) = sorted(set(visits["visit_id"]) & set(bills["visit_id"]))
    late = pl.col("visit_id") == visit
    kept.put({"patient": example("patient"), "visit": visits, "medical_expense_rec": bills.filter(~late)})
    look(kept)
    unpaid = ("visit", visit, "VIS-016")
    assert unpaid in {(table, key, rule) for table, key, _, rule in kept.found()}
    before, since = kept.found(), datetime.now(tz=ZONE)
    kept.put({"medical_expense_rec": bills.filter(late)})
    done = look(kept, since)
    assert (done.visits, done.left) == (1, 0)
    gone = before - kept.found()
    assert unpaid in {(table, key, rule) for table, key, _, rule in gone}
    assert {key for table, key, *_ in gone if table == "visit"} == {visit}


def test_visits_under_way_and_visits_without_news_are_not_looked_at(kept: Kept) -> None:
    visits = example("visit")
    under_way = visits.with_columns(
        pl.lit(None, dtype=pl.String).alias("discharge_time"),
        pl.lit(None, dtype=pl.String).alias("visit_end_time"),
        pl.lit("1").alias("visit_status_code"),
    )
    kept.put({"patient": example("patient"), "visit": under_way})
    assert look(kept) == VisitsLooked()
    assert kept.reader.last_review() is None, "nothing was written"
    since = datetime.now(tz=ZONE)
    newer = visits.with_columns(pl.lit("20991231T000000").alias("updated_at"))
    kept.put({"visit": newer})
    assert look(kept, since).visits == len(ended(newer))
    assert look(kept, datetime.now(tz=ZONE)) == VisitsLooked()


def test_more_than_may_be_looked_at_are_left_to_the_night(kept: Kept, broken: Frames) -> None:
    kept.put(broken)
    over = len(ended(broken["visit"]))
    done = look(kept, visits_max=2)
    assert (done.visits, done.left) == (2, over - 2)


def test_one_that_is_stopped_is_not_done(kept: Kept, broken: Frames) -> None:
    kept.put(broken)
    visits = EndedVisits(kept.project, kept.outbox, kept.reader)
    assert visits.look(ALWAYS, soon(), stopped=lambda: True) is None


def test_the_ledger_names_visits_by_organisation(kept: Kept) -> None:
    kept.put({"patient": example("patient"), "visit": example("visit")})
    named = kept.reader.visits_of_settled(ALWAYS, soon())
    (org,) = set(example("visit")["org_code"])
    assert set(named) == {RecordKey(org, visit) for visit in example("visit")["visit_id"]}
    assert kept.reader.visits_of_settled(ALWAYS, ALWAYS + timedelta(days=1)) == []
    columns = {"visit": ["org_code", "visit_id"]}
    assert kept.reader.accepted_of_visits([RecordKey("ANOTHER", named[0].key)], columns) == []
    (rows,) = kept.reader.accepted_of_visits([named[0]], columns)
    assert rows.frame.rows() == [named[0]]
