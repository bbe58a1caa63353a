"""Held rows whose values have standard codes by now are mapped again from their images: nobody reads the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from medferry.codes_desk.held import code_tables_of, held_values
from medferry.config.model import Project, Route
from medferry.mapping.model import CodeTable
from medferry.outbox.reader import LedgerReader
from medferry.records import State

IMAGES_AT_ONCE = 2_000


class LoadsImages(Protocol):
    """The part of the ferry that healing needs."""

    @property
    def project(self) -> Project: ...

    def load_images(self, route: Route, images: Sequence[str]) -> object: ...


@dataclass(slots=True)
class Healed:
    """What became of the rows that were held for a value.

    tried     held rows concerned
    freed     table -> of these, rows that are held no longer
    still     rows that something else holds
    conflict  rows left alone: they are in conflict with another version, which only the source can settle
    imageless rows whose image is gone, or whose route is no longer in the project: the next sweep reads them
    """

    tried: int = 0
    freed: Counter[str] = field(default_factory=Counter)
    still: int = 0
    conflict: int = 0
    imageless: int = 0

    @property
    def rows(self) -> int:
        """Rows freed."""
        return sum(self.freed.values())


def heal(ferry: LoadsImages, reader: LedgerReader, codes: Iterable[str]) -> Healed:
    """Maps the held rows again whose value now has a standard code in one of the code tables.

    A source row that became several records is mapped whole; what of it has not changed is not sent again.

    raises  what reading look-up frames, mapping and the ledger raise
    """
    project = ferry.project
    concerned = _concerned(
        project, reader, {name: project.codes[name] for name in codes if name in project.codes}
    )
    healed = Healed(tried=len(concerned.routes), conflict=len(concerned.conflicts))
    routes = {route.id: route for route in project.routes}
    by_route: dict[str, dict[str, None]] = {}
    for seq, route_id in concerned.routes.items():
        image = reader.image_of(seq) if route_id in routes else None
        if image is None:
            healed.imageless += 1
        else:
            by_route.setdefault(route_id, {})[image] = None
    for route_id, images in by_route.items():
        in_order = list(images)
        for first in range(0, len(in_order), IMAGES_AT_ONCE):
            ferry.load_images(routes[route_id], in_order[first : first + IMAGES_AT_ONCE])
    for seq, table in concerned.tables.items():
        version = reader.version_at(seq)
        if version is not None and version.state is not State.HELD and _head_is_sound(reader, seq):
            healed.freed[table] += 1
    healed.still = healed.tried - healed.imageless - healed.rows
    return healed


def _head_is_sound(reader: LedgerReader, seq: int) -> bool:
    """What took the held version's place is not held itself."""
    version = reader.version_at(seq)
    assert version is not None
    versions = reader.versions_of(version.table, version.org_code, version.key)
    return not any(one.state is State.HELD for one in versions)


@dataclass(slots=True)
class _Concerned:
    """seq -> route and seq -> table of rows to map again; rows in conflict apart."""

    routes: dict[int, str] = field(default_factory=dict)
    tables: dict[int, str] = field(default_factory=dict)
    conflicts: set[int] = field(default_factory=set)


def _concerned(project: Project, reader: LedgerReader, codes: Mapping[str, CodeTable]) -> _Concerned:
    tables_by_place = code_tables_of(project)
    tables = {table for (_, table, _), name in tables_by_place.items() if name in codes}
    found = _Concerned()
    for one in held_values(project, reader, tables):
        name = tables_by_place.get((one.route, one.table, one.field))
        if name is None or name not in codes or one.value not in codes[name].standard_of:
            continue
        if one.conflict:
            found.conflicts.add(one.seq)
        else:
            found.routes[one.seq] = one.route
            found.tables[one.seq] = one.table
    return found
