"""What the clock sets in motion: a thread per source for the way in, the caller's thread for the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from threading import Event as Flag
from threading import Lock, Thread

from medferry.codes_desk.requests import fulfil, pending
from medferry.config.model import Route
from medferry.errors import MedferryError, Next
from medferry.events import Event, Job, JobBack, JobFailed, RouteBack, RouteFailed
from medferry.ferry import resend
from medferry.ferry.ferry import Ferry, LoadResult
from medferry.ferry.memory import give_back_freed
from medferry.ferry.reviews import Reviews
from medferry.records import IN_MOTION, Loop

RETRY_MIN_S = 5.0  # first wait after a route failed, doubled each time …
RETRY_MAX_S = 300.0  # … up to this
STOPPED_RETRY_S = 600.0  # a route that only a person can mend is tried again this often
IDLE_S = 0.2  # the way out looks for new rows this often when nothing moves
BATCHES_MAX = 20  # of one head pass: a long back-fill gives way to the source's other routes
REQUESTS_S = 2.0  # requests (codes desk, review, resending) are looked for this often
REQUESTS_RETRY_S = 30.0  # … and after one failed
GIVE_BACK_S = 5.0  # freed memory goes back to the machine this often
TURN_S = 0.5  # one turn of the way out waits this long for an answer at most


@dataclass(slots=True)
class RouteState:
    """Where one route stands in this process."""

    head_due: datetime
    sweep_due: datetime
    failures: int = 0
    stopped: bool = False
    at_end: bool = True
    failed_since: datetime | None = None
    error: str = ""
    total: LoadResult = field(default_factory=LoadResult)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did; `failed` names routes that ended with an error."""

    loaded: Mapping[str, LoadResult]
    failed: Mapping[str, str]


