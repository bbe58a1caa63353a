"""The order of the stages; the only file that knows them all.

`load_once` brings one route's new rows into the ledger; `delivery.turn` brings the ledger's rows to the platform.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from itertools import count
from math import inf
from threading import Lock

import polars as pl

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.platform.answer_codes import AnswerCodes
from medferry.catalog.platform.profile import Profile, load_profile
from medferry.clock import Clock
from medferry.config.model import Project, Route
from medferry.crypto.provider import CryptoProvider
from medferry.destinations.destination import Destination
from medferry.destinations.settings import Addresses, DestinationTools
from medferry.events import Event, Listener
from medferry.ferry.compiled import CompiledProject
from medferry.ferry.counts import LoadResult
from medferry.mapping.model import CodeTable
from medferry.outbox.outbox import LeaseLimits, Outbox
from medferry.outbox.reader import LedgerReader
from medferry.outbox.run_state import RunState
from medferry.outbox.settings import OutboxTools
from medferry.receipt.asked import read_answer
from medferry.receipt.reply import read_reply
from medferry.records import Cursor, Loop, RawBatch
from medferry.sources.settings import SourceTools
from medferry.sources.source import LookingBackSource, ReadPlan, Source
from medferry.way_in.batch import (
    LoadTools,
    TablesByName,
    WorkedBatch,
    keep_batch,
    load_batch,
    row_names,
    work_batch,
)
from medferry.way_in.look_back import Slice, SliceDigest, Slices, must_be_read
from medferry.way_in.lookup_tables import LookupTables
from medferry.way_in.read_ahead import read_ahead
from medferry.way_in.source_image import rows_of_images
from medferry.way_in.work_room import Share, WorkRoom
from medferry.way_out.delivery import Delivery, DeliverySettings
from medferry.way_out.wire_names import (
    WiredDestination,
    WireNames,
    answers_in_our_names,
    receipts_in_our_names,
)


class Ferry:
    """A project made runnable. Open it as a context: sources, destination and ledger are closed at its end.

    project          as it was opened; nothing here changes afterwards but which `compiled` project a new pass takes
    failed_…_before  routes and jobs that an earlier run of the same ledger left failed
    """

    def __init__(
        self,
        project: Project,
        outbox: Outbox,
        destination: Destination,
        source_of: Callable[[str], Source],
        read: tuple[Profile, AnswerCodes],
        clock: Clock,
        tell: Listener,
        before: RunState | None = None,
    ) -> None:
        profile, codes = read
        names = wire_names_of(project)
        before = before or RunState()
        self.project = project
        self.outbox = outbox
        self.destination = destination
        self.clock = clock
        self.tell = tell
        self.source_of = source_of
        self.lookup_tables = LookupTables(project.lookup_tables, source_of, clock)
        self.delivery = Delivery(
            outbox,
            destination,
            receipts_in_our_names(partial(read_reply, profile=profile, codes=codes), names),
            answers_in_our_names(partial(read_answer, profile=profile, codes=codes), names),
            delivery_settings(project, profile),
            clock,
            tell,
            before.platform.since if before.platform else None,
        )
        self.failed_routes_before = frozenset(before.routes)
        self.noticed_before = frozenset(before.notices)
        self.failed_jobs_before = frozenset(before.jobs)
        self._opened = self._compiled = CompiledProject(project)
        self._room = WorkRoom()
        self._batch_numbers = count(1)
        self._started = clock.now().strftime("%Y%m%d%H%M%S%f")[:17]

    @property
    def compiled(self) -> CompiledProject:
        """By which a pass that begins now works, to its end."""
        return self._compiled

    def use_codes(self, codes: Mapping[str, CodeTable]) -> CompiledProject:
        """Passes that begin from now on map by these code tables; those under way end by the ones they began with."""
        self._compiled = self._opened.with_codes(codes)
        return self._compiled

    def say(self, event: Event) -> None:
        """Tells an event that belongs to no other change, once the journal has it.

        raises  OutboxError: nobody was told
        """
        self.outbox.record([event])
        self.tell(event)

    def load_once(
        self,
        route: Route,
        loop: Loop,
        *,
        lookups_not_older_than_s: float = -inf,
        enough: Callable[[LoadResult], bool] = lambda _: False,
        into: LoadResult | None = None,
    ) -> LoadResult:
        """Reads a route to its present end; every batch is kept with its cursor before the next is read.

        enough  asked after each batch; true ends the pass early, the next head pass goes on from the cursor
        into    counts there: what a pass that failed had kept is known then too

        raises  SourceError (its `next` says whether reading again helps), MappingError, OutboxError
        """
        tools = self._tools(route, self.compiled)
        result = into or LoadResult()
        lookup_tables = self.lookup_tables.of(
            route.lookup_tables, route.campus.id, not_older_than_s=lookups_not_older_than_s
        )
        after = self.outbox.cursor(route.id, loop)
        if loop == "sweep" and after is None:
            after = self.outbox.cursor(route.id, "head")  # what the head has read need not be read again
        raws = read_ahead(self.source_of(route.source).read(read_plan(route), after, loop))
        with self._room.share() as share:
            worked = self._worked(raws, lookup_tables, tools, after, share)
            # What a batch brings may be the parents by which the next one is judged: then it is kept first.
            with (
                closing(worked if tools.reads_own_parents else read_ahead(worked)) as batches,
                closing(share),
            ):
                for batch in batches:
                    result.add(keep_batch(batch, tools))
                    del batch  # not beside the next one
                    share.give_back()
                    if enough(result):
                        return result
        result.reached_end = True
        return result

    def look_back(
        self, route: Route, after: Cursor | None, *, enough: Callable[[], bool], into: LoadResult
    ) -> Cursor | None:
        """Looks through what lies behind the window, and reads again what changed there or came there unseen.

        after    where an earlier look was cut
        enough   asked after each slice; true cuts the look
        into     counts there; `reached_end` once all was looked at
        returns  where to go on; None: from the beginning

        raises  as load_once
        """
        source = self.source_of(route.source)
        if not isinstance(source, LookingBackSource) or route.changed_at is None:
            into.reached_end = True
            return None
        tools, plan = self._tools(route, self.compiled), read_plan(route)
        lookup_tables = self.lookup_tables.of(route.lookup_tables, route.campus.id)
        kept = {name: SliceDigest(*found) for name, found in self.outbox.slices(route.id).items()}
        looked_at: dict[str, SliceDigest] = {}
        with closing(self._slices(source, plan, after)) as slices:
            for one in slices:
                if must_be_read(one, kept):
                    for raw in source.between(plan, one.after, one.last):
                        into.add(load_batch(raw, self._next_batch_id(), lookup_tables, tools))
                if kept.get(one.name) != one.found:
                    looked_at[one.name] = one.found
                after = one.last
                if enough():
                    break
            else:
                after, into.reached_end = None, True
        if looked_at:
            self.outbox.keep_slices(route.id, looked_at)
        return after

    def _slices(self, source: LookingBackSource, plan: ReadPlan, after: Cursor | None) -> Generator[Slice]:
        assert plan.changed_at is not None
        slices = Slices(plan.key, plan.changed_at, after)
        for page in source.places(plan, after):
            known = self.outbox.knows(plan.route, row_names(page, plan.key))
            yield from slices.add(page, pl.Series(known, dtype=pl.Boolean))
        yield from slices.rest()

    def _worked(
        self,
        raws: Generator[RawBatch],
        lookup_tables: TablesByName,
        tools: LoadTools,
        known: Cursor | None,
        share: Share,
    ) -> Generator[WorkedBatch]:
        """Each raw batch brought to the ledger's door. While it waits there, nothing of it is kept here."""
        with closing(raws):
            for raw in raws:
                if not share.take():
                    return
                worked = [work_batch(raw, self._next_batch_id(), lookup_tables, tools, known)]
                known = raw.cursor or known
                del raw
                yield worked.pop()

    def load_images(self, route: Route, images: Sequence[str], by: CompiledProject) -> LoadResult:
        """Works source rows that the ledger kept as images once more; the cursor stays.

        raises  SourceError for a look-up table, MappingError, OutboxError
        """
        tools = self._tools(route, by)
        result = LoadResult()
        lookup_tables = self.lookup_tables.of(route.lookup_tables, route.campus.id)
        for _, rows in rows_of_images(images, (*tools.mapping.columns, *route.key, *route.ready_when)):
            for frame in rows.iter_slices(route.rows_max):
                raw = RawBatch(route.id, route.campus.id, "sweep", frame, None, self.clock.now())
                result.add(load_batch(raw, self._next_batch_id(), lookup_tables, tools))
        result.reached_end = True
        return result

    def _next_batch_id(self) -> str:
        return f"B{self._started}-{next(self._batch_numbers):06d}"

    def _tools(self, route: Route, by: CompiledProject) -> LoadTools:
        compiled = by.route(route)
        return LoadTools(
            route=route,
            mapping=compiled.mapping,
            key_columns=route.key,
            tables=compiled.tables,
            checks=compiled.checks,
            outbox=self.outbox,
            tell=self.tell,
            recipe=compiled.recipe,
        )


