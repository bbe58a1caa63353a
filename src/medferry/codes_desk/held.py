"""Rows with a code that is not in its value set, held for it or travelling with a warning, and the local values behind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from medferry.catalog.value_set import LoadedValueSet
from medferry.config.heirs import Heirs
from medferry.config.model import Project, Route
from medferry.errors import ConfigError
from medferry.mapping.model import FieldMapping, nearest
from medferry.outbox.reader import DeskReader, FindingRow
from medferry.records import Severity, State

VALUE_SET_CHECK = "value_set"
CONFLICT_CHECK = "one_version"  # judged across a batch: a row alone would look sound
HELD_ROWS_MAX = 200_000  # of one table; more are left for the next call
TRAVELLING_ROWS_MAX = 20_000  # newest first
_FINDINGS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One held row and one of its values that the value set lacks.

    value     as the mapping gave it: the local code, for the code table had no line for it
    name      what the row's companion field says (sex_name beside sex_code), "" if nothing
    alone     nothing else holds the row
    conflict  the row is also in conflict with another of its batch
    travels   the list is not closed: the row goes to the platform with the local code in it
    """

    seq: int
    table: str
    campus: str
    field: str
    value: str
    name: str
    route: str
    key: str
    put_at: datetime
    alone: bool
    conflict: bool
    travels: bool = False


def held_values(
    project: Project, reader: DeskReader, tables: Iterable[str] | None = None
) -> Iterator[HeldValue]:
    """Every held row with a value outside its value set, table by table, oldest first."""
    concerned = {
        group.table
        for group in reader.held_summary()
        if group.state is State.HELD and group.check == VALUE_SET_CHECK
    }
    for table in sorted(concerned if tables is None else concerned & set(tables)):
        sequences = reader.sequences_in(table, State.HELD, HELD_ROWS_MAX)
        for first in range(0, len(sequences), _FINDINGS_AT_ONCE):
            yield from _of_some(project, reader, sequences[first : first + _FINDINGS_AT_ONCE])


def travelling_values(project: Project, reader: DeskReader) -> Iterator[HeldValue]:
    """Every record under way or arrived with a value outside its value set, newest first, TRAVELLING_ROWS_MAX at most."""
    sequences = reader.warned(VALUE_SET_CHECK, TRAVELLING_ROWS_MAX)
    for first in range(0, len(sequences), _FINDINGS_AT_ONCE):
        yield from _of_some(
            project, reader, sequences[first : first + _FINDINGS_AT_ONCE], of=Severity.WARNING
        )


def _of_some(
    project: Project, reader: DeskReader, sequences: list[int], of: Severity = Severity.ERROR
) -> Iterator[HeldValue]:
    errors: dict[int, list[FindingRow]] = {}
    for finding in reader.findings_of(sequences):
        if finding.severity is of:
            errors.setdefault(finding.seq, []).append(finding)
    for seq, found in errors.items():
        fields = [one.field for one in found if one.check == VALUE_SET_CHECK and one.field]
        version, body = (reader.version_at(seq), reader.body_of(seq)) if fields else (None, None)
        if version is None or body is None:
            continue
        row: Mapping[str, str] = orjson.loads(body)
        for field in fields:
            if field in row:
                yield HeldValue(
                    seq=seq,
                    table=version.table,
                    campus=version.campus,
                    field=field,
                    value=row[field],
                    name=row.get(_companion(field), ""),
                    route=version.route,
                    key=version.key,
                    put_at=version.put_at,
                    alone=len(found) == 1,
                    conflict=any(one.check == CONFLICT_CHECK for one in found),
                    travels=of is Severity.WARNING,
                )


def _companion(field: str) -> str:
    """Where the standard keeps the words of a code: sex_code, sex_name."""
    return field.removesuffix("_code") + "_name"


class CodeTables:
    """Which code table translates a value; of a row whose route is gone, the one of the route that took its place."""

    def __init__(self, project: Project) -> None:
        self._heirs = Heirs(project)
        self._by_place = {
            (route.id, block.table, one.name): one.codes
            for route in project.routes
            for block in route.mappings
            for one in block.fields
            if one.codes is not None
        }

    def of(self, one: HeldValue) -> str | None:
        """None where the mapping translates the field by no table."""
        route = self._heirs.of(one.route, one.table, one.campus)
        return None if route is None else self._by_place.get((route.id, one.table, one.field))

    def tables_with(self, codes: Container[str]) -> set[str]:
        """Tables of the standard of which a field is translated by one of these code tables."""
        return {table for (_, table, _), name in self._by_place.items() if name in codes}


def tables_in_use(project: Project) -> frozenset[str]:
    """Code tables that a mapping translates by."""
    return frozenset(one.codes for _, _, one in _coded_fields(project) if one.codes is not None)


def sets_filled_by(project: Project, codes: str) -> tuple[LoadedValueSet, ...]:
    """Value sets of the fields that a code table fills, as the campuses that use it code by them.

    raises  ConfigError: no such code table, or no mapping uses it
    """
    if codes not in project.codes:
        near = nearest(codes, project.codes)
        raise ConfigError(
            "查找代码表", codes=codes, fix=f"是不是 {near}？" if near else "代码表在项目的 codes/ 目录"
        )
    found: dict[tuple[str, tuple[str, ...]], LoadedValueSet] = {}
    for route, table, one in _coded_fields(project):
        if one.codes == codes:
            catalog = project.catalog_of(route.campus.id)
            set_id = catalog.table(table).by_name[one.name].value_set
            value_set = catalog.value_set(set_id) if set_id else None
            if isinstance(value_set, LoadedValueSet):
                found.setdefault((value_set.id, value_set.valid_ids), value_set)
    if not found:
        raise ConfigError("查找代码表的值域", codes=codes, fix="没有映射用到这个代码表，先在映射里写 codes:")
    return tuple(found.values())


def editions_asked(project: Project, codes: str) -> tuple[str, ...]:
    """Ids of the lists in which a code table's standard codes are to be found: see `sets_filled_by`."""
    return tuple(dict.fromkeys(one.asked_id for one in sets_filled_by(project, codes)))


def edition_asked(project: Project, campus: str, table: str, field: str) -> str:
    """Id of the list in which a field's codes are to be found; "" of a field without one."""
    catalog = project.catalog_of(campus)
    set_id = catalog.table(table).by_name[field].value_set
    value_set = catalog.value_set(set_id) if set_id else None
    return value_set.asked_id if isinstance(value_set, LoadedValueSet) else ""


def _coded_fields(project: Project) -> Iterator[tuple[Route, str, FieldMapping]]:
    for route in project.routes:
        for block in route.mappings:
            for one in block.fields:
                yield route, block.table, one
