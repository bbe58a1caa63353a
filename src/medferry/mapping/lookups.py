"""Look-ups in named tables read from other sources: one left join per table and keys, misses are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from medferry.mapping.model import Lookup, MappingError, nearest
from medferry.mapping.values import as_text, blank_to_null


@dataclass(frozen=True, slots=True)
class LookupJoin:
    """One look-up table joined on one set of keys, for all fields that take from it."""

    place: int
    table: str
    on: tuple[tuple[str, str], ...]
    take: tuple[str, ...]

    @property
    def miss(self) -> str:
        return f"look-up {self.place} missed"

    def column(self, take: str) -> str:
        return f"look-up {self.place} {take}"

    @staticmethod
    def of(lookups: Sequence[Lookup]) -> tuple[LookupJoin, ...]:
        takes: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, None]] = {}
        for one in lookups:
            takes.setdefault((one.table, tuple(one.on.items())), {})[one.take] = None
        return tuple(
            LookupJoin(place, table, on, tuple(take))
            for place, ((table, on), take) in enumerate(takes.items())
        )

    @staticmethod
    def find(joins: Sequence[LookupJoin], lookup: Lookup) -> LookupJoin:
        return next(one for one in joins if one.table == lookup.table and dict(one.on) == dict(lookup.on))


class PreparedTables:
    """The last prepared form of each look-up table: one lives for minutes, batches come every few seconds. As many are kept
    as the mapping has look-ups."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[pl.DataFrame, pl.DataFrame]] = {}

    def of(self, join: LookupJoin, tables: Mapping[str, pl.DataFrame], route: str) -> pl.DataFrame:
        """raises  MappingError: the campus has no such look-up table, or it lacks a column"""
        frame = tables.get(join.table)
        if frame is None:
            raise MappingError(
                "查对照表",
                route=route,
                lookup_table=join.table,
                fix="本院区没有这个对照表；请在 medferry.yaml 的 lookup_tables 中补上",
            )
        kept = self._kept.get(join.place)
        if kept is None or kept[0] is not frame:
            kept = self._kept[join.place] = (frame, _prepared(join, frame, route))
        return kept[1]


def joined(
    rows: pl.DataFrame,
    joins: Sequence[LookupJoin],
    prepared: Sequence[pl.DataFrame],
) -> pl.DataFrame:
    """`rows` with the columns of every look-up beside them, in order; `prepared` is parallel to `joins`."""
    for join, answers in zip(joins, prepared, strict=True):
        keys = {f"{join.place} key {place}": raw for place, (raw, _) in enumerate(join.on)}
        schema = rows.schema
        with_keys = rows.with_columns(
            blank_to_null(as_text(pl.col(raw), schema[raw])).alias(key) for key, raw in keys.items()
        )
        found = with_keys.join(answers, on=list(keys), how="left", maintain_order="left")
        has_key = pl.all_horizontal(pl.col(key).is_not_null() for key in keys)
        rows = found.with_columns((has_key & pl.col(join.miss).is_null()).alias(join.miss)).drop(list(keys))
    return rows


def _prepared(join: LookupJoin, frame: pl.DataFrame, route: str) -> pl.DataFrame:
    """Keys as text, unique. A key with several answers has none: guessing a parent would be worse."""
    keys = [_key(join, place, frame_column, frame, route) for place, (_, frame_column) in enumerate(join.on)]
    takes = [_take(join, take, frame, route) for take in join.take]
    rows = frame.select(*keys, *takes).unique(maintain_order=True)
    key_names = [f"{join.place} key {place}" for place in range(len(join.on))]
    rows = rows.filter(pl.all_horizontal(pl.col(key).is_not_null() for key in key_names))
    alone = rows.unique(subset=key_names, keep="none", maintain_order=True)
    return alone.with_columns(pl.lit(value=False).alias(join.miss))


def _key(join: LookupJoin, place: int, name: str, frame: pl.DataFrame, route: str) -> pl.Expr:
    real = _column(join, name, frame, route)
    return blank_to_null(as_text(pl.col(real), frame.schema[real])).alias(f"{join.place} key {place}")


def _take(join: LookupJoin, name: str, frame: pl.DataFrame, route: str) -> pl.Expr:
    real = _column(join, name, frame, route)
    value = pl.col(real)
    text = isinstance(frame.schema[real], pl.String)
    return (blank_to_null(value) if text else value).alias(join.column(name))


def _column(join: LookupJoin, name: str, frame: pl.DataFrame, route: str) -> str:
    alike = [one for one in frame.columns if one.lower() == name.lower()]
    real = name if name in frame.columns else alike[0] if len(alike) == 1 else None
    if real is not None and not frame.schema[real].is_nested():
        return real
    raise MappingError(
        "查对照表",
        route=route,
        lookup_table=join.table,
        column=name,
        nearest=nearest(name, frame.columns) or "（无相近列名）",
        fix="对照表的查询结果中没有这一列，或它不是单个值；请核对映射里的 on/take 与对照表查询的列名",
    )
