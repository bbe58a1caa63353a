"""The order of the stages; the only file that knows them all.

`load_once` brings one route's new rows into the ledger; `delivery.turn` brings the ledger's rows to the platform.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from medferry import __version__
from medferry.canonical import digest
from medferry.catalog.platform.answer_codes import AnswerCodes
from medferry.catalog.platform.profile import Profile, load_profile
from medferry.checks.table_checks import TableChecks, compile_checks
from medferry.clock import Clock
from medferry.config.model import Project, Route, SourceSettings
from medferry.crypto.provider import CryptoProvider
from medferry.destinations.destination import Destination
from medferry.destinations.registry import open_destination
from medferry.destinations.settings import Addresses
from medferry.errors import ConfigError
from medferry.events import Listener
from medferry.mapping.model import CodeTable
from medferry.outbox.outbox import LeaseLimits, Outbox, PutResult
from medferry.outbox.reader import LedgerReader
from medferry.outbox.registry import open_outbox, open_reader
from medferry.outbox.run_state import RunState
from medferry.receipt.asked import read_answer
from medferry.receipt.reply import read_reply
from medferry.records import Cursor, Loop, RawBatch
from medferry.sources.registry import SOURCE_SETTINGS, open_source
from medferry.sources.source import ReadPlan, Source
from medferry.sources.sql_query import SqlQuerySettings
from medferry.way_in.batch import (
    BatchResult,
    LoadTools,
    TablesByName,
    WorkedBatch,
    keep_batch,
    load_batch,
    work_batch,
)
from medferry.way_in.lookup_tables import LookupTables
from medferry.way_in.read_ahead import read_ahead
from medferry.way_in.source_image import rows_of_images
from medferry.way_in.work_room import Share, WorkRoom
from medferry.way_out.delivery import Delivery, DeliverySettings


@dataclass(slots=True)
class LoadResult:
    """What one pass of a route did, in rows."""

    batches: int = 0
    rows_read: int = 0
    rows_not_ready: int = 0
    rows_unchanged: int = 0
    lookup_misses: int = 0
    reached_end: bool = True
    kept: dict[str, PutResult] = field(default_factory=dict)

    @property
    def new(self) -> int:
        return sum(result.new for result in self.kept.values())

    def add(self, batch: BatchResult) -> None:
        """Counts one more batch."""
        self.batches += 1
        self.rows_read += batch.rows_read
        self.rows_not_ready += batch.rows_not_ready
        self.rows_unchanged += batch.rows_unchanged
        self.lookup_misses += batch.lookup_misses
        for table, kept in batch.kept.items():
            self.kept[table] = _added(self.kept.get(table, PutResult()), kept)


class Ferry:
    """A project made runnable. Open it as a context: sources, destination and ledger are closed at its end."""

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
            partial(read_reply, profile=profile, codes=codes),
            partial(read_answer, profile=profile, codes=codes),
            delivery_settings(project, profile),
            clock,
            tell,
            before.platform.since if before.platform else None,
        )
        self.failed_routes_before = set(before.routes)
        self.failed_jobs_before = set(before.jobs)
        self._tools: dict[str, LoadTools] = {}
        self._checks: dict[str, TableChecks] = {}
        self._lock = Lock()
        self._room = WorkRoom()
        self._batch_numbers = count(1)
        self._started = clock.now().strftime("%Y%m%d%H%M%S%f")[:17]

    def load_once(
        self,
        route: Route,
        loop: Loop,
        *,
        lookups_not_older_than: datetime | None = None,
        enough: Callable[[LoadResult], bool] = lambda _: False,
    ) -> LoadResult:
        """Reads a route to its present end; every batch is kept with its cursor before the next is read.

        enough  asked after each batch; true ends the pass early, the next head pass goes on from the cursor

        raises  SourceError (its `next` says whether reading again helps), MappingError, OutboxError
        """
        tools = self._tools_of(route)
        result = LoadResult()
        lookup_tables = self.lookup_tables.of(
            route.lookup_tables, route.campus.id, not_older_than=lookups_not_older_than
        )
        after = self.outbox.cursor(route.id, loop)
        raws = read_ahead(self.source_of(route.source).read(read_plan(route), after, loop))
        with self._room.share() as share:
            worked = self._worked(raws, lookup_tables, tools, after, share)
            # What a batch brings may be the parents by which the next one is judged: then it is kept first.
            with closing(worked if tools.reads_own_parents else read_ahead(worked)) as batches:
                for batch in batches:
                    result.add(keep_batch(batch, tools))
                    del batch  # not beside the next one
                    share.give_back()
                    if enough(result):
                        result.reached_end = False
                        break
        return result

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
                share.take()
                worked = [work_batch(raw, self._next_batch_id(), lookup_tables, tools, known)]
                known = raw.cursor or known
                del raw
                yield worked.pop()

    def load_images(self, route: Route, images: Sequence[str]) -> LoadResult:
        """Works source rows that the ledger kept as images once more, by the mapping as it is now; the cursor stays.

        raises  SourceError for a look-up table, MappingError, OutboxError
        """
        tools = self._tools_of(route)
        result = LoadResult()
        lookup_tables = self.lookup_tables.of(route.lookup_tables, route.campus.id)
        for _, rows in rows_of_images(images, (*tools.mapping.columns, *route.key, *route.ready_when)):
            for frame in rows.iter_slices(route.rows_max):
                raw = RawBatch(route.id, route.campus.id, "sweep", frame, None, self.clock.now())
                result.add(load_batch(raw, self._next_batch_id(), lookup_tables, tools))
        return result

    def use_codes(self, codes: Mapping[str, CodeTable]) -> None:
        """Takes newly read code tables: batches from now on are mapped by them."""
        with self._lock:
            self.project = replace(self.project, codes=codes)
            self._tools.clear()

    def _next_batch_id(self) -> str:
        return f"B{self._started}-{next(self._batch_numbers):06d}"

    def _tools_of(self, route: Route) -> LoadTools:
        with self._lock:
            tools = self._tools.get(route.id)
            if tools is None:
                catalog = self.project.catalog
                tables = {name: catalog.table(name) for name in route.tables}
                for name in tables.keys() - self._checks.keys():  # a megabyte a table: campuses share them
                    self._checks[name] = compile_checks(tables[name], catalog, self.project.waived)
                tools = self._tools[route.id] = LoadTools(
                    route=route,
                    mapping=self.project.compiled(route),
                    key_columns=route.key,
                    tables=tables,
                    checks={name: self._checks[name] for name in tables},
                    outbox=self.outbox,
                    tell=self.tell,
                    recipe=recipe_of(self.project, route),
                )
            return tools


def recipe_of(project: Project, route: Route) -> str:
    """A short text that changes when what a route's rows are worked by changes."""
    named = {one.codes for block in route.mappings for one in block.fields if one.codes}
    codes = [(name, sorted(project.codes[name].standard_of.items())) for name in sorted(named)]
    waived = sorted(pair for pair in project.waived if pair[0] in route.tables)
    parts = (__version__, project.catalog.edition, route.campus, route.mappings, codes, waived)
    return digest(repr(parts)).hex()


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

    def source_of(source_id: str) -> Source:
        with lock:
            if source_id not in opened:
                source = open_source(source_settings(project.sources[source_id]), clock)
                stack.callback(source.close)
                opened[source_id] = source
            return opened[source_id]

    return source_of


