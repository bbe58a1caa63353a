"""Per department what is missing where: lines that a nurse, a registrar or the information department can work off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medferry.catalog.scoring import Dimension
from medferry.config.model import Project
from medferry.mapping.model import FieldMapping
from medferry.score.judging import NO_PARENT
from medferry.score.survey import EXAMPLES_MAX, Survey
from medferry.score.wording import Wording

_LEFT_OUT = frozenset({Dimension.TIMELINESS.value})


@dataclass(frozen=True, slots=True)
class Gap:
    """One field of one table in one department.

    rows      records concerned; held: of them those that are not sent because of it, or of something else beside
    examples  record keys, never a patient's values; local_keys: the same without the campus's prefix, as the
              hospital's own systems know them
    system    where it is filled: as screens.csv says, else the source's name
    screen    as screens.csv says, else the source column
    for_it    a matter of mapping or code tables
    """

    campus: str
    department: str
    table: str
    title_zh: str
    field: str
    name_zh: str
    missing: str
    rows: int
    held: int
    examples: tuple[str, ...]
    local_keys: tuple[str, ...]
    system: str
    screen: str
    for_it: bool


@dataclass(frozen=True, slots=True)
class DepartmentGaps:
    """code, name: "" for records of no department. gaps: most rows first."""

    campus: str
    code: str
    name: str
    gaps: Sequence[Gap]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.gaps)


def gaps(project: Project, survey: Survey, wording: Wording) -> list[DepartmentGaps]:
    """Departments with most rows first. Late rows and rows that wait for a parent are not theirs to mend."""
    places = _Places(project)
    found: dict[tuple[str, str], dict[tuple[str, str, str, str], Gap]] = {}
    for row in survey.lost.iter_rows(named=True):
        if row["dimension"] in _LEFT_OUT or row["code"] == NO_PARENT:
            continue
        table = project.catalog.table(row["table"])
        field = table.by_name.get(row["field"])
        missing = wording.missing(
            table.name, dimension=Dimension(row["dimension"]), code=row["code"], field=row["field"],
            rule_id=row["rule_id"],
        )  # fmt: skip
        system, screen, unmapped = places.of(table.name, row["campus"], row["field"])
        gap = Gap(
            row["campus"], row["department"], table.name, table.title_zh, row["field"],
            field.name_zh if field else "", missing, row["rows"], row["held"], tuple(row["examples"]),
            places.local(row["campus"], row["examples"]),
            system, screen, for_it=unmapped or wording.is_for_it(row["code"]),
        )  # fmt: skip
        mine = found.setdefault((gap.campus, gap.department), {})
        same = (gap.table, gap.field, gap.missing, gap.screen)
        mine[same] = _joined(mine[same], gap) if same in mine else gap
    departments = [
        DepartmentGaps(campus, code, survey.departments.get(code, ""), _sorted(list(mine.values())))
        for (campus, code), mine in found.items()
    ]
    return sorted(departments, key=lambda one: (-one.rows, one.campus, one.code))


def _joined(one: Gap, other: Gap) -> Gap:
    """The same thing told by two checks (ours and the platform's)."""
    keys = sorted({*one.examples, *other.examples})[:EXAMPLES_MAX]
    more = one if one.rows >= other.rows else other
    return Gap(
        one.campus, one.department, one.table, one.title_zh, one.field, one.name_zh, one.missing,
        more.rows, more.held, tuple(keys), tuple(sorted({*one.local_keys, *other.local_keys})[:EXAMPLES_MAX]),
        one.system, one.screen, one.for_it,
    )  # fmt: skip


def _sorted(found: Sequence[Gap]) -> list[Gap]:
    return sorted(found, key=lambda one: (-one.rows, one.table, one.field, one.missing))


class _Places:
    """Where a field is filled."""

    def __init__(self, project: Project) -> None:
        self._screens = project.screens
        self._prefixes = {one.id: one.prefix for one in project.campuses.values()}
        self._columns: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._sources: dict[tuple[str, str], str] = {}
        for route in project.routes:
            for block in route.mappings:
                self._sources.setdefault((block.table, route.campus.id), route.source)
                for one in block.fields:
                    place = (block.table, route.campus.id, one.name)
                    self._columns.setdefault(place, (route.source, _column(one)))

    def local(self, campus: str, keys: Sequence[str]) -> tuple[str, ...]:
        """Keys without the prefix that the program put."""
        return tuple(one.removeprefix(self._prefixes.get(campus, "")) for one in keys)

    def of(self, table: str, campus: str, field: str) -> tuple[str, str, bool]:
        """System, screen, and whether no mapping file fills the field."""
        screen = self._screens.get((table, field)) or self._screens.get((table, ""))
        source, column = self._columns.get((table, campus, field), ("", ""))
        unmapped = bool(field) and not source
        if screen is not None:
            return screen.system, screen.screen, unmapped
        if unmapped:
            return self._sources.get((table, campus), ""), "（映射文件没有这个字段）", True
        return source or self._sources.get((table, campus), ""), column, False


def _column(one: FieldMapping) -> str:
    """The source column in words."""
    if one.lookup is not None:
        return f"对照框架 {one.lookup.frame} 的列 {one.lookup.take}"
    if one.columns:
        return f"列 {'、'.join(one.columns)}"
    return "固定值" if one.constant is not None else "缺省值"


def department_title(one: DepartmentGaps, campuses: Mapping[str, str], *, alone: bool) -> str:
    """As people call it; the campus in front where there are several."""
    name = one.name or one.code or "未分科室"
    return name if alone else f"{campuses.get(one.campus, one.campus)}-{name}"
