"""One walk over the ledger's newest rows: sums per cell, losses per fix, and what each field holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl

from medferry.catalog.model import Catalog, Field, Table
from medferry.catalog.score_policy import Dimension, ScorePolicy
from medferry.outbox.reader import ScoreReader
from medferry.outbox.reviews import REVIEW_SCHEMA
from medferry.score.blocked import Standing
from medferry.score.judgement import FIX, NO_PARENT, Judge, Judged
from medferry.score.reviewed import with_review

PLACE = ("table", "campus", "department", "day")
SUMS = (
    "rows", "accepted", "held", "late", "required", "filled", "values", "conforming", "consistent", "due", "on_time",
)  # fmt: skip
_SEEN = "_source_time"  # no field begins so
ROWS_MAX = 10_000  # looked at together
EXAMPLES_MAX = 10  # record keys kept per loss and department, where nobody asks for all
DISTINCT_MAX = 1_000  # values of a field told apart; beyond, only that there are more

CELL_SCHEMA: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(PLACE, pl.String),
    **dict.fromkeys(SUMS, pl.Int64),
    "on_time": pl.Float64,
}
LOST_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("table", "campus", "department", *FIX), pl.String),
    "rows": pl.Int64,  # rows concerned
    "sole": pl.Int64,  # of them those that nothing else spoils
    "frees": pl.Int64,  # of them those that are held or refused for nothing else, their parents accepted
    "arrives": pl.Int64,  # of those again the ones of which the platform has no version yet
    "drops": pl.Int64,  # rows that it frees only to wait for a parent, and that break no rule but this
    "held": pl.Int64,  # of them those that are held or refused
    "examples": pl.List(pl.Struct({"key": pl.String, "of": pl.String})),  # record keys, and whose they are
}

Conditions = Callable[[Table, Catalog], Mapping[str, pl.Expr]]
"""Where a conditionally required field is required: see medferry.score.conditional.required_when."""


@dataclass(slots=True)
class FieldUse:
    """What one field of one table holds in one campus.

    filled    rows with a value that is not a placeholder
    distinct  hashes of its values, DISTINCT_MAX at most
    many      there are more
    last      newest source time (DT15) of a row that has it; "" for none
    """

    rows: int = 0
    filled: int = 0
    distinct: set[int] = field(default_factory=set)
    many: bool = False
    last: str = ""

    def add(self, hashes: Sequence[int]) -> None:
        self.distinct.update(hashes)
        if len(self.distinct) > DISTINCT_MAX:
            self.many = True
            self.distinct = set(list(self.distinct)[:DISTINCT_MAX])


@dataclass(frozen=True, slots=True)
class Survey:
    """cells: CELL_SCHEMA. lost: LOST_SCHEMA; a row that waits is in it where no single fix lets it go.
    follows: FOLLOWS_SCHEMA, the other waiting rows. departments: code -> name. uses: (table, campus, field) -> use.
    """

    cells: pl.DataFrame
    lost: pl.DataFrame
    follows: pl.DataFrame
    departments: Mapping[str, str]
    uses: Mapping[tuple[str, str, str], FieldUse]


@dataclass(frozen=True, slots=True)
class Window:
    """Business days looked at, both included; None: no border."""

    first: date | None = None
    last: date | None = None

    def keeps(self, day: pl.Expr) -> pl.Expr:
        kept = pl.lit(True)
        if self.first is not None:
            kept = kept & (day >= f"{self.first:%Y%m%d}")
        if self.last is not None:
            kept = kept & (day <= f"{self.last:%Y%m%d}")
        return kept


def take_survey(
    reader: ScoreReader,
    catalog: Catalog,
    policy: ScorePolicy,
    *,
    waived: Mapping[tuple[str, str], str],
    conditions: Conditions,
    now: datetime,
    window: Window = Window(),
    tables: Sequence[str] | None = None,
    with_uses: bool = False,
    examples_max: int = EXAMPLES_MAX,
) -> Survey:
    """Reads what the window's days brought. A row's business day never lies behind the day it was put."""
    since = f"{window.first:%Y%m%d}" if window.first else ""
    cells = [pl.DataFrame(schema=CELL_SCHEMA)]
    lost = [pl.DataFrame(schema=LOST_SCHEMA)]
    departments: dict[str, str] = {}
    uses: dict[tuple[str, str, str], FieldUse] = {}
    judge: Judge | None = None
    review = pl.DataFrame(schema=dict(REVIEW_SCHEMA))
    owners = _Owners(catalog, policy)
    standing = Standing(catalog, whole=not since and tables is None)
    for newest in reader.newest(
        tables=owners.order(tables or catalog.table_names), since=since, rows_max=ROWS_MAX
    ):
        if judge is None or judge.table.name != newest.table:
            table = catalog.table(newest.table)
            lifted = frozenset(name for owner, name in waived if owner == newest.table)
            judge = Judge(table, policy, lifted, conditions(table, catalog), now)
            review = reader.review_findings(newest.table)
        judged = owners.settle(judge.table, judge.judge(with_review(newest, review)))
        kept = judged.rows.with_row_index("row").filter(window.keeps(pl.col("day")))
        cells.append(_cells(newest.table, kept))
        lost.append(_lost(newest.table, kept, judged, examples_max))
        standing.add(judge.table, judged, kept)
        if newest.table == policy.department.table:
            departments |= _names(judged.said, policy)
        if with_uses:
            _add_uses(uses, judge.table, kept, judged.said[kept["row"].to_list()])
    settled = standing.settle()
    lost.append(_orphans(settled.waiting, examples_max))
    gathered = _blocked(_gathered(pl.concat(lost), examples_max), settled.blocked)
    return Survey(_summed(pl.concat(cells)), gathered, settled.follows, departments, uses)


class _Owners:
    """Rows of tables that name no department take that of the record they hang on, when it was read before them."""

    def __init__(self, catalog: Catalog, policy: ScorePolicy) -> None:
        self._catalog = catalog
        self._policy = policy
        self._own = {
            name for name in catalog.table_names if policy.department_field(catalog.table(name)) is not None
        }
        self._heirs = {name: self._parent(catalog.table(name)) for name in catalog.table_names}
        self._known: dict[str, list[pl.DataFrame]] = {
            parent.key.table: []
            for parent in self._heirs.values()
            if parent and parent.key and parent.key.table
        }

    def _parent(self, table: Table) -> Field | None:
        """The pointer to inherit by."""
        if table.name in self._own:
            return None
        return next((one for one in table.parents if one.key and one.key.table in self._own), None)

    def order(self, tables: Sequence[str]) -> list[str]:
        """Parents of heirs first."""
        return [one for one in tables if one in self._known] + [
            one for one in tables if one not in self._known
        ]

    def settle(self, table: Table, judged: Judged) -> Judged:
        if table.name in self._known:
            self._known[table.name].append(judged.rows.select("org_code", "key", "department"))
        pointer = self._heirs[table.name]
        if pointer is None or pointer.key is None or not self._known.get(pointer.key.table or ""):
            return judged
        parents = pl.concat(self._known[pointer.key.table or ""]).rename({"department": "inherited"})
        rows = judged.rows.with_columns(judged.said[pointer.name].alias(_SEEN)).join(
            parents,
            left_on=["org_code", _SEEN],
            right_on=["org_code", "key"],
            how="left",
            maintain_order="left",
        )
        owned = rows.with_columns(pl.col("inherited").fill_null("").alias("department")).select(
            judged.rows.columns
        )
        return replace(judged, rows=owned)


def _cells(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    one = rows.with_columns(pl.lit(table).alias("table"), pl.lit(1, dtype=pl.Int64).alias("rows"))
    return _summed(one)


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.group_by(PLACE)
        .agg(pl.col(name).cast(CELL_SCHEMA[name]).sum() for name in SUMS)
        .select(list(CELL_SCHEMA))
    )


def _lost(table: str, rows: pl.DataFrame, judged: Judged, examples_max: int) -> pl.DataFrame:
    """Losses of the rows kept, but for those that only wait, and the late ones as a loss of their own."""
    places = ("row", "campus", "department", "key", "of", "held", "accepted")
    own = judged.losses.filter(pl.col("code") != NO_PARENT)
    losses = own.join(rows.select(places), on="row").with_columns(
        arrives=pl.col("frees") & ~pl.col("accepted")
    )
    late = rows.filter(pl.col("late")).select(
        *places, *_fix(Dimension.TIMELINESS), sole=pl.lit(True), frees=pl.lit(False), arrives=pl.lit(False)
    )
    both = pl.concat([losses.select(late.columns), late]).with_columns(pl.lit(table).alias("table"))
    return _counted(both, examples_max)


def _orphans(waiting: pl.DataFrame, examples_max: int) -> pl.DataFrame:
    """Rows that wait and would not go with any single fix."""
    fix = _fix(Dimension.CONSISTENCY, code=NO_PARENT, check="parent")
    nothing = pl.lit(False)
    return _counted(waiting.with_columns(*fix, frees=nothing, arrives=nothing, held=nothing), examples_max)


def _fix(dimension: Dimension, *, code: str = "", check: str = "") -> list[pl.Expr]:
    said = {**dict.fromkeys(FIX, ""), "dimension": dimension.value, "code": code, "check": check}
    return [pl.lit(text).alias(name) for name, text in said.items()]


def _counted(losses: pl.DataFrame, examples_max: int) -> pl.DataFrame:
    example = pl.struct("key", "of").sort_by("key").head(examples_max)
    return (
        losses.group_by("table", "campus", "department", *FIX)
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            *(pl.col(name).sum().cast(pl.Int64) for name in ("sole", "frees", "arrives", "held")),
            example.alias("examples"),
            drops=pl.lit(0, dtype=pl.Int64),
        )
        .select(list(LOST_SCHEMA))
    )


def _gathered(lost: pl.DataFrame, examples_max: int) -> pl.DataFrame:
    examples = pl.col("examples").list.explode(empty_as_null=False)
    return (
        lost.group_by("table", "campus", "department", *FIX)
        .agg(
            *(pl.col(name).sum() for name in ("rows", "sole", "frees", "arrives", "drops", "held")),
            examples.sort_by(examples.struct.field("key")).head(examples_max),
        )
        .sort(["rows", "table", "campus", "department", *FIX], descending=[True, *[False] * 8])
        .select(list(LOST_SCHEMA))
    )


def _blocked(lost: pl.DataFrame, blocked: pl.DataFrame) -> pl.DataFrame:
    """Rows that a fix frees only to wait for a parent do not go with it."""
    more = lost.join(
        blocked, on=["table", "campus", "department", *FIX], how="left", maintain_order="left", suffix="_b"
    )
    return more.with_columns(
        pl.col("frees") - pl.col("frees_b").fill_null(0),
        pl.col("arrives") - pl.col("arrives_b").fill_null(0),
        drops=pl.col("drops_b").fill_null(0),
    ).select(list(LOST_SCHEMA))


def _names(fields: pl.DataFrame, policy: ScorePolicy) -> dict[str, str]:
    chosen = fields.select(policy.department.code, policy.department.name).drop_nulls()
    return dict(chosen.iter_rows())


def _add_uses(
    uses: dict[tuple[str, str, str], FieldUse], table: Table, rows: pl.DataFrame, said: pl.DataFrame
) -> None:
    """Adds rows of one table and their fields, in the same order."""
    for campus in rows["campus"].unique().to_list():
        mine = rows["campus"] == campus
        part, seen = said.filter(mine), rows["source_time"].filter(mine)
        both = part.with_columns(seen.alias(_SEEN))
        places = {
            one.name: uses.setdefault((table.name, campus, one.name), FieldUse()) for one in table.fields
        }
        filled = part.select(pl.all().count()).row(0, named=True)
        last = both.select(
            pl.col(_SEEN).filter(pl.col(name).is_not_null()).max().alias(name) for name in places
        ).row(0, named=True)
        few = [name for name, use in places.items() if not use.many and filled[name]]
        hashes = part.select(
            pl.col(name).drop_nulls().unique().head(DISTINCT_MAX + 1).hash().implode() for name in few
        )
        for name, use in places.items():
            use.rows += part.height
            use.filled += filled[name]
            use.last = max(use.last, last[name] or "")
        for name in few:
            places[name].add(hashes[name][0].to_list())