def source_settings(said: SourceSettings) -> SqlQuerySettings:
    """What a project says of a source, as the source's type takes it.

    raises  ConfigError naming the source and the options its type does not take; never a value
    """
    kind = SOURCE_SETTINGS.get(said.type)
    if kind is None:
        raise ConfigError("读取 sources", source=said.id, type=said.type, known="、".join(SOURCE_SETTINGS))
    try:
        return kind.model_validate(
            {
                **said.options,
                "name": said.id,
                "campus": said.campus.id,
                "url": said.url,
                "rows_max": said.rows_max,
                "statement_timeout_s": said.statement_timeout_s,
            }
        )
    except ValidationError as error:
        wrong = "；".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        known = "、".join(sorted(set(kind.model_fields) - {"name", "campus", "type"}))
        raise ConfigError("读取 sources", source=said.id, 问题=wrong, 可用选项=known) from error


def open_ferry(
    project: Project, clock: Clock, crypto: CryptoProvider, tell: Listener, stack: ExitStack
) -> Ferry:
    """Everything a project needs to run; `stack` closes it in the right order."""
    outbox = open_outbox(project.outbox.type, project.outbox.path, clock, tiers_of(project), project.name)
    stack.callback(outbox.close)
    before = _before(open_reader(project.outbox.type, project.outbox.path))
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
    settings = project.destination.settings
    destination = open_destination(settings, addresses=addresses, clock=clock, crypto=crypto)
    profile = settings.get("profile")
    return destination, load_profile(profile if isinstance(profile, Path) else None)


def tiers_of(project: Project) -> Mapping[str, int]:
    """Table -> tier: parents' tiers leave before children's."""
    return {name: project.catalog.table(name).tier for name in project.catalog.table_names}


def _added(one: PutResult, other: PutResult) -> PutResult:
    return PutResult(
        new=one.new + other.new,
        unchanged=one.unchanged + other.unchanged,
        held=one.held + other.held,
        superseded=one.superseded + other.superseded,
        waiting=one.waiting + other.waiting,
    )
