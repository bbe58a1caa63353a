"""A project as the passes of a run work by it. Code tables that change make another one; none is ever changed.

A pass takes one at its beginning and works by it to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from medferry import __version__
from medferry.canonical import digest
from medferry.catalog.model import Catalog, Table
from medferry.checks.table_checks import TableChecks, compile_checks
from medferry.config.model import Project, Route
from medferry.mapping.engine import CompiledMapping
from medferry.mapping.model import CodeTable


@dataclass(frozen=True, slots=True)
class CompiledRoute:
    """What a route's rows are worked by.

    recipe  changes when mapping, code tables, waivers, `checks:`, `codings:` or edition change
    """

    mapping: CompiledMapping
    tables: Mapping[str, Table]
    checks: Mapping[str, TableChecks]
    recipe: str


class CompiledProject:
    """Answers for a route are always the same; each is made when first asked for, because the checks of all tables take
    seconds. Any thread may ask.

    checks  of another one that differs in code tables only
    """

    def __init__(self, project: Project, checks: CompiledChecks | None = None) -> None:
        self.project = project
        self._checks = checks or CompiledChecks(project)
        self._routes: dict[str, CompiledRoute] = {}
        self._lock = Lock()

    def route(self, route: Route) -> CompiledRoute:
        with self._lock:
            made = self._routes.get(route.id)
            if made is None:
                made = self._routes[route.id] = CompiledRoute(
                    mapping=self.project.compiled(route),
                    tables={name: self.project.catalog.table(name) for name in route.tables},
                    checks=self._checks.of(route.tables, route.campus.id),
                    recipe=recipe_of(self.project, route),
                )
            return made

    def with_codes(self, codes: Mapping[str, CodeTable]) -> CompiledProject:
        """The same project with other code tables."""
        return CompiledProject(replace(self.project, codes=codes), self._checks)


class CompiledChecks:
    """The checks of each table, made once: a megabyte a table, and campuses share them that
    code by the same editions. Code tables do not enter them.
    """

    def __init__(self, project: Project) -> None:
        self._catalog_of = project.catalog_of
        self._waived = project.waived
        self._overrides = project.overrides
        self._made: dict[tuple[int, str], TableChecks] = {}
        self._lock = Lock()

    def of(self, tables: Iterable[str], campus: str) -> Mapping[str, TableChecks]:
        """campus: whose rows they judge, by its id"""
        with self._lock:
            return {name: self._of(name, self._catalog_of(campus)) for name in tables}

    def _of(self, name: str, catalog: Catalog) -> TableChecks:
        made = self._made.get((id(catalog), name))
        if made is None:
            made = compile_checks(catalog.table(name), catalog, self._waived, overrides=self._overrides)
            self._made[id(catalog), name] = made
        return made


def recipe_of(project: Project, route: Route) -> str:
    """A short text that changes when what a route's rows are worked by changes."""
    named = {one.codes for block in route.mappings for one in block.fields if one.codes}
    codes = [(name, sorted(project.codes[name].standard_of.items())) for name in sorted(named)]
    waived = sorted(pair for pair in project.waived if pair[0] in route.tables)
    raised = sorted((one.wish, one.table, one.key) for one in project.overrides if one.table in route.tables)
    parts: tuple[object, ...] = (
        __version__,
        project.catalog.edition,
        route.campus,
        route.mappings,
        codes,
        waived,
    )
    parts = (*parts, raised) if raised else parts  # who overrides nothing keeps the marks he has
    codings = sorted(project.codings.get(route.campus.id, {}).items())
    parts = (*parts, codings) if codings else parts
    return digest(repr(parts)).hex()