class Scheduler:
    """Runs a ferry. `run` goes on until `stop()`; `run_until_quiet` until nothing is left to do."""

    def __init__(self, ferry: Ferry) -> None:
        self._ferry = ferry
        self._stop = Flag()
        self._is_asked_to_stop = False
        self._lock = Lock()
        self._broken: list[BaseException] = []
        self._requests_failed = Job.REQUESTS in ferry.failed_jobs_before
        now = ferry.clock.now()
        self.states = {
            route.id: RouteState(head_due=_first_due(route, now), sweep_due=now + route.sweep_every)
            for route in ferry.project.routes
        }

    def stop(self) -> None:
        """Ends the run after the batches and envelopes under way. Takes no lock: a signal calls it wherever the caller's
        thread is, perhaps in the flag's own wait."""
        self._is_asked_to_stop = True

    def run(self, ended: Callable[[], bool] = lambda: False) -> RunReport:
        """Until `stop()`, or until `ended`, asked at every turn of the way out, says so."""
        threads = [
            self._thread(f"load {source}", self._load_for_ever, routes)
            for source, routes in self._by_source().items()
        ]
        threads.append(self._thread("requests", self._fulfil_for_ever, ()))
        threads.append(self._thread("review", self._review_for_ever, ()))
        threads.append(self._thread("memory", self._give_back_memory, ()))
        while not self._is_stopping and not ended():
            if not self._ferry.delivery.turn(TURN_S):
                self._stop.wait(IDLE_S)
        return self._end(threads)

    def run_until_quiet(self, deadline: datetime | None = None) -> RunReport:
        """Reads every route to its end, delivers until no row is ready, leased, sent or unknown.

        deadline  gives up then; what is left stays in the ledger
        """
        self._fulfil_requests()
        threads = [
            self._thread(f"load {source}", self._load_to_the_end, routes)
            for source, routes in self._by_source().items()
        ]
        memory = self._thread("memory", self._give_back_memory, ())
        while not self._is_stopping:
            loading = any(thread.is_alive() for thread in threads)
            if self._ferry.delivery.turn(TURN_S):
                continue
            if not loading and self._quiet():
                break
            if deadline is not None and self._ferry.clock.now() >= deadline:
                self._stop.set()
            self._stop.wait(0.02 if loading or self._ferry.delivery.in_flight else IDLE_S)
        return self._end([*threads, memory])

    # --- threads

    def _thread(self, name: str, work: Callable[[Sequence[Route]], None], routes: Sequence[Route]) -> Thread:
        def guarded() -> None:
            try:
                work(routes)
            except BaseException as error:
                self._broken.append(error)
                self._stop.set()

        thread = Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread

    @property
    def _is_stopping(self) -> bool:
        return self._is_asked_to_stop or self._stop.is_set()

    def _end(self, threads: Sequence[Thread]) -> RunReport:
        self._stop.set()
        for thread in threads:
            thread.join()
        if self._broken:
            raise self._broken[0]
        failed = {route: state.error for route, state in self.states.items() if state.error}
        return RunReport({route: state.total for route, state in self.states.items()}, failed)

    def _give_back_memory(self, _: Sequence[Route]) -> None:
        while not self._stop.wait(GIVE_BACK_S):
            give_back_freed()

    def _fulfil_for_ever(self, _: Sequence[Route]) -> None:
        wait_s = REQUESTS_S
        while not self._stop.wait(wait_s):
            wait_s = REQUESTS_S if self._fulfil_requests() else REQUESTS_RETRY_S

    def _fulfil_requests(self) -> bool:
        """What people asked for; false where it failed: the requests stay, and the journal says why."""
        project = self._ferry.project
        try:
            resend.fulfil(self._ferry.outbox, resend.pending(project))
            if requests := pending(project):
                fulfil(self._ferry, requests)
        except MedferryError as error:
            self._say(JobFailed(Job.REQUESTS, error.code, error.next, str(error)))
            self._requests_failed = True
            return False
        if self._requests_failed:
            self._say(JobBack(Job.REQUESTS))
            self._requests_failed = False
        return True

    def _review_for_ever(self, _: Sequence[Route]) -> None:
        Reviews(self._ferry, self._stop).run()

    def _say(self, event: Event) -> None:
        self._ferry.outbox.record([event])
        self._ferry.tell(event)

    def _load_for_ever(self, routes: Sequence[Route]) -> None:
        while not self._stop.is_set():
            for route in routes:
                if self._stop.is_set():
                    return
                self._load_if_due(route)
            now = self._ferry.clock.now()
            due = min(min(s.head_due, s.sweep_due) for s in (self.states[route.id] for route in routes))
            self._stop.wait(max(0.05, min(5.0, (due - now).total_seconds())))

    def _load_if_due(self, route: Route) -> None:
        state, now = self.states[route.id], self._ferry.clock.now()
        if now >= state.head_due:
            fine = self._load(route, "head", batches_max=BATCHES_MAX)
            state.head_due = (
                self._retry_at(state) if not fine else _next_due(route, now) if state.at_end else now
            )
        if now >= state.sweep_due and not state.failures:
            # A snapshot's head pass reads everything anyway.
            fine = route.changed_at is None or self._load(route, "sweep")
            state.sweep_due = now + route.sweep_every if fine else self._retry_at(state)

    def _load_to_the_end(self, routes: Sequence[Route]) -> None:
        """Head, then the late-change window where there is something behind the cursor; missed look-ups once more."""
        for route in routes:
            if self._stop.is_set():
                return
            known = self._ferry.outbox.cursor(route.id, "head") is not None
            if self._load(route, "head") and known and route.changed_at is not None:
                self._load(route, "sweep")
        for route in routes:
            if self.states[route.id].total.lookup_misses and not self._stop.is_set():
                self._load(route, "sweep", lookups_not_older_than=self._ferry.clock.now())

    def _load(
        self,
        route: Route,
        loop: Loop,
        *,
        lookups_not_older_than: datetime | None = None,
        batches_max: int | None = None,
    ) -> bool:
        state = self.states[route.id]

        def enough(result: LoadResult) -> bool:
            return self._stop.is_set() or (
                batches_max is not None and route.changed_at is not None and result.batches >= batches_max
            )

        try:
            result = self._ferry.load_once(
                route, loop, lookups_not_older_than=lookups_not_older_than, enough=enough
            )
        except MedferryError as error:
            self._failed(route, state, error)
            return False
        if state.failures or route.id in self._ferry.failed_routes_before:
            self._ferry.failed_routes_before.discard(route.id)
            back = RouteBack(route.id)
            self._ferry.outbox.record([back])
            self._ferry.tell(back)
        state.failures, state.stopped, state.failed_since, state.error = 0, False, None, ""
        state.at_end = result.reached_end
        total = state.total
        total.batches += result.batches
        total.rows_read += result.rows_read
        total.rows_not_ready = (
            result.rows_not_ready if loop == "sweep" else total.rows_not_ready + result.rows_not_ready
        )
        total.rows_unchanged += result.rows_unchanged
        total.lookup_misses = result.lookup_misses
        return True

    def _failed(self, route: Route, state: RouteState, error: MedferryError) -> None:
        state.failures += 1
        state.failed_since = state.failed_since or self._ferry.clock.now()
        state.error = str(error)
        event = RouteFailed(route.id, error.code, error.next, str(error))
        self._ferry.outbox.record([event])
        self._ferry.tell(event)
        state.stopped = error.next is Next.STOP

    def _retry_at(self, state: RouteState) -> datetime:
        doubled_s = min(RETRY_MAX_S, RETRY_MIN_S * 2 ** (state.failures - 1))
        pause_s = STOPPED_RETRY_S if state.stopped else doubled_s
        return self._ferry.clock.now() + timedelta(seconds=pause_s)

    # --- looking around

    def _by_source(self) -> Mapping[str, Sequence[Route]]:
        """Routes of each source, parents' tables first."""
        catalog = self._ferry.project.catalog
        found: dict[str, list[Route]] = {}
        for route in self._ferry.project.routes:
            found.setdefault(route.source, []).append(route)
        for routes in found.values():
            routes.sort(key=lambda route: min(catalog.table(name).tier for name in route.tables))
        return found

    def _quiet(self) -> bool:
        if self._ferry.delivery.in_flight:
            return False
        return not any(count.rows for count in self._ferry.outbox.counts() if count.state in IN_MOTION)


def _first_due(route: Route, now: datetime) -> datetime:
    return now if route.every is not None else _next_due(route, now)


def _next_due(route: Route, now: datetime) -> datetime:
    """`every` after now, or the next of the times of day in `at`."""
    if route.every is not None:
        return now + route.every
    moments = [_today_or_tomorrow(at, now) for at in route.at]
    return min(moments)


def _today_or_tomorrow(at: time, now: datetime) -> datetime:
    moment = now.replace(hour=at.hour, minute=at.minute, second=at.second, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)
