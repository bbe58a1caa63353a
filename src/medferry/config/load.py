"""Reads a project folder whole: every mistake is collected, and nothing starts while there is one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from medferry.catalog.model import Catalog
from medferry.catalog.schedule import Schedule, load_schedule, read_schedule
from medferry.clock import SystemClock
from medferry.config.checks_block import read_checks
from medferry.config.code_files import CodeFile, read_code_files
from medferry.config.codings_block import campus_catalogs, read_codings
from medferry.config.complaint import Complaint, Complaints, Place, ProjectError, in_order
from medferry.config.edition_choice import EDITION, read_choice, warn_of_later
from medferry.config.field_reader import FieldReader
from medferry.config.main_file import EARLIER_KEYS, KEYS, REQUIRED, MainFile
from medferry.config.model import Project, Route, SourceBlock
from medferry.config.never_filled import warn_of_never_filled
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Entry, Node, read_yaml
from medferry.config.review_block import ReviewSettings, read_review
from medferry.config.route_file import RouteFile
from medferry.config.score_block import ScoreSettings, read_score
from medferry.config.screen_file import read_screens
from medferry.config.text_file import is_there
from medferry.config.waiver_file import read_waivers
from medferry.errors import CatalogError

MAIN_FILE = "medferry.yaml"


def load_project(
    folder: Path,
    environ: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    today: date | None = None,
) -> Project:
    """The project of a folder.

    environ  where `${NAME}` is looked up; None: the process's own environment
    catalog  another edition than the one that medferry.yaml names: for tests
    today    the day whose editions hold where two stand side by side; None: the machine's, in Asia/Shanghai
    raises   ProjectError (a ConfigError) with every complaint when at least one is an error
    """
    complaints = Complaints()
    project = _load(folder, os.environ if environ is None else environ, catalog, complaints, today)
    if project is None or complaints.has_errors:
        raise ProjectError(complaints.all)
    return project


def complaints_of(
    folder: Path, environ: Mapping[str, str] | None = None, today: date | None = None
) -> list[Complaint]:
    """All complaints about a project, errors and warnings, by file and line; more than `load_project` has time for."""
    complaints = Complaints()
    known = os.environ if environ is None else environ
    project = _load(folder, known, None, complaints, today)
    if project is not None and not complaints.has_errors:
        warn_of_never_filled(project, known, complaints)
    return in_order(complaints.all)


def _load(
    folder: Path,
    environ: Mapping[str, str],
    catalog: Catalog | None,
    complaints: Complaints,
    today: date | None,
) -> Project | None:
    """`_read` on the editions of the day; where others follow, their errors are warnings already."""
    reading = NodeReader(complaints)
    root = _root(folder, environ, complaints)
    if root is None:
        return None
    entries = reading.block(root, "medferry.yaml ", KEYS, required=REQUIRED, earlier=EARLIER_KEYS)
    if catalog is not None:
        return _read(folder, environ, root, entries, catalog, load_schedule(EDITION), complaints)
    choice = read_choice(entries.get("catalog"), folder, reading)
    if choice is None:
        return None
    try:
        schedules = read_schedule((choice.after or choice.before).files)
    except CatalogError as error:
        complaints.error(root.place, f"时限表不能用（{error.values.get('file', '')}）", fix=error.fix)
        return None
    day = today or SystemClock().now().date()
    if choice.last_day and day < choice.last_day:
        later = Complaints()
        _read(folder, environ, root, entries, choice.on(choice.last_day), schedules, later)
        project = _read(folder, environ, root, entries, choice.on(day), schedules, complaints)
        warn_of_later(complaints, later, choice)
        return replace(project, warnings=tuple(in_order(complaints.all))) if project else None
    return _read(folder, environ, root, entries, choice.on(day), schedules, complaints)


def _root(folder: Path, environ: Mapping[str, str], complaints: Complaints) -> Node | None:
    """medferry.yaml; None after a complaint."""
    if is_there(folder / MAIN_FILE):
        return read_yaml(folder / MAIN_FILE, MAIN_FILE, environ, complaints)
    complaints.error(
        Place(MAIN_FILE, 1, 1),
        f"目录 {folder.resolve()} 里没有 {MAIN_FILE}",
        fix="用 --project 指明项目目录；还没有项目，用 medferry new 目录 新建一个",
    )
    return None


def _read(
    folder: Path,
    environ: Mapping[str, str],
    root: Node,
    entries: Mapping[str, Entry],
    catalog: Catalog,
    schedules: Mapping[str, Schedule],
    complaints: Complaints,
) -> Project | None:
    reading = NodeReader(complaints)
    main = MainFile(folder, reading)
    parts = {key: one.value for key, one in entries.items()}
    name = reading.text(parts["project"], "project") if "project" in parts else None
    campuses = main.campuses(parts["campuses"]) if "campuses" in parts else {}
    sources = main.sources(parts["sources"], campuses) if "sources" in parts else {}
    lookup_tables = main.lookup_tables(parts["lookup_tables"], campuses) if "lookup_tables" in parts else {}
    destination = main.destination(parts["destination"]) if "destination" in parts else None
    outbox = main.outbox(parts["outbox"]) if "outbox" in parts else None
    score = read_score(parts["score"], schedules, reading) if "score" in parts else ScoreSettings()
    review = read_review(parts["review"], reading) if "review" in parts else ReviewSettings()
    waivers = read_waivers(folder, environ, catalog, reading)
    screens = read_screens(folder, catalog, campuses, complaints)
    code_files = read_code_files(folder, complaints)
    waived = {(one.table, one.field): one.reason for one in waivers}
    overrides = read_checks(parts["checks"], catalog, waived.keys(), reading) if "checks" in parts else ()
    codings = read_codings(parts.get("codings"), catalog, campuses, reading)
    catalogs = campus_catalogs(catalog, codings)
    routes = _Routes(
        folder=folder,
        environ=environ,
        reading=reading,
        catalog=catalog,
        campus_catalogs=catalogs,
        schedules=schedules,
        codes=code_files,
        lookup_table_campuses=main.lookup_table_campuses,
        waived=waived,
    ).of(sources, root)
    if name is None or destination is None or outbox is None:
        return None
    return Project(
        folder=folder,
        name=name,
        catalog=catalog,
        campuses=campuses,
        sources=sources,
        lookup_tables=lookup_tables,
        destination=destination,
        outbox=outbox,
        routes=routes,
        codes={key: one.table for key, one in code_files.items()},
        waivers=waivers,
        warnings=tuple(in_order(complaints.all)),
        score=score,
        review=review,
        screens=screens,
        overrides=overrides,
        codings=codings,
        campus_catalogs=catalogs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Routes:
    """Reads the mapping files of all sources."""

    folder: Path
    environ: Mapping[str, str]
    reading: NodeReader
    catalog: Catalog
    campus_catalogs: Mapping[str, Catalog]
    schedules: Mapping[str, Schedule]
    codes: Mapping[str, CodeFile]
    lookup_table_campuses: Mapping[str, tuple[str, ...]]
    waived: Mapping[tuple[str, str], str]

    def of(self, sources: Mapping[str, SourceBlock], root: Node) -> tuple[Route, ...]:
        uses_by_catalog: dict[int, tuple[Catalog, set[tuple[str, tuple[str, ...]]]]] = {}
        routes: list[Route] = []
        for source in sources.values():
            tables = tuple(
                name for name, having in self.lookup_table_campuses.items() if source.campus.id in having
            )
            catalog = self.campus_catalogs.get(source.campus.id, self.catalog)
            code_uses = uses_by_catalog.setdefault(id(catalog), (catalog, set()))[1]
            fields = FieldReader(self.reading, catalog, self.codes, tables, code_uses)
            reader = RouteFile(self.folder, source, fields, self.schedules, self.waived)
            for path in sorted(source.mappings.glob("*.yaml")) if source.mappings else ():
                route = reader.route(path, self.environ)
                if route:
                    routes.append(route)
        for catalog, code_uses in uses_by_catalog.values():
            for name, set_ids in sorted(code_uses):
                sets = [catalog.value_set(set_id) for set_id in set_ids]
                self.codes[name].check_against(sets, self.reading.complaints)
        self._check_fed_once(routes)
        if not routes and not self.reading.complaints.has_errors:
            self.reading.complaints.error(
                root.place, "没有任何映射文件", fix="在 mappings/<来源>/ 下新建映射"
            )
        return tuple(routes)

    def _check_fed_once(self, routes: list[Route]) -> None:
        """One query feeding one table by two files would send every row twice; one would win by chance."""
        seen: dict[tuple[str, str, str], Route] = {}
        for route in routes:
            for table in route.tables:
                read = (
                    route.query_file or route.file
                )  # without queries, what a route reads is its source's affair
                first = seen.setdefault((route.source, read, table), route)
                if first is not route:
                    self.reading.complaints.error(
                        Place(route.file, 1, 1),
                        f"表 {table} 已由 {first.file} 用同一查询 {route.query_file} 映射",
                        fix="合并成一个文件，或换一个查询",
                    )
