"""Goal: what runs at the same time reads what is due, gives way, tells failures and recoveries once, and ends when it should.
Method: the sample hospital and no platform; a clock that is handed in and moved by what the run tells; rounds of a source
are called without its thread. Nothing sleeps."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Flag

import pytest

from medferry.cli.new import new_project
from medferry.cli.run import run_project
from medferry.clock import ZONE, FixedClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.events import BatchStored, Event, RouteBack, RouteFailed
from medferry.ferry.counts import LoadResult
from medferry.ferry.ferry import Ferry, open_ferry
from medferry.ferry.scheduler import Scheduler
from medferry.ferry.source_loads import BATCHES_MAX, SourceLoads
from medferry.ferry.timetable import RETRY_MIN_S, STOPPED_RETRY_S
from medferry.outbox.outbox import PutResult

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=ZONE)
ROUTE = "his.patient"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    new_project(tmp_path / "hospital")
    monkeypatch.setenv("MEDFERRY_PLATFORM_URL", "http://127.0.0.1:9")  # nobody listens there
    return tmp_path / "hospital"


class Run:
    """One opening of the project, the rounds of its source, and what it told."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.told: list[Event] = []
        self.clock = FixedClock(NOON)
        self.ferry: Ferry = open_ferry(
            load_project(folder), self.clock, SoftwareProvider(), self.told.append, stack
        )
        self.loads = SourceLoads(self.ferry, self.ferry.project.routes, Flag())

    @property
    def total(self) -> LoadResult:
        return self.loads.states[ROUTE].total

    def names(self, *kinds: type[Event]) -> list[str]:
        return [one.name for one in self.told if isinstance(one, kinds)]

    def later(self, seconds: float) -> float:
        self.clock.advance(timedelta(seconds=seconds))
        return self.loads.round()


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Run]]:
    with ExitStack() as stack:
        yield lambda folder: Run(folder, stack)


