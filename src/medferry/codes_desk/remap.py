"""Held rows whose values have standard codes by now are mapped again from their images: nobody reads the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medferry.codes_desk.held import HELD_ROWS_MAX, CodeTables, HeldValue, held_values
from medferry.config.heirs import Heirs
from medferry.config.model import Project, Route
from medferry.mapping.model import CodeTable, MappingError
from medferry.outbox.reader import DeskReader, VersionRow
from medferry.records import State

IMAGES_AT_ONCE = 2_000


LoadImages = Callable[[Route, Sequence[str]], object]
"""Works source rows of a route that the ledger kept as images once more."""


@dataclass(slots=True)
class Healed:
    """What became of the rows that were held for a value.

    tried     held rows concerned
    freed     table -> of these, rows that are held no longer
    still     rows that something else holds
    conflict  rows left alone: they are in conflict with another version, which only the source can settle
    imageless rows whose image is gone, or no longer fits the route that took the place of theirs: the next sweep reads them
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


def heal(project: Project, load_images: LoadImages, reader: DeskReader, codes: Iterable[str]) -> Healed:
    """Maps the held rows again whose value now has a standard code in one of the code tables.

    A source row that became several records is mapped whole; what of it has not changed is not sent again.

    project  with the code tables as they are now, by which `load_images` works
    raises   what reading look-up tables, mapping and the ledger raise
    """
    known = {name: project.codes[name] for name in codes if name in project.codes}
    concerned = _concerned(project, reader, known)
    healed = Healed(tried=len(concerned.rows), conflict=len(concerned.conflicts))
    routes = {route.id: route for route in project.routes}
    heirs = Heirs(project)
    by_route: dict[tuple[str, str], dict[str, list[int]]] = {}
    for seq, one in concerned.rows.items():
        image, heir = reader.image_of(seq), heirs.of(one.route, one.table, one.campus)
        if image is None or heir is None:
            healed.imageless += 1
        else:
            by_route.setdefault((heir.id, one.route), {}).setdefault(image, []).append(seq)
    for (route_id, read_by), images in by_route.items():
        in_order = list(images)
        for first in range(0, len(in_order), IMAGES_AT_ONCE):
            part = in_order[first : first + IMAGES_AT_ONCE]
            try:
                load_images(routes[route_id], part)
            except MappingError:
                if read_by == route_id:
                    raise
                # The route that took over asks for other columns: it reads the source from the beginning anyway.
                healed.imageless += sum(len(images[image]) for image in part)
    held = _still_held(reader, concerned.rows)
    healed.freed = Counter(one.table for one in concerned.rows.values() if _record(one) not in held)
    healed.still = healed.tried - healed.imageless - healed.rows
    return healed


def _record(one: HeldValue | VersionRow) -> tuple[str, str, str]:
    return one.table, one.campus, one.key


def _still_held(reader: DeskReader, rows: Mapping[int, HeldValue]) -> set[tuple[str, str, str]]:
    """Records of which the old version is still held, or one that came since."""
    newest = max(rows, default=0)
    found = set()
    for table in {one.table for one in rows.values()}:
        for seq in reader.sequences_in(table, State.HELD, HELD_ROWS_MAX):
            version = reader.version_at(seq) if seq in rows or seq > newest else None
            if version is not None:
                found.add(_record(version))
    return found


@dataclass(slots=True)
class _Concerned:
    """Rows to map again by their seq; rows in conflict apart."""

    rows: dict[int, HeldValue] = field(default_factory=dict)
    conflicts: set[int] = field(default_factory=set)


def _concerned(project: Project, reader: DeskReader, codes: Mapping[str, CodeTable]) -> _Concerned:
    code_tables = CodeTables(project)
    tables = code_tables.tables_with(codes)
    found = _Concerned()
    for one in held_values(project, reader, tables):
        name = code_tables.of(one)
        if name is None or name not in codes or one.value not in codes[name].standard_of:
            continue
        if one.conflict:
            found.conflicts.add(one.seq)
        else:
            found.rows[one.seq] = one
    return found
