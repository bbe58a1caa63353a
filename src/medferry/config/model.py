"""A project as the program sees it, every name looked up and every value typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

from medferry.catalog.model import Catalog
from medferry.catalog.value_set import Codings
from medferry.checks.overrides import Override
from medferry.config.complaint import Complaint
from medferry.config.queries import Query
from medferry.config.review_block import ReviewSettings
from medferry.config.score_block import ScoreSettings
from medferry.config.screen_file import Screen, ScreenPlace
from medferry.destinations.settings import DestinationSettings
from medferry.errors import ConfigError
from medferry.mapping.engine import CompiledMapping, compile_mapping
from medferry.mapping.model import Campus, CodeTable, TableMapping, nearest
from medferry.outbox.settings import OutboxSettings
from medferry.sources.settings import SourceSettings


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A source of the project. `settings` are its type's own, judged; they open it."""

    id: str
    campus: Campus
    mappings: Path | None
    settings: SourceSettings


@dataclass(frozen=True, slots=True)
class LookupTableSettings:
    """A named look-up table of one campus: one query on one source, read anew every `refresh`."""

    name: str
    campus: str
    source: str
    query: str
    query_file: str
    refresh: timedelta


@dataclass(frozen=True, slots=True)
class Waiver:
    """Requiredness of a field lifted, and why."""

    table: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """What one mapping file reads and the tables that its rows become.

    key, changed_at  source columns, see ReadPlan
    ready_when       column -> texts; all columns must match for a row to leave
    every            between two passes of the head loop; None when `at` says the times of day
    sweep_every      between two passes of the sweep loop
    deadline         from the source's commit to the platform's receipt
    counts           table -> query that says how many keys the source should have
    """

    id: str
    source: str
    campus: Campus
    file: str
    query: str
    query_file: str
    key: tuple[str, ...]
    changed_at: str | None
    ready_when: Mapping[str, tuple[str, ...]]
    every: timedelta | None
    at: tuple[time, ...]
    sweep_every: timedelta
    overlap: timedelta
    window: timedelta
    deadline: timedelta
    rows_max: int
    mappings: tuple[TableMapping, ...]
    counts: Mapping[str, Query] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables it feeds, in the mapping's order, each once."""
        return tuple(dict.fromkeys(one.table for one in self.mappings))

    @property
    def lookup_tables(self) -> tuple[str, ...]:
        """Names of the look-up tables it needs."""
        found = (one.lookup.table for block in self.mappings for one in block.fields if one.lookup)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Project:
    """Everything of a project folder; made by `load_project` only when no error was found.

    lookup_tables  name -> campus -> settings
    screens   where a person fills a field, by campus, table and field: see screen_file.screen_of
    overrides  what it raises to holding or lowers to a warning
    codings    campus -> value set -> the editions valid in its place
    campus_catalogs  the standard as a campus codes, where it says so: see `catalog_of`
    warnings  complaints that do not keep the project from starting
    """

    folder: Path
    name: str
    catalog: Catalog
    campuses: Mapping[str, Campus]
    sources: Mapping[str, SourceBlock]
    lookup_tables: Mapping[str, Mapping[str, LookupTableSettings]]
    destination: DestinationSettings
    outbox: OutboxSettings
    routes: tuple[Route, ...]
    codes: Mapping[str, CodeTable]
    waivers: tuple[Waiver, ...]
    warnings: tuple[Complaint, ...] = ()
    score: ScoreSettings = field(default_factory=ScoreSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    screens: Mapping[ScreenPlace, Screen] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    codings: Mapping[str, Codings] = field(default_factory=dict)
    campus_catalogs: Mapping[str, Catalog] = field(default_factory=dict)

    @property
    def waived(self) -> Mapping[tuple[str, str], str]:
        """(table, field) -> reason, as the checks take it."""
        return {(one.table, one.field): one.reason for one in self.waivers}

    def catalog_of(self, campus: str) -> Catalog:
        """The standard by which a campus's rows are judged."""
        return self.campus_catalogs.get(campus, self.catalog)

    def route(self, route_id: str) -> Route:
        """raises  ConfigError: no such route"""
        for one in self.routes:
            if one.id == route_id:
                return one
        near = nearest(route_id, (one.id for one in self.routes))
        raise ConfigError(
            "查找路线", route=route_id, fix=f"是不是 {near}？" if near else "路线名为 来源.映射文件名"
        )

    def compiled(self, route: Route) -> CompiledMapping:
        """The route's mapping, ready to apply; keep it, it remembers its plans."""
        return compile_mapping(route.id, route.mappings, self.catalog, route.campus, self.codes)
