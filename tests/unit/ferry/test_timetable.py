"""What is due when: back-off, times of day, and a clock that somebody sets. Nothing here waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from medferry.cli.new import new_project
from medferry.clock import ZONE, FixedClock
from medferry.config import load_project
from medferry.config.model import Route
from medferry.errors import Next
from medferry.ferry.timetable import (
    RETRY_MAX_S,
    RETRY_MIN_S,
    STOPPED_RETRY_S,
    DailyTimes,
    Moment,
    RouteTimes,
    next_time,
    retry_s,
)

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
NIGHT = (time(2, 30),)


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> Route:
    folder: Path = tmp_path_factory.mktemp("project") / "hospital"
    new_project(folder)
    (route,) = load_project(folder).routes
    return replace(route, every=MINUTE, at=(), sweep_every=timedelta(hours=1))


class At:
    """A route's times and the clock they are asked by."""

    def __init__(self, route: Route) -> None:
        self.clock = FixedClock(NOON)
        self.times = RouteTimes(route, self.now)

    @property
    def now(self) -> Moment:
        return Moment.of(self.clock)

    def head_in_s(self) -> float:
        return self.times.head_due_in_s(self.now)

    def sweep_in_s(self) -> float:
        return self.times.sweep_due_in_s(self.now)


def test_the_head_is_due_at_once_and_then_every_so_often_from_its_beginning(route: Route) -> None:
    at = At(route)
    assert (at.head_in_s(), at.sweep_in_s()) == (0, 3600)
    began = at.now
    at.clock.advance(timedelta(seconds=40))
    at.times.head_is_read(began, reached_end=True)
    assert at.head_in_s() == 20
    assert at.times.due_in_s(at.now) == 20


def test_a_head_that_gave_way_is_due_again_at_once(route: Route) -> None:
    at = At(route)
    at.times.head_is_read(at.now, reached_end=False)
    assert at.head_in_s() == 0


def test_waits_after_failures_double_up_to_a_cap(route: Route) -> None:
    at, waits = At(route), []
    for _ in range(8):
        at.times.failed("head", at.now, Next.RETRY)
        waits.append(at.head_in_s())
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]
    assert (waits[0], waits[-1]) == (RETRY_MIN_S, RETRY_MAX_S)
    assert retry_s(10_000, Next.RETRY) == RETRY_MAX_S
    at.times.head_is_read(at.now, reached_end=True)
    assert not at.times.is_failing
    at.times.failed("head", at.now, Next.RETRY)
    assert at.head_in_s() == RETRY_MIN_S, "it begins anew"


def test_what_a_person_must_mend_is_tried_again_seldom(route: Route) -> None:
    at = At(route)
    at.times.failed("head", at.now, Next.STOP)
    assert at.head_in_s() == STOPPED_RETRY_S


def test_no_sweep_while_the_head_fails(route: Route) -> None:
    at = At(route)
    at.clock.advance(timedelta(hours=2))
    assert at.sweep_in_s() < 0
    at.times.failed("head", at.now, Next.RETRY)
    assert at.sweep_in_s() == float("inf")
    at.times.head_is_read(at.now, reached_end=True)
    assert at.sweep_in_s() < 0


def test_a_sweep_that_fails_waits_longer_each_time_though_the_head_is_well(route: Route) -> None:
    at = At(route)
    for wait_s in (5, 10, 20):
        at.times.failed("sweep", at.now, Next.RETRY)
        at.times.head_is_read(at.now, reached_end=True)
        assert at.sweep_in_s() == wait_s
        assert at.times.is_failing
    at.times.sweep_is_read(at.now)
    assert not at.times.is_failing
    assert at.sweep_in_s() == 3600


@pytest.mark.parametrize("step", [timedelta(days=-400), timedelta(hours=-3), timedelta(days=400)])
def test_whoever_sets_the_clock_moves_no_wait(route: Route, step: timedelta) -> None:
    at = At(route)
    at.times.head_is_read(at.now, reached_end=True)
    at.clock.set(at.clock.now() + step)
    assert (at.head_in_s(), at.sweep_in_s()) == (60, 3600)
    at.clock.advance(MINUTE)
    assert at.head_in_s() == 0


def test_a_route_of_times_of_day(route: Route) -> None:
    at = At(replace(route, every=None, at=(time(13), time(2, 30))))
    assert at.head_in_s() == 3600
    at.clock.advance(timedelta(hours=1))
    assert at.head_in_s() == 0
    at.times.failed("head", at.now, Next.RETRY)
    assert at.head_in_s() == RETRY_MIN_S, "it does not wait for its next time"
    at.times.head_is_read(at.now, reached_end=True)
    assert at.head_in_s() == timedelta(hours=13, minutes=30).total_seconds()


def test_a_time_of_day_is_never_further_than_the_next_day() -> None:
    clock = FixedClock(NOON)
    daily = DailyTimes(NIGHT, NOON)
    assert daily.due_in_s(Moment.of(clock)) == timedelta(hours=14, minutes=30).total_seconds()
    clock.set(NOON - timedelta(days=365))
    assert daily.due_in_s(Moment.of(clock)) == timedelta(hours=14, minutes=30).total_seconds()


def test_a_small_step_back_does_not_bring_the_same_time_twice() -> None:
    clock = FixedClock(NOON.replace(hour=2, minute=30))
    daily = DailyTimes(NIGHT, clock.now() - MINUTE)
    assert daily.due_in_s(Moment.of(clock)) == 0
    daily.begin(Moment.of(clock))
    clock.set(clock.now() - timedelta(seconds=2))
    assert daily.due_in_s(Moment.of(clock)) == timedelta(days=1, seconds=2).total_seconds()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("times", "after", "due"),
    [
        (NIGHT, at(15, 1), at(15, 2, 30)),
        (NIGHT, at(15, 2, 30), at(16, 2, 30)),  # it just began
        (NIGHT, at(15, 23), at(16, 2, 30)),
        ((time(2, 30), time(12)), at(15, 3), at(15, 12)),
        ((time(12), time(2, 30)), at(15, 13), at(16, 2, 30)),
        ((), at(15, 1), None),
    ],
)
def test_the_next_one(times: tuple[time, ...], after: datetime, due: datetime | None) -> None:
    assert next_time(times, after) == due
