"""From sums to points: per level, and what each fix gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from medferry.catalog.model import Catalog
from medferry.catalog.score_policy import Dimension, ScorePolicy
from medferry.score.expected import Expected
from medferry.score.judgement import MISSING
from medferry.score.survey import PLACE, SUMS, Survey

DEDUCTIONS_MAX = 10

Shares = Mapping[Dimension, float | None]
"""0 to 1 each; None: nothing to judge, or not known."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of survey.SUMS over some rows of one table; `expected` keys, None when nobody counted them."""

    rows: int = 0
    accepted: int = 0
    held: int = 0
    late: int = 0
    required: int = 0
    filled: int = 0
    values: int = 0
    conforming: int = 0
    consistent: int = 0
    due: int = 0
    on_time: float = 0.0
    expected: int | None = None

    @property
    def shares(self) -> Shares:
        return {
            Dimension.COVERAGE: _share(min(self.accepted, self.expected or 0), self.expected),
            Dimension.COMPLETENESS: _share(self.filled, self.required),
            Dimension.CONFORMITY: _share(self.conforming, self.values),
            Dimension.CONSISTENCY: _share(self.consistent, self.rows),
            Dimension.TIMELINESS: _share(self.on_time, self.due),
        }

    def points(self, policy: ScorePolicy) -> float | None:
        """0 to 100 over the dimensions that are known; None when none is."""
        known = {one: share for one, share in self.shares.items() if share is not None}
        weight = sum(policy.weights[one] for one in known)
        return (
            100 * sum(policy.weights[one] * share for one, share in known.items()) / weight
            if weight
            else None
        )


@dataclass(frozen=True, slots=True)
class LevelScore:
    """The score of one level ("all", "table", "campus", "department", "day") and name: plain mean over its tables.

    name    "" for "all"; of a department `campus/code`
    tables  how many have a score
    due     rows that can be judged for time
    """

    level: str
    name: str
    tables: int
    rows: int
    accepted: int
    held: int
    expected: int | None
    points: float | None
    shares: Shares
    due: int = 0


@dataclass(frozen=True, slots=True)
class Deduction:
    """One thing to mend, the points of the whole that it gives back when all of it is mended alone.

    rows        records concerned; for coverage keys that the platform does not have
    frees       held or refused records that may go then
    behind      records that wait for those and go with them
    department  where most of them are, campus and code; "" for nobody's
    """

    table: str
    dimension: Dimension
    code: str
    check: str
    field: str
    rule_id: str
    rows: int
    frees: int
    points: float
    campus: str
    department: str
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """all: the whole. levels: in order of level, worst first. deductions: largest first."""

    all: LevelScore
    levels: Sequence[LevelScore]
    deductions: Sequence[Deduction]


def score(
    survey: Survey, catalog: Catalog, policy: ScorePolicy, expected: Mapping[tuple[str, str], Expected]
) -> Score:
    """`expected` has what count queries said, by (table, campus) of every table that is mapped there."""
    counted = _Counted(expected)
    cells = survey.cells
    by_table = {
        name: _sums(cells.filter(pl.col("table") == name), counted.of_table(name))
        for name in catalog.table_names
        if not cells.filter(pl.col("table") == name).is_empty() or counted.of_table(name)
    }
    whole = _level("all", "", by_table.values(), policy)
    levels = [_level("table", name, [sums], policy) for name, sums in by_table.items()]
    levels += _levels("campus", ["campus"], cells, policy, counted)
    levels += _levels("department", ["campus", "department"], cells, policy, None)
    levels += _levels("day", ["day"], cells, policy, counted)
    return Score(whole, levels, _deductions(survey, by_table, policy))


class _Counted:
    """Expected keys of a level; unknown as soon as one part of it is."""

    def __init__(self, expected: Mapping[tuple[str, str], Expected]) -> None:
        self._expected = expected

    def of_table(self, table: str) -> int | None:
        return _all_known(one.keys for (name, _), one in self._expected.items() if name == table)

    def of(self, table: str, level: str, name: str) -> int | None:
        if level == "campus":
            one = self._expected.get((table, name))
            return one.keys if one else None
        mine = [one for (owner, _), one in self._expected.items() if owner == table]
        return _all_known(one.by_day.get(name, 0) if one.by_day is not None else None for one in mine)