def read_plan(route: Route) -> ReadPlan:
    """What the source needs to know of a route."""
    return ReadPlan(
        route=route.id,
        campus=route.campus.id,
        query=route.query,
        key=route.key,
        changed_at=route.changed_at,
        overlap=route.overlap,
        window=route.window,
        rows_max=route.rows_max,
    )


def delivery_settings(project: Project, profile: Profile) -> DeliverySettings:
    """Limits from the platform's profile and the project's destination."""
    limits = profile.limits
    return DeliverySettings(
        limits=LeaseLimits(
            envelopes_max=project.destination.in_flight_max,
            records_max=limits.records_max,
            bytes_max=limits.body_bytes_max * 8 // 10,
            records_max_by_table=limits.records_max_by_table,
        ),
        in_flight_max=project.destination.in_flight_max,
        idempotency_window=timedelta(hours=profile.semantics.idempotency_h),
    )


def open_sources(project: Project, clock: Clock, stack: ExitStack) -> Callable[[str], Source]:
    """Sources by id, opened when first asked for, closed with the stack."""
    opened: dict[str, Source] = {}
    lock = Lock()
    tools = SourceTools(clock)

    def source_of(source_id: str) -> Source:
        with lock:
            if source_id not in opened:
                source = project.sources[source_id].settings.open(tools)
                stack.callback(source.close)
                opened[source_id] = source
            return opened[source_id]

    return source_of


