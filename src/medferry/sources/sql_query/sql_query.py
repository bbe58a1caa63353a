"""Source `sql_query`: reads a database by keyset pages, read-only, and proves that no row fell under the table."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import TypeVar

import polars as pl

from medferry.clock import ZONE, Clock
from medferry.errors import Next, SourceError, SourceRefused
from medferry.records import Cursor, Loop, ProbeFinding, RawBatch
from medferry.sources.one_select import not_one_select
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query import page_sql as paging
from medferry.sources.sql_query.columns import Column, FastPathUnfit, spelled_as, wrong_columns, wrong_names
from medferry.sources.sql_query.driver import Driver
from medferry.sources.sql_query.faults import Fault
from medferry.sources.sql_query.order import ORDER_FIX, Order, no_key_notice, order_of
from medferry.sources.sql_query.page_sql import PageAsk
from medferry.sources.sql_query.pause import Pause
from medferry.sources.sql_query.position import (
    IntegerMeaning,
    Start,
    is_behind,
    place_at,
    reached,
    rows_before,
    start_of,
    surely_apart,
)
from medferry.sources.sql_query.probe import probe_plan, probe_server
from medferry.sources.sql_query.settings import SqlQuerySettings

_LOG = logging.getLogger("medferry.sources.sql_query")
_T = TypeVar("_T")

BOUNDARIES_ASKED_MAX = 20  # of one page; a whole page of places that nobody can tell apart is refused
WHOLE_EVERY = timedelta(minutes=10)
"""What has no cursor is read by head loops at most so often: a route whose changed_at has no order, rows without one."""

_DRIVERS: Mapping[str, str] = {
    "sqlite": "medferry.sources.sql_query.sqlite:SqliteDriver",
    "postgresql": "medferry.sources.sql_query.postgres:PostgresDriver",
    "postgres": "medferry.sources.sql_query.postgres:PostgresDriver",
    "mysql": "medferry.sources.sql_query.mariadb:MariadbDriver",
    "mariadb": "medferry.sources.sql_query.mariadb:MariadbDriver",
}
"""What stands before `://` -> file and class of the driver. A driver is imported when a URL asks for it."""
_OTHERS = "medferry.sources.sql_query.plain:PlainDriver"


def _driver_of(settings: SqlQuerySettings) -> Driver:
    module, _, name = _DRIVERS.get(settings.parsed_url.get_backend_name(), _OTHERS).partition(":")
    make: Callable[[SqlQuerySettings], Driver] = getattr(import_module(module), name)
    return make(settings)


@dataclass(frozen=True, slots=True)
class PathUsed:
    """Which driver read a route last; `reason` says why it was not the fast one."""

    name: str
    reason: str = ""


@dataclass(slots=True)
class _Read:
    """One read under way.

    plan     in the database's spelling of the columns
    as_told  its spelling -> the route's, where they differ: databases fold the case of names, each its own way
    """

    plan: ReadPlan
    as_told: Mapping[str, str]
    loop: Loop
    columns: tuple[Column, ...]
    rows_max: int
    fast: bool


class SqlQuery:
    """See Source. Safe for several threads: pages of several routes take turns on one connection."""

    def __init__(self, settings: SqlQuerySettings, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._driver = _driver_of(settings)
        self._turn = threading.RLock()
        self._connected_once = False
        self.path_used: dict[str, PathUsed] = {}
        self._orders: dict[str, Order] = {}
        self._notices: dict[tuple[str, str], str] = {}
        self._whole_pause = Pause(clock, WHOLE_EVERY)
        self._unplaced_pause = Pause(clock, WHOLE_EVERY)
        self._meaning = IntegerMeaning(
            settings.integer_time, settings.integer_overlap, settings.integer_window
        )

    def probe(self, plan: ReadPlan | None = None) -> list[ProbeFinding]:
        """See Source."""
        findings: list[ProbeFinding] = []
        try:
            with self._translating("探测数据源", plan.route if plan else None):
                findings += probe_server(self._driver, self.settings, self._clock)
            if plan is not None:
                plan, columns, _ = self._described(plan)
                with self._translating("探测查询", plan.route):
                    findings += probe_plan(self._driver, plan, columns, self._clock, self._meaning)
        except SourceError as error:
            findings.append(ProbeFinding("查询" if plan else "连接", False, error.without_fix, error.fix))
        return findings

    def read(self, plan: ReadPlan, after: Cursor | None, loop: Loop) -> Iterator[RawBatch]:
        """See Source. Rows that no cursor reaches (without changed_at, or without a whole key) come with a sweep, and with a
        head that begins at the beginning: a first run to the end has no sweep."""
        plan, columns, as_told = self._described(plan)
        order = self._order(plan, columns, anew=loop == "sweep")
        read = self._read_of(plan, loop, columns, as_told)
        if order.fault:
            yield from self._whole(read)
            return
        wall = self._clock.now().astimezone(ZONE).replace(tzinfo=None)
        start = start_of(plan, after, loop, wall, order.meaning)
        begins = after is None and self._unplaced_pause.is_over(plan.route)
        if loop == "sweep" or plan.changed_at is None or begins:
            yield from self._unplaced(read)
            self._unplaced_pause.begin(plan.route)  # a route whose rows give no cursor always begins anew
        for frame in self._pages(read, PageAsk(start, read.rows_max)):
            if plan.changed_at is not None and not order.holds_for(frame[plan.changed_at]):
                order = self._order(plan, columns, anew=True)
                if order.fault:
                    yield from self._whole(read)
                    return
            cursor = reached(
                frame, plan, after, wall, overlapped=start.after is None, time=order.meaning.time
            )
            yield self._batch(read, frame, cursor)

    def _read_of(
        self, plan: ReadPlan, loop: Loop, columns: tuple[Column, ...], as_told: Mapping[str, str]
    ) -> _Read:
        rows_max = min(plan.rows_max, self.settings.rows_max)
        return _Read(plan, as_told, loop, columns, rows_max, self._fast_allowed(plan.route))

    def _order(self, plan: ReadPlan, columns: tuple[Column, ...], *, anew: bool) -> Order:
        """Proved when the route is first read, at each sweep, and when a page shows a spelling not seen before."""
        known = self._orders.get(plan.route)
        if known is None or anew:
            known = self._orders[plan.route] = self._proved_order(plan, columns)
            if known.fault:
                text = f"{plan.changed_at} {known.fault}；这条路线改为整表读取。{ORDER_FIX}"
                self._notices[plan.route, "order"] = text
                _LOG.warning("路线 %s：%s", plan.route, text)
            else:
                self._notices.pop((plan.route, "order"), None)
        return known

    def _proved_order(self, plan: ReadPlan, columns: tuple[Column, ...]) -> Order:
        try:
            with self._translating("核对变更时间的先后", plan.route):
                found = order_of(self._driver, plan, columns, self._meaning)
        except SourceError as error:
            if error.next is not Next.RETRY:
                raise
            # A table too large to be looked through in time is still read by its pages, and it is said.
            text = f"{plan.changed_at} 的先后未能核对（{error.values.get('reason', '')}），先按它增量读取。{ORDER_FIX}"
            self._notices[plan.route, "order unproved"] = text
            return Order(self._meaning)
        self._notices.pop((plan.route, "order unproved"), None)
        return found

    def _whole(self, read: _Read) -> Iterator[RawBatch]:
        """Everything, in the order of the key, without a cursor: what a route is worth whose changed_at has no order.

        A head pass that came to its end is not repeated for a while: the whole table at every poll would be a burden.
        """
        if read.loop == "head" and not self._whole_pause.is_over(read.plan.route):
            return
        snapshot = replace(read, plan=replace(read.plan, changed_at=None))
        yield from self._unplaced(snapshot)
        for frame in self._pages(snapshot, PageAsk(Start(), read.rows_max)):
            yield self._batch(snapshot, frame, None)
        self._whole_pause.begin(read.plan.route)

    def places(self, plan: ReadPlan, after: Cursor | None) -> Iterator[pl.DataFrame]:
        """See LookingBackSource."""
        plan, columns, as_told = self._described(plan)
        order = self._order(plan, columns, anew=False)
        if plan.changed_at is None or order.fault:
            return
        wall = self._clock.now().astimezone(ZONE).replace(tzinfo=None)
        if plan.window > wall - datetime.min:  # noqa: DTZ901 - wall time
            return
        until = (wall - plan.window + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        placed_by = (*plan.key, plan.changed_at)
        read = self._read_of(plan, "sweep", tuple(one for one in columns if one.name in placed_by), as_told)
        for frame in self._pages(read, PageAsk(Start(after=after), read.rows_max)):
            before = rows_before(frame, plan, until, order.meaning.time)
            if before:
                yield frame.head(before).rename(as_told)
            if before < frame.height:
                return

    def between(self, plan: ReadPlan, after: Cursor | None, until: Cursor) -> Iterator[RawBatch]:
        """See LookingBackSource. The row at `until` may have changed since: then the first one behind it ends the reading."""
        plan, columns, as_told = self._described(plan)
        read = self._read_of(plan, "sweep", columns, as_told)
        for frame in self._pages(read, PageAsk(Start(after=after), read.rows_max)):
            yield self._batch(read, frame, None)
            last = place_at(frame, plan, frame.height - 1)
            if last == until or is_behind(last, until):
                return

    def notices(self, route: str) -> tuple[str, ...]:
        """See Source."""
        return tuple(text for (of, _), text in sorted(self._notices.items()) if of == route)

    def _unplaced(self, read: _Read) -> Iterator[RawBatch]:
        if read.plan.changed_at is not None:
            for frame in self._pages(read, PageAsk(Start(), read.rows_max, "no_changed_at")):
                yield self._batch(read, frame, None)
        # Without a key there is no next page: as many as fit in one are shown, the probe counts them all.
        frame = self._page(read, PageAsk(Start(), read.rows_max + 1, "no_key"))
        self._note_no_key(read, frame.height)
        if frame.height:
            yield self._batch(read, frame.head(read.rows_max), None)

    def _note_no_key(self, read: _Read, rows: int) -> None:
        self._notices.pop((read.plan.route, "no key"), None)
        if rows:
            self._notices[read.plan.route, "no key"] = no_key_notice(read.plan, rows, read.rows_max)

    def _pages(self, read: _Read, ask: PageAsk) -> Iterator[pl.DataFrame]:
        """Pages until the end. One row more is asked for than given: it shows whether the page's end parts equal places,
        which the next page, being strictly behind, would lose."""
        placed = read.plan if ask.which == "placed" else replace(read.plan, changed_at=None)
        while True:
            frame = self._page(read, replace(ask, rows=read.rows_max + 1))
            if frame.height <= read.rows_max:
                if frame.height:
                    yield frame
                return
            whole = self._uncut(read, frame, placed, ask)
            last = place_at(whole, placed, whole.height - 1)
            yield whole
            ask = replace(ask, start=Start(after=last))

    def _uncut(self, read: _Read, frame: pl.DataFrame, plan: ReadPlan, ask: PageAsk) -> pl.DataFrame:
        """The page up to its last place behind which the database itself puts the following row."""
        asked = 0
        here = frame.height - 1
        following = place_at(frame, plan, here)
        while here:
            before = place_at(frame, plan, here - 1)
            if surely_apart(before, following):
                return frame.head(here)
            if before != following and asked < BOUNDARIES_ASKED_MAX:
                asked += 1
                beyond = self._page(read, replace(ask, start=Start(after=before), rows=1))
                if beyond.height and place_at(beyond, plan, 0) == following:
                    return frame.head(here)
            here, following = here - 1, before
        names = "、".join(filter(None, (plan.changed_at, *plan.key)))
        raise SourceRefused(
            "读取数据源", source=self.settings.name, route=plan.route, reason="一整批的行排序位置相同", columns=names,
            rows=frame.height, fix="key 须能唯一确定查询的一行：补上缺的主键列，或去掉使行重复的关联",
        )  # fmt: skip

    def _batch(self, read: _Read, frame: pl.DataFrame, cursor: Cursor | None) -> RawBatch:
        plan = read.plan
        told = frame.rename(read.as_told) if read.as_told else frame
        return RawBatch(plan.route, plan.campus, read.loop, told, cursor, self._clock.now())

    def _page(self, read: _Read, ask: PageAsk) -> pl.DataFrame:
        plan = read.plan
        by_name = {column.name: column for column in read.columns}
        statement = paging.page(
            self._driver.page_form, plan.query, tuple(by_name), plan, ask,
            lambda name, value: self._driver.bind(by_name[name], value),
        )  # fmt: skip
        order = () if ask.which == "no_key" else plan.key
        if plan.changed_at is not None and ask.which == "placed":
            order = (plan.changed_at, *order)
        with self._translating("读取数据源", plan.route):
            if read.fast:
                try:
                    frame = self._driver.fetch(statement, read.columns, order, fast=True)
                except FastPathUnfit as unfit:
                    read.fast = False
                    self._fell_back(plan.route, unfit.reason)
                else:
                    if frame.height:
                        return frame
                    # An empty page carries no proof; the plain driver is asked too.
            return self._driver.fetch(statement, read.columns, order, fast=False)

    def _fast_allowed(self, route: str) -> bool:
        driver = self._driver
        reason = "设置了 fast_path: off" if self.settings.fast_path == "off" else driver.fast_path_absent
        is_off = self.settings.fast_path == "off" or driver.fast_path is None
        self.path_used[route] = (
            PathUsed(driver.plain_path, reason) if is_off else PathUsed(str(driver.fast_path))
        )
        return not is_off

    def _fell_back(self, route: str, reason: str) -> None:
        self.path_used[route] = PathUsed(self._driver.plain_path, reason)
        _LOG.warning("路线 %s 改用普通驱动 %s：%s", route, self._driver.plain_path, reason)

    def _described(self, plan: ReadPlan) -> tuple[ReadPlan, tuple[Column, ...], Mapping[str, str]]:
        """The plan in the database's spelling, the columns the query gives, and what is spelled otherwise in the route."""
        placed_by = (*plan.key, *((plan.changed_at,) if plan.changed_at else ()))
        self._check_reads_only(plan.query, plan.route)
        with self._translating("读取数据源", plan.route):
            columns = self._fresh(lambda: self._driver.describe(plan.query, placed_by))
        real = spelled_as(placed_by, columns)
        changed_at = None if plan.changed_at is None else real[plan.changed_at]
        plan = replace(plan, key=tuple(real[name] for name in plan.key), changed_at=changed_at)
        self._check(plan.route, wrong_columns(tuple(real.values()), columns))
        return plan, columns, {found: told for told, found in real.items() if told != found}

    def _check_reads_only(self, query: str, place: str) -> None:
        wrong = not_one_select(query, self.settings.parsed_url.get_backend_name())
        if wrong is not None:
            raise self._refused(place, wrong, "查询只能是一条 SELECT（或 WITH … SELECT），只读不写")

    def _fresh(self, work: Callable[[], _T]) -> _T:
        """First use of a kept connection: one that died while idle (restart, firewall) is made again, once."""
        try:
            found = work()
        except self._driver.errors as error:
            if not self._connected_once or self._driver.fault(error).next is not Next.RETRY:
                raise
            self._driver.reset()
            self._connected_once = False
            found = work()
        self._connected_once = True
        return found

    def _check(self, place: str, complaint: tuple[str, str] | None) -> None:
        if complaint is not None:
            raise self._refused(place, *complaint)

    def _refused(self, route: str, reason: str, fix: str) -> SourceRefused:
        return SourceRefused("读取数据源", source=self.settings.name, route=route, reason=reason, fix=fix)

    def lookup_table(self, query: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """See Source. More than `lookup_rows_max` rows are refused."""
        limit = self.settings.lookup_rows_max
        self._check_reads_only(query, "对照表")
        with self._translating("读取对照表", None):
            columns = self._fresh(lambda: self._driver.describe(query, (), parameters))
            names = [column.name for column in columns]
            self._check("lookup_table", wrong_names(names))
            statement = paging.whole(self._driver.page_form, query, names, limit + 1, parameters)
            found: pl.DataFrame | None = None
            if self.settings.fast_path == "auto" and self._driver.fast_path is not None:
                try:
                    found = self._driver.fetch(statement, columns, (), fast=True)
                except FastPathUnfit as unfit:
                    _LOG.warning("对照表改用普通驱动 %s：%s", self._driver.plain_path, unfit.reason)
            if found is None or not found.height:
                found = self._driver.fetch(statement, columns, (), fast=False)
        if found.height > limit:
            raise SourceRefused(
                "读取对照表", source=self.settings.name, lookup_rows_max=limit, reason="行数超过上限",
                fix="在查询中缩小范围，或调大 lookup_rows_max",
            )  # fmt: skip
        return found

    def close(self) -> None:
        with self._turn:
            self._driver.reset()

    @contextmanager
    def _translating(self, doing: str, route: str | None) -> Iterator[None]:
        """The only seam through which drivers' errors pass: class and code come through, texts and values do not."""
        with self._turn:
            try:
                yield
            except self._driver.errors as error:
                fault = self._driver.fault(error)
                self._driver.reset()
                # `from None`: the driver's own text may hold row values or the password.
                raise self._translated(doing, route, fault) from None

    def _translated(self, doing: str, route: str | None, fault: Fault) -> SourceError:
        kind = SourceRefused if fault.next is Next.STOP else SourceError
        values: dict[str, object] = {"source": self.settings.name, "place": self.settings.shown_url}
        if route is not None:
            values["route"] = route
        return kind(doing, fix=fault.fix, **values, reason=fault.reason, code=fault.code)
