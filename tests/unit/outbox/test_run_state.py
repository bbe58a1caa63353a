"""What a run must remember beyond its process, changed by the events that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.events import (
    Event,
    Job,
    JobBack,
    JobFailed,
    PlatformBack,
    PlatformLost,
    RouteBack,
    RouteFailed,
    VisitsReviewed,
)
from medferry.log_center.status import status_of
from medferry.outbox.run_state import RunState, Trouble, VisitsLook
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.testing.outbox_world import ORDER, START

MINUTE = timedelta(minutes=1)


class Book:
    """A ledger into which events are recorded, a minute apart."""

    def __init__(self, path: Path) -> None:
        self.clock = FixedClock(START)
        self.outbox = SqliteOutbox(path, self.clock, ORDER, "test")
        self.reader = SqliteLedgerReader(path)

    def say(self, *events: Event) -> None:
        for event in events:
            self.outbox.record([event])
            self.clock.advance(MINUTE)

    def close(self) -> None:
        self.reader.close()
        self.outbox.close()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path / "ledger.sqlite")
    yield book
    book.close()


def test_nothing_is_broken_in_a_new_ledger(book: Book) -> None:
    assert book.reader.run_state() == RunState()


def test_what_failed_again_has_failed_since_the_first_time(book: Book) -> None:
    book.say(
        RouteFailed("his.visit", "source", "retry", "一"), RouteFailed("his.visit", "config", "stop", "二")
    )
    trouble = Trouble(START, START + MINUTE, "config", "路线 his.visit 未能完成：二")
    assert book.reader.run_state() == RunState(routes={"his.visit": trouble})
    (shown,) = status_of(book.reader).failures
    assert (shown.route, shown.since, shown.at, shown.text) == (
        "his.visit",
        START,
        START + MINUTE,
        trouble.text,
    )


@pytest.mark.parametrize(
    "events",
    [
        [PlatformLost("deliver", "x"), PlatformBack(1.0)],
        [RouteFailed("his.visit", "source", "retry", "x"), RouteBack("his.visit")],
        [JobFailed(Job.REVIEW, "review", "retry", "x"), JobBack(Job.REVIEW)],
        [RouteBack("his.visit")],
    ],
    ids=lambda events: events[0].name,
)
def test_what_is_well_again_is_forgotten(book: Book, events: Sequence[Event]) -> None:
    other = JobFailed(Job.REQUESTS, "outbox", "stop", "还没有好")
    book.say(other, *events)
    assert book.reader.run_state() == RunState(
        jobs={Job.REQUESTS: Trouble(START, START, "outbox", other.text())}
    )


def test_a_job_is_shown_by_the_name_that_people_use(book: Book) -> None:
    for job in Job:
        book.say(JobFailed(job, "outbox", "stop", "x"))
    shown = {one.job: one for one in status_of(book.reader).failed_jobs}
    assert set(shown) == {job.value for job in Job}
    assert shown["edition_switch"].name_zh == "切换标准版本"
    assert shown["edition_switch"].text == "“切换标准版本”未能完成：x"


def test_the_last_look_at_ended_visits_is_known(book: Book) -> None:
    seen = START - MINUTE
    first = VisitsReviewed(1, 2, 3, 0, (seen - MINUTE).isoformat(), 0.5)
    last = VisitsReviewed(2, 9, 0, 1, seen.isoformat(), 0.5)
    book.say(first, last)
    assert book.reader.run_state().visits_look == VisitsLook(seen, START + MINUTE, last.text())


def test_the_state_and_its_journal_line_are_written_together_or_not_at_all(book: Book) -> None:
    book.say(PlatformLost("deliver", "x"))
    assert [line.name for line in book.reader.latest(["platform_lost"])] == ["platform_lost"]
    with pytest.raises(ValueError, match="isoformat"):
        book.outbox.record([PlatformBack(60.0), VisitsReviewed(1, 1, 1, 0, "not a time", 0.1)])
    assert book.reader.latest(["platform_back"]) == []
    assert book.reader.run_state().platform is not None