def _all_known(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    known = [one for one in found if one is not None]
    return sum(known) if found and len(known) == len(found) else None


def _levels(
    level: str, columns: Sequence[str], cells: pl.DataFrame, policy: ScorePolicy, counted: _Counted | None
) -> list[LevelScore]:
    found = []
    assert set(columns) <= set(PLACE)
    for key, part in cells.partition_by(columns, as_dict=True).items():
        name = "/".join(str(one) for one in key)
        tables = {
            str(table[0]): _sums(rows, counted.of(str(table[0]), level, name) if counted else None)
            for table, rows in part.partition_by(["table"], as_dict=True).items()
        }
        found.append(_level(level, name, tables.values(), policy))
    return sorted(found, key=lambda one: (one.points if one.points is not None else 101, one.name))


def _sums(cells: pl.DataFrame, expected: int | None) -> Sums:
    return Sums(**cells.select(pl.col(name).sum() for name in SUMS).row(0, named=True), expected=expected)


def _level(level: str, name: str, tables: Iterable[Sums], policy: ScorePolicy) -> LevelScore:
    tables = list(tables)
    points = [one for sums in tables if (one := sums.points(policy)) is not None]
    shares = {one: _mean(sums.shares[one] for sums in tables) for one in Dimension}
    return LevelScore(
        level, name, len(points),
        rows=sum(sums.rows for sums in tables),
        accepted=sum(sums.accepted for sums in tables),
        held=sum(sums.held for sums in tables),
        expected=_all_known(sums.expected for sums in tables),
        points=_mean(points),
        shares=shares,
        due=sum(sums.due for sums in tables),
    )  # fmt: skip


def _deductions(survey: Survey, by_table: Mapping[str, Sums], policy: ScorePolicy) -> list[Deduction]:
    scored = {name: sums for name, sums in by_table.items() if sums.points(policy) is not None}
    follows = survey.follows.partition_by(_THING, as_dict=True)
    found = [
        _deduction(key, part, follows.get(key), scored, policy)
        for key, part in survey.lost.partition_by(_THING, as_dict=True).items()
        if str(key[0]) in scored
    ]
    for name, sums in scored.items():
        arrives = int(survey.lost.filter(pl.col("table") == name)["arrives"].sum()) + int(
            survey.follows.filter(pl.col("follower") == name)["arrives"].sum()
        )
        found += _not_there(name, sums, arrives, policy, len(scored))
    found.sort(
        key=lambda one: (-one.points, -one.rows, one.table, one.dimension, one.code, one.field, one.rule_id)
    )
    return found


_THING = ["table", "dimension", "code", "check", "field", "rule_id"]
NOT_READ, NOT_ARRIVED = "not_read", "not_arrived"
"""Checks of the coverage that no single fix brings: never read; read, and held for several things or under way."""


def _not_there(table: str, sums: Sums, arrives: int, policy: ScorePolicy, tables: int) -> Iterator[Deduction]:
    """Expected keys that no fix of a finding brings. arrives: those that one does."""
    missing = max((sums.expected or 0) - sums.accepted, 0)
    not_read = min(max((sums.expected or 0) - sums.rows, 0), missing)
    kinds = ((NOT_READ, not_read), (NOT_ARRIVED, max(missing - not_read - arrives, 0)))
    for check, rows in kinds:
        if rows:
            gain = _gain(sums, replace(sums, accepted=sums.accepted + rows), policy) / tables
            yield Deduction(table, Dimension.COVERAGE, "", check, "", "", rows, 0, gain, "", "")


def _deduction(
    key: tuple[object, ...],
    part: pl.DataFrame,
    follows: pl.DataFrame | None,
    scored: Mapping[str, Sums],
    policy: ScorePolicy,
) -> Deduction:
    table, dimension, code, check, field, rule_id = (str(one) for one in key)
    rows, sole, frees, arrives, drops = (
        int(part[name].sum()) for name in ("rows", "sole", "frees", "arrives", "drops")
    )
    most = part.sort("rows", descending=True).row(0, named=True)
    before = replace(scored[table], consistent=scored[table].consistent - drops)
    mended = {table: _mended(before, Dimension(dimension), code, rows=sole, arrives=arrives)}
    behind = 0
    for row in follows.iter_rows(named=True) if follows is not None else ():
        sums = mended.get(row["follower"]) or scored[row["follower"]]
        mended[row["follower"]] = replace(
            sums, accepted=sums.accepted + row["arrives"], consistent=sums.consistent + row["sole"]
        )
        behind += row["rows"]
    gain = sum(_gain(scored[name], after, policy) for name, after in mended.items())
    return Deduction(
        table, Dimension(dimension), code, check, field, rule_id, rows, frees,
        points=gain / len(scored), campus=str(most["campus"]), department=str(most["department"]), behind=behind,
    )  # fmt: skip


def _mended(sums: Sums, dimension: Dimension, code: str, *, rows: int, arrives: int) -> Sums:
    """The sums as they would be without these losses; a filled gap is one more sound value."""
    sums = replace(sums, accepted=sums.accepted + arrives)
    match dimension:
        case Dimension.COMPLETENESS:
            more = rows if code == MISSING else 0
            return replace(
                sums, filled=sums.filled + rows, values=sums.values + more, conforming=sums.conforming + more
            )
        case Dimension.CONFORMITY:
            return replace(sums, conforming=sums.conforming + rows)
        case Dimension.CONSISTENCY:
            return replace(sums, consistent=sums.consistent + rows)
        case _:
            return replace(sums, on_time=float(sums.due))


def _gain(before: Sums, after: Sums, policy: ScorePolicy) -> float:
    return (after.points(policy) or 0.0) - (before.points(policy) or 0.0)


def _share(part: float, whole: int | None) -> float | None:
    return part / whole if whole else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None
