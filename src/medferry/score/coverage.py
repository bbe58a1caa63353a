"""63 tables by their fields: mapped or not, how often filled, how many values, last seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medferry.catalog.model import Field, Table
from medferry.config.model import Project
from medferry.score.survey import DISTINCT_MAX, FieldUse

BY_ENGINE = frozenset({"org_code", "org_name"})
"""Filled by the program from the campus."""


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One field over the campuses looked at.

    mapped_in  campuses whose mapping files fill it
    rows       newest rows of the table; filled: of them those with a value that is no placeholder
    distinct   different values, DISTINCT_MAX at most; `more`: there are more
    last       source time (DT15) of the newest row that has it; "" for none
    """

    field: Field
    mapped_in: tuple[str, ...]
    waived: bool
    rows: int
    filled: int
    distinct: int
    more: bool
    last: str

    @property
    def rate(self) -> float | None:
        return self.filled / self.rows if self.rows else None


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """One table; `campuses` are those with a route that feeds it."""

    table: Table
    campuses: tuple[str, ...]
    fields: Sequence[FieldCoverage]

    @property
    def rows(self) -> int:
        return max((one.rows for one in self.fields), default=0)

    @property
    def mapped(self) -> int:
        return sum(bool(one.mapped_in) for one in self.fields)

    @property
    def never_filled(self) -> int:
        """Fields that are mapped and empty in every row; 0 where there is no row."""
        return sum(bool(one.mapped_in) and not one.filled for one in self.fields) if self.rows else 0

    @property
    def last(self) -> str:
        return max((one.last for one in self.fields), default="")

    def rate(self, required: str) -> float | None:
        """Share of filled values over the fields of one requiredness (R, C, O), waived ones left out."""
        mine = [one for one in self.fields if one.field.required == required and not one.waived]
        rows = sum(one.rows for one in mine)
        return sum(one.filled for one in mine) / rows if rows else None


def coverage(
    project: Project,
    uses: Mapping[tuple[str, str, str], FieldUse],
    tables: Sequence[str],
    campuses: Sequence[str],
) -> list[TableCoverage]:
    """In the platform's order of tables and fields."""
    mapped = mapped_fields(project)
    return [_table(project, project.catalog.table(name), uses, mapped, campuses) for name in tables]


def mapped_fields(project: Project) -> Mapping[tuple[str, str], frozenset[str]]:
    """(table, campus) -> fields that a mapping file or the program fills there."""
    found: dict[tuple[str, str], set[str]] = {}
    for route in project.routes:
        for block in route.mappings:
            names = found.setdefault((block.table, route.campus.id), set(BY_ENGINE))
            names.update(one.name for one in block.fields)
    return {place: frozenset(names) for place, names in found.items()}


def _table(
    project: Project,
    table: Table,
    uses: Mapping[tuple[str, str, str], FieldUse],
    mapped: Mapping[tuple[str, str], frozenset[str]],
    campuses: Sequence[str],
) -> TableCoverage:
    fed = tuple(one for one in campuses if (table.name, one) in mapped)
    fields = []
    for field in table.fields:
        mine = [uses[place] for one in campuses if (place := (table.name, one, field.name)) in uses]
        distinct = set[int]().union(*(one.distinct for one in mine))
        fields.append(
            FieldCoverage(
                field,
                mapped_in=tuple(one for one in fed if field.name in mapped[table.name, one]),
                waived=(table.name, field.name) in project.waived,
                rows=sum(one.rows for one in mine),
                filled=sum(one.filled for one in mine),
                distinct=min(len(distinct), DISTINCT_MAX),
                more=any(one.many for one in mine) or len(distinct) > DISTINCT_MAX,
                last=max((one.last for one in mine), default=""),
            )
        )
    return TableCoverage(table, fed, fields)


def mapped_zh(one: FieldCoverage, table: TableCoverage, campuses: Mapping[str, str]) -> str:
    """Whether a mapping fills the field, and where it is only some campuses: which."""
    if not one.mapped_in:
        return "—"
    if len(one.mapped_in) == len(table.campuses):
        return "是"
    return "仅" + "、".join(campuses.get(name, name) for name in one.mapped_in)
