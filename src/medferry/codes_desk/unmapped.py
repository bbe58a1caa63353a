"""What is missing in the code tables, dearest first."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from medferry.catalog.model import Table
from medferry.codes_desk.held import CodeTables, HeldValue, edition_asked, held_values, travelling_values
from medferry.config.model import Project
from medferry.log_center.mask import shape
from medferry.outbox.reader import DeskReader

EXAMPLES_MAX = 3


@dataclass(slots=True)
class UnmappedValue:
    """A local value without a standard code and what it costs.

    codes       the code table to mend; "" where the mapping translates by none
    name        what the hospital calls it: from the code table, else from the row's own companion field
    rows        held rows with this value
    freed       of these, rows that nothing else holds: they leave as soon as the value has a code
    travelling  records that go to the platform with this value in them: its list is not closed
    points      held rows times the fields each loses (required ones and coded ones of its table), and the field of each
                travelling record
    tables      table -> rows
    keys        shapes of some keys, never the keys
    """

    codes: str
    value_set: str
    value: str
    name: str
    rows: int = 0
    freed: int = 0
    travelling: int = 0
    points: int = 0
    tables: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    campuses: Counter[str] = field(default_factory=Counter)
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    keys: list[str] = field(default_factory=list)

    def add(self, one: HeldValue, points: int) -> None:
        """Counts one row. points: what it loses by being held"""
        self.rows += not one.travels
        self.freed += one.alone and not one.travels
        self.travelling += one.travels
        self.points += 1 if one.travels else points
        self.tables[one.table] += 1
        self.fields[one.field] += 1
        self.campuses[one.campus] += 1
        self.first_seen = min(self.first_seen or one.put_at, one.put_at)
        self.last_seen = max(self.last_seen or one.put_at, one.put_at)
        masked = shape(one.key)
        if len(self.keys) < EXAMPLES_MAX and masked not in self.keys:
            self.keys.append(masked)


def unmapped_values(project: Project, reader: DeskReader) -> list[UnmappedValue]:
    """All of them, most points first."""
    code_tables = CodeTables(project)
    names = local_names(project.folder, project.codes)
    found: dict[tuple[str, str, str], UnmappedValue] = {}
    points: dict[str, int] = {}
    for one in chain(held_values(project, reader), travelling_values(project, reader)):
        table = project.catalog.table(one.table)
        codes = code_tables.of(one) or ""
        value_set = edition_asked(project, one.campus, one.table, one.field)
        place = (codes, value_set, one.value)
        if place not in found:
            found[place] = UnmappedValue(*place, names.get((codes, one.value)) or one.name)
        if one.table not in points:
            points[one.table] = points_of(table)
        found[place].add(one, points[one.table])
    return sorted(found.values(), key=lambda one: (-one.points, -one.rows, one.codes, one.value))


def points_of(table: Table) -> int:
    """What a row that does not arrive loses: its required and its coded fields."""
    return sum(1 for one in table.fields if one.required == "R" or one.value_set)


def local_names(folder: Path, codes: Iterable[str] | Mapping[str, object]) -> dict[tuple[str, str], str]:
    """(code table, local code) -> the hospital's name for it, also of lines that have no standard code yet."""
    found: dict[tuple[str, str], str] = {}
    for name in codes:
        path = folder / "codes" / f"{name}.csv"
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        for row in csv.DictReader(io.StringIO(text, newline="")):
            local, said = (row.get("local") or "").strip(), (row.get("local_name") or "").strip()
            if local and said:
                found[name, local] = said
    return found
