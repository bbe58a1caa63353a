"""Judges a table portion by portion: of the other tables only the rows that a portion leads to are in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from medferry.checks.holding import ORG_CODE
from medferry.checks.later import later_verdicts
from medferry.outbox.reviews import REVIEW_SCHEMA
from medferry.review.end_state import CAMPUS, EDITION, EndState
from medferry.review.reads import RECORD_STATUS, Reach, RuleReads, TableReads

PORTION_ROWS = 20_000
REACHED_ROWS_MAX = 200_000  # rows of one table that a portion leads to; one that leads to more is halved
COMPARED_ROWS_MAX = 100_000  # rows of one table compared with each other at a time, by their groups

_VOIDED = "2"


@dataclass(frozen=True, slots=True)
class Limits:
    portion_rows: int = PORTION_ROWS
    reached_rows_max: int = REACHED_ROWS_MAX
    compared_rows_max: int = COMPARED_ROWS_MAX


class TooMany(Exception):
    """A portion leads to more rows than may be in memory."""


class TableReview:
    """One table under one edition.

    looked_at  tables that the project knows rows of: what a rule asks of another table stays unjudged
    """

    def __init__(
        self,
        reads: TableReads,
        end: EndState,
        keys: Mapping[str, str],
        looked_at: frozenset[str],
        limits: Limits,
    ) -> None:
        self._reads = reads
        self._table = reads.table
        self._end = end
        self._keys = keys
        self._looked_at = looked_at
        self._limits = limits

    def findings(self) -> Iterator[pl.DataFrame]:
        """REVIEW_SCHEMA, also without rows, several times a portion: who stops, stops there. Nothing of voided rows."""
        by_reach: dict[tuple[Reach, ...], list[RuleReads]] = defaultdict(list)
        for one in self._reads.rules:
            if one.grouped_by:
                yield from self._compared(one)
            else:
                by_reach[tuple(sorted(one.reached))].append(one)
        if by_reach:
            own = frozenset().union(*(one.own for rules in by_reach.values() for one in rules))
            for portion in self._end.portions(
                self._table.name, self._columns(own), self._limits.portion_rows
            ):
                rows = self._mine(portion)
                for rules in by_reach.values():
                    yield from self._judged(rows, rules)

    def _columns(self, own: frozenset[str]) -> list[str]:
        return [*sorted(own), CAMPUS, EDITION]

    def _mine(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of the edition, and not voided."""
        return rows.filter(pl.col(EDITION) == self._table.edition, pl.col(RECORD_STATUS).ne_missing(_VOIDED))

    def _compared(self, one: RuleReads) -> Iterator[pl.DataFrame]:
        """A rule that compares rows with each other: all rows that have something equal come together, of any edition."""
        turns = self._end.rows_of(self._table.name) // self._limits.compared_rows_max + 1
        scan = self._end.scan(self._table.name).select(self._columns(one.own))
        scan = scan.filter(pl.col(RECORD_STATUS).ne_missing(_VOIDED))
        group = pl.struct(one.grouped_by).hash(seed=0)
        for turn in range(turns):
            rows = scan.filter(group % turns == turn).collect(engine="streaming")
            yield from self._judged(rows, [one])

    def _judged(self, rows: pl.DataFrame, rules: Sequence[RuleReads]) -> Iterator[pl.DataFrame]:
        """Rules that reach the same rows. A portion that leads to too many is judged in halves, unless rows are compared."""
        if not rows.height:
            return
        may_halve = rows.height > 1 and not rules[0].grouped_by
        try:
            frames = self._frames(rows, rules, self._limits.reached_rows_max if may_halve else None)
        except TooMany:
            middle = rows.height // 2
            yield from self._judged(rows[:middle], rules)
            yield from self._judged(rows[middle:], rules)
            return
        for one in rules:
            verdict = later_verdicts(rows, self._table, one.rule, frames)["verdict"]
            wrong = rows.filter(verdict.not_().fill_null(value=False), pl.col(EDITION) == self._table.edition)
            yield self._found(wrong, one)

    def _frames(
        self, rows: pl.DataFrame, rules: Sequence[RuleReads], rows_max: int | None
    ) -> dict[str, pl.DataFrame]:
        """Table -> the rows that these rows lead to; raises TooMany."""
        columns: dict[str, set[str]] = defaultdict(set)
        for one in rules:
            for reach, read in one.reached.items():
                columns[reach.table] |= read
        frames: dict[str, pl.DataFrame] = {}
        for name in sorted(columns.keys() & self._looked_at):
            key = [ORG_CODE, self._keys[name]]
            wanted = sorted({*columns[name], *key})
            reaches = {reach for one in rules for reach in one.reached if reach.table == name}
            found = [self._reached(rows, reach, wanted, rows_max) for reach in sorted(reaches)]
            frames[name] = found[0] if len(found) == 1 else pl.concat(found).unique(key)
        return frames

    def _reached(
        self, rows: pl.DataFrame, reach: Reach, columns: Sequence[str], rows_max: int | None
    ) -> pl.DataFrame:
        names = [f"own {n}" for n in range(len(reach.own))]
        ways = rows.select(pl.col(one).alias(name) for one, name in zip(reach.own, names, strict=True))
        scan = self._end.scan(reach.table).select(columns)
        scan = scan.join(ways.drop_nulls().unique().lazy(), left_on=reach.theirs, right_on=names, how="semi")
        if rows_max is None:
            return scan.collect(engine="streaming")
        found = scan.head(rows_max + 1).collect(engine="streaming")
        if found.height > rows_max:
            raise TooMany
        return found

    def _found(self, wrong: pl.DataFrame, one: RuleReads) -> pl.DataFrame:
        mark = one.rule.mark
        return wrong.select(
            pl.lit(self._table.name).alias("table"),
            pl.col(CAMPUS).alias("campus"),
            pl.col(ORG_CODE),
            pl.col(EDITION).alias("edition"),
            pl.col(self._table.key_field).alias("key"),
            pl.lit(mark.check).alias("check"),
            pl.lit(mark.code).alias("code"),
            pl.lit(one.rule.spec.field).alias("field"),
            pl.lit(mark.severity.value).alias("severity"),
            pl.lit(mark.rule_id or "").alias("rule_id"),
        ).select(list(REVIEW_SCHEMA))