def change(folder: Path, old: str, new: str, file: str = "medferry.yaml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rows(folder: Path, count: int) -> None:
    """More patients of the sample, numbered from 1000 on."""
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        base.execute("CREATE TEMP TABLE one AS SELECT * FROM BRXX WHERE BRID = 1")
        for number in range(1000, 1000 + count):
            base.execute("UPDATE one SET BRID = ?", (number,))
            base.execute("INSERT INTO BRXX SELECT * FROM one")


def test_a_route_is_read_when_it_is_due_and_not_before(folder: Path, opened: Callable[[Path], Run]) -> None:
    run = opened(folder)
    due_in_s = run.loads.round()
    read = run.total.rows_read
    assert read > 0
    every = run.ferry.project.routes[0].every
    assert every is not None
    assert due_in_s == every.total_seconds()
    assert run.later(due_in_s - 1) == 1
    assert run.total.rows_read == read
    run.later(1)
    assert run.total.rows_read > read, "the overlap before the cursor"
    batches = run.total.batches
    run.clock.set(NOON - timedelta(days=30))
    run.later(due_in_s)
    assert run.total.batches > batches, "a clock that was set back stops no reading"


def test_what_was_kept_is_what_the_ledger_counts(folder: Path, opened: Callable[[Path], Run]) -> None:
    change(folder, "rows_max: 5000", "rows_max: 2")
    run = opened(folder)
    run.loads.to_the_end()
    kept = run.total.kept
    assert kept.keys() == {"patient"}
    by_state: dict[str, int] = {}
    for count in run.ferry.outbox.counts():
        by_state[count.state.value] = by_state.get(count.state.value, 0) + count.rows
    assert kept["patient"].new == sum(by_state.values()) > 2
    assert kept["patient"].held == by_state["held"] > 0
    assert run.total.batches > 1


def test_a_long_back_fill_gives_way(folder: Path, opened: Callable[[Path], Run]) -> None:
    change(folder, "rows_max: 5000", "rows_max: 1")
    rows(folder, 2 * BATCHES_MAX)
    run = opened(folder)
    assert run.loads.round() <= 0, "it is due again at once"
    assert run.total.batches_with_news == BATCHES_MAX
    rounds = 1
    while run.loads.round() <= 0:  # the overlap, of one and the same time, is longer than a pass may be
        rounds += 1
        assert rounds <= 4, "it comes forward"
    assert run.total.reached_end
    assert run.total.kept["patient"].new > 2 * BATCHES_MAX


def test_failures_are_tried_again_later_and_later_and_the_recovery_is_told_once(
    folder: Path, opened: Callable[[Path], Run]
) -> None:
    source = folder / "run" / "sample_his.sqlite"
    away = source.rename(source.with_suffix(".away"))
    run = opened(folder)
    assert [run.loads.round(), run.later(5), run.later(10)] == [RETRY_MIN_S, 10, 20]
    assert run.names(RouteFailed, RouteBack) == ["route_failed"] * 3
    assert run.loads.states[ROUTE].error
    run.later(19)
    assert run.names(RouteFailed) == ["route_failed"] * 3, "not yet due"
    away.rename(source)
    run.later(1)
    run.later(3600)
    assert run.names(RouteFailed, RouteBack) == [*["route_failed"] * 3, "route_back"]
    assert run.loads.states[ROUTE].error == ""
    assert run.total.rows_read > 0


def test_what_only_a_person_can_mend_is_tried_seldom(folder: Path, opened: Callable[[Path], Run]) -> None:
    run = opened(folder)
    with closing(sqlite3.connect(folder / "run" / "sample_his.sqlite")) as base, base:
        base.execute("ALTER TABLE BRXX RENAME TO GONE")
    assert run.loads.round() == STOPPED_RETRY_S
    (failed,) = (one for one in run.told if isinstance(one, RouteFailed))
    assert failed.next == "stop"


def test_a_failure_of_an_earlier_run_is_told_to_be_over(folder: Path) -> None:
    source = folder / "run" / "sample_his.sqlite"
    away = source.rename(source.with_suffix(".away"))
    with ExitStack() as stack:
        Run(folder, stack).loads.round()
    away.rename(source)
    with ExitStack() as stack:
        run = Run(folder, stack)
        run.loads.round()
        run.later(3600)
        assert run.names(RouteFailed, RouteBack) == ["route_back"]


def test_passes_under_way_end_by_the_codes_they_began_with(folder: Path) -> None:
    """New code tables come while the first batch of a pass is kept."""
    change(folder, "rows_max: 5000", "rows_max: 1")
    with ExitStack() as stack:
        ferry: Ferry

        def tell(event: Event) -> None:
            if isinstance(event, BatchStored) and ferry.compiled is before:
                ferry.use_codes({})

        ferry = open_ferry(load_project(folder), FixedClock(NOON), SoftwareProvider(), tell, stack)
        before = ferry.compiled
        (route,) = ferry.project.routes
        result = ferry.load_once(route, "head")
        assert ferry.compiled is not before
        assert ferry.compiled.project.codes == {}
        assert ferry.project.codes, "the project as it was opened stays"
        assert result.kept["patient"].held < result.kept["patient"].new, (
            "sound rows: their codes had a meaning"
        )
        assert result.batches > 1


def test_a_signal_ends_a_run(folder: Path) -> None:
    def tell(event: Event) -> None:
        if isinstance(event, BatchStored):
            os.kill(os.getpid(), signal.SIGUSR1)

    with ExitStack() as stack:
        ferry = open_ferry(load_project(folder), FixedClock(NOON), SoftwareProvider(), tell, stack)
        scheduler = Scheduler(ferry)
        before = signal.signal(signal.SIGUSR1, lambda *_: scheduler.stop())
        stack.callback(signal.signal, signal.SIGUSR1, before)
        report = scheduler.run()
    assert report.failed == {}
    assert report.loaded[ROUTE].rows_read > 0


@pytest.mark.parametrize("until_quiet", [True, False])
def test_a_run_ends_when_its_time_is_over(folder: Path, until_quiet: bool) -> None:
    """The platform does not answer, so rows are left; time passes once the first rows are kept."""
    clock = FixedClock(NOON)

    def tell(event: Event) -> None:
        if isinstance(event, BatchStored):
            clock.advance(timedelta(seconds=60))

    said = run_project(folder, until_quiet=until_quiet, at_most_s=60, tell=tell, clock=clock)
    assert said["left"]
    kept = said["routes"][ROUTE]["kept"]["patient"]  # type: ignore[index]
    assert kept["new"] == sum(said["tables"]["patient"].values())  # type: ignore[index]


def test_openings_add_up() -> None:
    one, other = LoadResult(), LoadResult()
    one.kept, other.kept = (
        {"a": PutResult(1, 2, 3, 4, 5)},
        {"a": PutResult(10, 20, 30, 40, 50), "b": PutResult(1)},
    )
    one.add_all(other)
    assert one.kept == {"a": PutResult(11, 22, 33, 44, 55), "b": PutResult(1)}
    one.add_pass(LoadResult(rows_not_ready=4, lookup_misses=2, reached_end=True), "head")
    one.add_pass(LoadResult(rows_not_ready=1, lookup_misses=1, reached_end=True), "sweep")
    assert (one.rows_not_ready, one.lookup_misses) == (1, 1), "how it stands"
