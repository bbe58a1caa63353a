"""What stands behind what: rows that wait for a parent go as soon as the one thing that holds the parent is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from medferry.catalog.model import Catalog, Field, Table
from medferry.catalog.score_policy import Dimension
from medferry.score.judgement import FIX, NO_PARENT, Judged

FOLLOWS_SCHEMA: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(("table", *FIX), pl.String),  # what to mend, where
    "follower": pl.String,  # table of the rows that go then
    "rows": pl.Int64,
    "sole": pl.Int64,  # of them those that break no other rule
    "arrives": pl.Int64,  # of them those of which the platform has no version yet
}
BLOCKED_SCHEMA: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(("table", "campus", "department", *FIX), pl.String),
    "frees": pl.Int64,  # rows that this fix frees, and that then wait for a parent
    "arrives": pl.Int64,  # of them those of which the platform has no version yet
    "drops": pl.Int64,  # of them those that would break no rule but this
}
_CAUSES: Mapping[str, type[pl.DataType]] = {
    "id": pl.UInt64,
    **dict.fromkeys(("table", "campus", "department", *FIX), pl.String),
    "arrives": pl.Boolean,
    "drops": pl.Boolean,
}
_EDGES: Mapping[str, type[pl.DataType]] = {"child": pl.UInt64, "parent": pl.UInt64}
_WAITING: Mapping[str, type[pl.DataType]] = {
    "id": pl.UInt64,
    **dict.fromkeys(("table", "campus", "department", "key", "of"), pl.String),
    "sole": pl.Boolean,
    "arrives": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Settled:
    """follows: FOLLOWS_SCHEMA. blocked: BLOCKED_SCHEMA. waiting: the waiting rows that hang on no single fix: table,
    campus, department, key, of, sole."""

    follows: pl.DataFrame
    blocked: pl.DataFrame
    waiting: pl.DataFrame


class Standing:
    """Told of every row, it knows at the end which waiting rows hang on one fix alone.

    whole  every record is told of: a parent that nobody told of never came. Else it is taken for accepted.
    """

    def __init__(self, catalog: Catalog, *, whole: bool) -> None:
        self._whole = whole
        self._parents = {
            field.key.table
            for name in catalog.table_names
            for field in catalog.table(name).parents
            if field.key
        }
        self._there = [pl.Series(dtype=pl.UInt64)]
        self._known = [pl.Series(dtype=pl.UInt64)]
        self._causes = [pl.DataFrame(schema=_CAUSES)]
        self._edges = [pl.DataFrame(schema=_EDGES)]
        self._waiting = [pl.DataFrame(schema=_WAITING)]

    def add(self, table: Table, judged: Judged, kept: pl.DataFrame) -> None:
        """kept: the rows looked at, with their number as `row`; rows beyond still count as parents."""
        rows = judged.rows.with_row_index("row").with_columns(
            _id(table.name, pl.col("key")).alias("id"), table=pl.lit(table.name), arrives=~pl.col("accepted")
        )
        looked_at = rows.join(kept.select("row"), on="row", how="semi")
        if table.name in self._parents:
            self._known.append(rows["id"])
            self._there.append(rows.filter("accepted")["id"])
        frees = looked_at.join(judged.losses.filter("frees"), on="row")
        inconsistent = (pl.col("dimension") == Dimension.CONSISTENCY.value) & pl.col("sole")
        self._causes.append(
            frees.with_columns(drops=inconsistent | (pl.col("consistent") == 1)).select(list(_CAUSES))
        )
        orphans = judged.losses.filter(pl.col("code") == NO_PARENT).select("row", "sole")
        self._waiting.append(looked_at.join(orphans, on="row").select(list(_WAITING)))
        below = rows.join(pl.concat([orphans.select("row"), frees.select("row")]).unique(), on="row")
        if not below.is_empty():
            self._edges += [self._edge(field, below, judged.said) for field in table.parents]

    def settle(self) -> Settled:
        """What was told of, put together."""
        open_edges = self._open_edges()
        causes, waiting = pl.concat(self._causes), pl.concat(self._waiting)
        fixes = causes.select("table", *FIX).unique().with_row_index("fix")
        causes = causes.join(fixes, on=["table", *FIX])
        held_up = open_edges.select(pl.col("child").alias("id")).unique()
        roots = _roots(causes.join(held_up, on="id", how="anti"), causes, open_edges)
        blocked = (
            causes.join(held_up, on="id", how="semi")
            .group_by("table", "campus", "department", *FIX)
            .agg(
                pl.len().cast(pl.Int64).alias("frees"),
                *(pl.col(name).sum().cast(pl.Int64) for name in ("arrives", "drops")),
            )
            .select(list(BLOCKED_SCHEMA))
        )
        follows = (
            waiting.rename({"table": "follower"})
            .join(roots, on="id")
            .join(fixes, on="fix")
            .group_by("table", *FIX, "follower")
            .agg(
                pl.len().cast(pl.Int64).alias("rows"),
                *(pl.col(name).sum().cast(pl.Int64) for name in ("sole", "arrives")),
            )
            .select(list(FOLLOWS_SCHEMA))
        )
        return Settled(follows, blocked, waiting.join(roots, on="id", how="anti"))

    @staticmethod
    def _edge(field: Field, below: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
        assert field.key is not None
        assert field.key.table is not None
        return (
            below.with_columns(said[field.name].gather(below["row"]).alias("_parent"))
            .filter(pl.col("_parent").is_not_null())
            .select(child="id", parent=_id(field.key.table, pl.col("_parent")))
        )

    def _open_edges(self) -> pl.DataFrame:
        """Child and parent where the platform does not have the parent."""
        edges = pl.concat(self._edges).join(_parents(self._there), on="parent", how="anti")
        return edges if self._whole else edges.join(_parents(self._known), on="parent", how="semi")


def _parents(ids: list[pl.Series]) -> pl.DataFrame:
    return pl.DataFrame({"parent": pl.concat(ids)}).unique()


def _id(table: str, key: pl.Expr) -> pl.Expr:
    """Eight bytes for a record of one organisation."""
    return pl.concat_str(pl.lit(table), pl.col("org_code"), key, separator="\t").hash()


def _roots(free: pl.DataFrame, held: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Rows that one fix lets go, and which (id, fix): the free of the held ones, then generation by generation those
    that wait for nothing else."""
    roots = fresh = free.select("id", "fix")
    while not fresh.is_empty():
        fresh = (
            edges.join(roots, left_on="parent", right_on="id", how="left")
            .group_by(pl.col("child").alias("id"))
            .agg(
                pl.col("fix").first(),
                pl.col("fix").n_unique().alias("fixes"),
                pl.col("fix").null_count().alias("open"),
            )
            .filter((pl.col("fixes") == 1) & (pl.col("open") == 0))
            .join(roots, on="id", how="anti")
            .join(held, on="id", how="anti")
            .select("id", "fix")
        )
        roots = pl.concat([roots, fresh])
    return roots