def open_ferry(
    project: Project, clock: Clock, crypto: CryptoProvider, tell: Listener, stack: ExitStack
) -> Ferry:
    """Everything a project needs to run; `stack` closes it in the right order."""
    outbox = project.outbox.open(OutboxTools(clock, tiers_of(project), project.name))
    stack.callback(outbox.close)
    before = _before(project.outbox.open_reader())
    source_of = open_sources(project, clock, stack)
    destination, profile = open_project_destination(project, clock, crypto)
    stack.callback(destination.close)
    read = (profile, profile.load_answer_codes())
    ferry = Ferry(project, outbox, destination, source_of, read, clock, tell, before)
    stack.callback(ferry.delivery.close)
    return ferry


def _before(reader: LedgerReader) -> RunState:
    """What an earlier run left broken: an outage and failures outlive their process."""
    try:
        return reader.run_state()
    finally:
        reader.close()


def open_project_destination(
    project: Project, clock: Clock, crypto: CryptoProvider
) -> tuple[Destination, Profile]:
    """The project's destination and the dialect it speaks; connects to nothing yet."""
    campuses = project.campuses.values()
    addresses = Addresses(
        org_codes=tuple(dict.fromkeys(campus.org_code for campus in campuses)),
        branch_codes={campus.id: campus.branch_code for campus in campuses},
    )
    destination: Destination = project.destination.open(DestinationTools(addresses, clock, crypto))
    names = wire_names_of(project)
    if names:
        destination = WiredDestination(destination, names)
    return destination, load_profile(project.destination.profile)


def wire_names_of(project: Project) -> WireNames:
    """What the platform calls tables and fields, in each edition whose rows may still be in the ledger."""
    catalog = project.catalog
    editions = (catalog.before, catalog.after) if isinstance(catalog, SwitchedCatalog) else (catalog,)
    return WireNames.of([one.table(name) for one in editions for name in one.table_names])


def tiers_of(project: Project) -> Mapping[str, int]:
    """Table -> tier: parents' tiers leave before children's."""
    return {name: project.catalog.table(name).tier for name in project.catalog.table_names}
