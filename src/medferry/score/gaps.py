"""Per department what is missing where: lines that a nurse, a registrar or the information department can work off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from medferry.catalog.score_policy import Dimension
from medferry.config.model import Project
from medferry.config.screen_file import screen_of
from medferry.mapping.model import FieldMapping
from medferry.score.judgement import NO_PARENT, owner_field
from medferry.score.survey import EXAMPLES_MAX, Survey
from medferry.score.words import Wording

ALL_MAX = 1_000_000  # numbers of one gap, where all are asked for
_LEFT_OUT = frozenset({Dimension.TIMELINESS.value})


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """One record. key: as the platform knows it. local_key: without the campus's prefix, as the hospital's own systems
    know it. of: the visit's or else the patient's number there; "" where there is none."""

    key: str
    local_key: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One field of one table in one department.

    rows      records concerned; held: of them those that are not sent because of it, or of something else beside
    key_zh    what the examples' keys are called; of_zh: what their `of` is called
    system    where it is filled: as screens.csv says; screen likewise; "" where it says nothing
    source    system and column that the mapping reads, for the information department
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
    key_zh: str
    of_zh: str
    examples: tuple[Example, ...]
    system: str
    screen: str
    source: str
    for_it: bool


@dataclass(frozen=True, slots=True)
class DepartmentGaps:
    """code "": a desk that screens.csv names, or nobody's; name "": nobody's. gaps: most rows first."""

    campus: str
    code: str
    name: str
    gaps: Sequence[Gap]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.gaps)

    @property
    def rows_theirs(self) -> int:
        """Without what the information department mends."""
        return sum(one.rows for one in self.gaps if not one.for_it)


def gaps(
    project: Project, survey: Survey, wording: Wording, *, examples_max: int = EXAMPLES_MAX
) -> list[DepartmentGaps]:
    """Departments with most rows of their own first. Late rows and rows that wait for a parent are not theirs to mend.

    examples_max  as the survey was taken with
    """
    places = _Places(project)
    found: dict[tuple[str, str, str], dict[tuple[str, str, str, str], Gap]] = {}
    for row in survey.lost.iter_rows(named=True):
        if row["dimension"] in _LEFT_OUT or row["code"] == NO_PARENT:
            continue
        table = project.catalog.table(row["table"])
        field = table.by_name.get(row["field"])
        missing = wording.missing(
            table.name, dimension=Dimension(row["dimension"]), code=row["code"], check=row["check"],
            field=row["field"], rule_id=row["rule_id"],
        )  # fmt: skip
        screen = screen_of(project.screens, row["campus"], table.name, row["field"])
        source, unmapped = places.of(table.name, row["campus"], row["field"])
        owner = owner_field(table)
        gap = Gap(
            row["campus"], row["department"], table.name, wording.title(table.name), row["field"],
            field.name_zh if field else "", missing, row["rows"], row["held"],
            table.by_name[table.key_field].name_zh, table.by_name[owner].name_zh if owner else "",
            places.local(row["campus"], row["examples"]), screen.system if screen else "",
            screen.screen if screen else "", source, for_it=unmapped or wording.is_for_it(row["code"]),
        )  # fmt: skip
        desk = screen.desk if screen and not gap.for_it else ""
        place = (gap.campus, "" if desk else gap.department, desk)
        mine = found.setdefault(place, {})
        same = (gap.table, gap.field, gap.missing, gap.screen)
        mine[same] = _joined(mine[same], gap, examples_max) if same in mine else gap
    departments = [
        DepartmentGaps(campus, code, desk or survey.departments.get(code, ""), _sorted(list(mine.values())))
        for (campus, code, desk), mine in found.items()
    ]
    return sorted(departments, key=lambda one: (-one.rows_theirs, -one.rows, one.campus, one.code, one.name))


def _joined(one: Gap, other: Gap, examples_max: int) -> Gap:
    """The same thing of two departments at one desk, or told by two checks (ours and the platform's) of one."""
    keys = sorted({*one.examples, *other.examples})[:examples_max]
    if one.department != other.department:
        rows, held = one.rows + other.rows, one.held + other.held
    else:
        more = one if one.rows >= other.rows else other
        rows, held = more.rows, more.held
    return replace(one, rows=rows, held=held, examples=tuple(keys))


def _sorted(found: Sequence[Gap]) -> list[Gap]:
    return sorted(found, key=lambda one: (-one.rows, one.table, one.field, one.missing))


class _Places:
    """Where a field comes from."""

    def __init__(self, project: Project) -> None:
        self._prefixes = {one.id: one.prefix for one in project.campuses.values()}
        self._columns: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._sources: dict[tuple[str, str], str] = {}
        for route in project.routes:
            for block in route.mappings:
                self._sources.setdefault((block.table, route.campus.id), route.source)
                for one in block.fields:
                    place = (block.table, route.campus.id, one.name)
                    self._columns.setdefault(place, (route.source, _column(one)))

    def local(self, campus: str, examples: Sequence[Mapping[str, str]]) -> tuple[Example, ...]:
        """Records by the numbers of the hospital's own systems: without the prefix that the program put."""
        prefix = self._prefixes.get(campus, "")
        return tuple(
            Example(one["key"], one["key"].removeprefix(prefix), (one["of"] or "").removeprefix(prefix))
            for one in examples
        )

    def of(self, table: str, campus: str, field: str) -> tuple[str, bool]:
        """Source and column, and whether no mapping file fills the field."""
        source, column = self._columns.get((table, campus, field), ("", ""))
        if source:
            return f"{source} {column}", False
        source = self._sources.get((table, campus), "")
        return (f"{source}（映射文件没有这个字段）", True) if field else (source, False)


def _column(one: FieldMapping) -> str:
    """The source column in words."""
    codes = f"，代码表 {one.codes}" if one.codes else ""
    if one.lookup is not None:
        return f"对照表 {one.lookup.table} 的列 {one.lookup.take}{codes}"
    if one.columns:
        return f"列 {'、'.join(one.columns)}{codes}"
    return "固定值" if one.constant is not None else "缺省值"


def department_title(one: DepartmentGaps, campuses: Mapping[str, str], *, alone: bool) -> str:
    """As people call it; the campus in front where there are several."""
    name = one.name or one.code or "未分科室"
    return name if alone else f"{campuses.get(one.campus, one.campus)}-{name}"
