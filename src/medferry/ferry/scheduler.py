"""What runs at the same time: a thread per source for the way in, the caller's thread for the way out, and beside them
requests, reviews and freed memory. What is due when is told by `medferry.ferry.timetable`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from threading import Event as Flag
from threading import Thread

from medferry.errors import MedferryError
from medferry.events import Job, JobBack, JobFailed
from medferry.ferry.counts import RunReport
from medferry.ferry.ferry import Ferry
from medferry.ferry.memory import give_back_freed
from medferry.ferry.requests import Requests
from medferry.ferry.reviews import review_until
from medferry.ferry.source_loads import SourceLoads, routes_by_source
from medferry.records import IN_MOTION
from medferry.way_out.delivery import DeliveryFigures

IDLE_S = 0.2  # the way out looks for new rows this often when nothing moves
LOADING_S = 0.02  # … and this often while rows come in or answers are awaited
ROUND_MIN_S, ROUND_MAX_S = (
    0.05,
    5.0,
)  # a source's routes are looked at again after this long at least, and at most
REQUESTS_S = 2.0  # requests (codes desk, resending) are looked for this often
REQUESTS_RETRY_S = 30.0  # … and after one failed
GIVE_BACK_S = 5.0  # freed memory goes back to the machine this often
TURN_S = 0.5  # one turn of the way out waits this long for an answer at most


class Scheduler:
    """Runs a ferry. `run` goes on until `stop()`; `run_until_quiet` until nothing is left to do."""

    def __init__(self, ferry: Ferry) -> None:
        self._ferry = ferry
        self._stop = Flag()
        self._is_asked_to_stop = False
        self._broken: list[BaseException] = []
        self._requests = Requests(ferry)
        self._requests_failed = Job.REQUESTS in ferry.failed_jobs_before
        self._loads = {
            source: SourceLoads(ferry, routes, self._stop)
            for source, routes in routes_by_source(ferry.project).items()
        }

    def stop(self) -> None:
        """Ends the run after the batches and envelopes under way. Takes no lock: a signal calls it wherever the caller's
        thread is, perhaps in the flag's own wait."""
        self._is_asked_to_stop = True

    def run(self, ended: Callable[[], bool] = lambda: False, *, deadline_s: float = inf) -> RunReport:
        """Until `stop()`, or until `ended`, asked at every turn of the way out, says so.

        deadline_s  of the clock's steady seconds: ends then; what is left stays in the ledger
        """
        threads = [
            self._thread(f"load {source}", partial(self._load_for_ever, loads))
            for source, loads in self._loads.items()
        ]
        threads.append(self._thread("requests", self._fulfil_for_ever))
        threads.append(self._thread("review", partial(review_until, self._stop, self._ferry)))
        threads.append(self._thread("memory", self._give_back_memory))
        while not self._is_stopping(deadline_s) and not ended():
            if not self._ferry.delivery.turn(TURN_S):
                self._stop.wait(IDLE_S)
        return self._end(threads)

    def run_until_quiet(self, *, deadline_s: float = inf) -> RunReport:
        """Reads every route to its end, delivers until no row is ready, leased, sent or unknown.

        deadline_s  see `run`
        """
        self._fulfil_requests()
        threads = [self._thread(f"load {source}", loads.to_the_end) for source, loads in self._loads.items()]
        memory = self._thread("memory", self._give_back_memory)
        while not self._is_stopping(deadline_s):
            loading = any(thread.is_alive() for thread in threads)
            if self._ferry.delivery.turn(TURN_S):
                continue
            if not loading and self._quiet():
                break
            self._stop.wait(LOADING_S if loading or self._ferry.delivery.in_flight else IDLE_S)
        return self._end([*threads, memory])

    # --- threads

    def _thread(self, name: str, work: Callable[[], None]) -> Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                self._broken.append(error)
                self._stop.set()

        thread = Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread

    def _is_stopping(self, deadline_s: float) -> bool:
        return self._is_asked_to_stop or self._stop.is_set() or self._ferry.clock.steady_s() >= deadline_s

    def _end(self, threads: Sequence[Thread]) -> RunReport:
        self._stop.set()
        for thread in threads:
            thread.join()
        if self._broken:
            raise self._broken[0]
        self._ferry.delivery.close()
        states = {route: state for loads in self._loads.values() for route, state in loads.states.items()}
        return RunReport(
            loaded={route.id: states[route.id].total for route in self._ferry.project.routes},
            failed={route: state.error for route, state in states.items() if state.error},
            delivered=self._ferry.delivery.figures + DeliveryFigures(),
        )

    def _give_back_memory(self) -> None:
        while not self._stop.wait(GIVE_BACK_S):
            give_back_freed()

    def _load_for_ever(self, loads: SourceLoads) -> None:
        while not self._stop.is_set():
            due_in_s = loads.round()
            self._stop.wait(max(ROUND_MIN_S, min(ROUND_MAX_S, due_in_s)))

    def _fulfil_for_ever(self) -> None:
        wait_s = REQUESTS_S
        while not self._stop.wait(wait_s):
            wait_s = REQUESTS_S if self._fulfil_requests() else REQUESTS_RETRY_S

    def _fulfil_requests(self) -> bool:
        """What people asked for; false where it failed: the requests stay, and the journal says why."""
        try:
            self._requests.fulfil()
        except MedferryError as error:
            self._ferry.say(JobFailed(Job.REQUESTS, error.code, error.next, str(error)))
            self._requests_failed = True
            return False
        if self._requests_failed:
            self._ferry.say(JobBack(Job.REQUESTS))
            self._requests_failed = False
        return True

    def _quiet(self) -> bool:
        if self._ferry.delivery.in_flight:
            return False
        return not any(count.rows for count in self._ferry.outbox.counts() if count.state in IN_MOTION)
