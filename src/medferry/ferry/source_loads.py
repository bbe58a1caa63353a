"""The way in of one source: its routes in turn, parents' tables first, on one thread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from threading import Event as Flag

from medferry.config.model import Project, Route
from medferry.errors import MedferryError
from medferry.events import RouteBack, RouteFailed, RouteNoticed
from medferry.ferry.counts import LoadResult
from medferry.ferry.ferry import Ferry
from medferry.ferry.timetable import Moment, RouteTimes
from medferry.records import Cursor, Loop
from medferry.sources.source import NoticingSource

LOOK_BACK_S = 10.0  # of one turn; then the source's other routes are asked
BATCHES_MAX = 20  # with news, of one head pass: a long back-fill gives way to the source's other routes


@dataclass(slots=True)
class RouteState:
    """Where one route stands in this process. Its source's thread alone changes it.

    failed_before  an earlier run left it failed
    error          of the last pass, if that failed
    total          of all passes
    noticed        what was last told, without its counts
    looked_to      where a look behind the window was cut
    late           versions that such looks have found
    """

    times: RouteTimes
    failed_before: bool
    error: str = ""
    total: LoadResult = field(default_factory=LoadResult)
    rows_seen: int = 0
    rows_ready: int = 0
    noticed: tuple[str, ...] = ()
    looked_to: Cursor | None = None
    late: int = 0


class SourceLoads:
    """Of one opening of a project. `round` and `to_the_end` end early once the flag is set."""

    def __init__(self, ferry: Ferry, routes: Sequence[Route], stop: Flag) -> None:
        self._ferry = ferry
        self._routes = routes
        self._stop = stop
        now = Moment.of(ferry.clock)
        self.states: Mapping[str, RouteState] = {
            route.id: RouteState(
                RouteTimes(route, now),
                route.id in ferry.failed_routes_before,
                # What an earlier run told is told anew, or taken back, by the first pass.
                noticed=("an earlier run's",) if route.id in ferry.noticed_before else (),
            )
            for route in routes
        }

    def round(self) -> float:
        """Reads what is due; how many seconds till something is due again, none or fewer: it is already."""
        for route in self._routes:
            if not self._stop.is_set():
                self._load_if_due(route)
        now = Moment.of(self._ferry.clock)
        return min(state.times.due_in_s(now) for state in self.states.values())

    def to_the_end(self) -> None:
        """Head, then the late-change window where there is something behind the cursor; missed look-ups once more."""
        for route in self._routes:
            if self._stop.is_set():
                return
            known = self._ferry.outbox.cursor(route.id, "head") is not None
            has_window = self._load(route, "head") and known and route.changed_at is not None
            if has_window and self._load(route, "sweep"):
                self._look_back(route, for_s=inf)
        for route in self._routes:
            if self.states[route.id].total.lookup_misses and not self._stop.is_set():
                self._load(route, "sweep", lookups_not_older_than_s=self._ferry.clock.steady_s())

    def _load_if_due(self, route: Route) -> None:
        times, now = self.states[route.id].times, Moment.of(self._ferry.clock)
        if times.head_due_in_s(now) <= 0:
            self._load(route, "head", batches_max=BATCHES_MAX)
        if times.sweep_due_in_s(now) <= 0:
            if route.changed_at is None:  # a snapshot's head pass reads everything anyway
                times.sweep_is_read(now)
            else:
                self._load(route, "sweep")
        if times.look_back_due_in_s(now) <= 0:
            self._look_back(route, for_s=LOOK_BACK_S)

    def _look_back(self, route: Route, *, for_s: float) -> None:
        """Reads what came behind the window unseen."""
        state, began, result = self.states[route.id], Moment.of(self._ferry.clock), LoadResult()

        def enough() -> bool:
            return self._stop.is_set() or self._ferry.clock.steady_s() - began.steady_s > for_s

        try:
            state.looked_to = self._ferry.look_back(route, state.looked_to, enough=enough, into=result)
        except MedferryError as error:
            self._failed(route, "sweep", error)
            return
        finally:
            state.total.add_all(result)
        state.late += result.new
        state.times.looked_back(began, reached_end=result.reached_end)
        self._notice(route, LoadResult())

    def _failed(self, route: Route, loop: Loop, error: MedferryError) -> None:
        state = self.states[route.id]
        state.times.failed(loop, Moment.of(self._ferry.clock), error.next)
        state.error = str(error)
        self._ferry.say(RouteFailed(route.id, error.code, error.next, str(error)))

    def _load(
        self,
        route: Route,
        loop: Loop,
        *,
        lookups_not_older_than_s: float = -inf,
        batches_max: int | None = None,
    ) -> bool:
        state, began, result = self.states[route.id], Moment.of(self._ferry.clock), LoadResult()

        def enough(result: LoadResult) -> bool:
            return self._stop.is_set() or (
                batches_max is not None
                and route.changed_at is not None
                and result.batches_with_news >= batches_max
            )

        try:
            self._ferry.load_once(
                route, loop, lookups_not_older_than_s=lookups_not_older_than_s, enough=enough, into=result
            )
        except MedferryError as error:
            self._failed(route, loop, error)
            return False
        finally:
            state.total.add_pass(result, loop)
        failed = state.times.is_failing or state.failed_before
        if loop == "head":
            state.times.head_is_read(began, reached_end=result.reached_end)
        else:
            state.times.sweep_is_read(began)
        if failed and not state.times.is_failing:
            state.failed_before, state.error = False, ""
            self._ferry.say(RouteBack(route.id))
        self._notice(route, result)
        return True

    def _notice(self, route: Route, result: LoadResult) -> None:
        """Tells, once, what changed of what people should look at though rows arrive."""
        state = self.states[route.id]
        state.rows_seen += result.rows_read
        state.rows_ready += result.rows_read - result.rows_not_ready
        source = self._ferry.source_of(route.source)
        notices = source.notices(route.id) if isinstance(source, NoticingSource) else ()
        if state.rows_seen and not state.rows_ready:
            columns = "、".join(route.ready_when)
            notices += (f"读到 {state.rows_seen} 行，0 行就绪：没有一行合 ready_when（{columns}）的条件",)
        notices += tuple(
            _told_rival(table, rows, "本路线" if other == route.id else f"路线 {other} ")
            for table, result in sorted(state.total.kept.items())
            for other, rows in sorted(result.rivals.items())
        )
        if state.late:
            notices += (
                f"窗口之外补到 {state.late} 个版本：多半是源系统提交得比 window 还晚，"
                "每天回看一次才补得到；加大这条路线的 window",
            )
        kinds = tuple(re.sub("[0-9]+", "", one) for one in notices)
        if kinds == state.noticed:
            return
        state.noticed = kinds
        self._ferry.say(RouteNoticed(route.id, notices))


def _told_rival(table: str, rows: int, whose: str) -> str:
    return (
        f"表 {table} 有 {rows} 行的主键，{whose}的另一源行先给过，内容不同：新的盖过旧的。"
        "确是不同的记录时，改映射让主键分得开；是同一记录时，只由一条路线、一行给出"
    )


def routes_by_source(project: Project) -> Mapping[str, Sequence[Route]]:
    """Routes of each source, parents' tables first."""
    found: dict[str, list[Route]] = {}
    for route in project.routes:
        found.setdefault(route.source, []).append(route)
    for routes in found.values():
        routes.sort(key=lambda route: min(project.catalog.table(name).tier for name in route.tables))
    return found
