"""One batch being judged: its columns, what is known of them beforehand, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

import polars as pl

from medferry.checks.beside import Frames
from medferry.checks.findings import NOT_JUDGED, Gathered, Mark
from medferry.checks.from_fields import CodeGroup, Group
from medferry.checks.table_checks import TableChecks
from medferry.records import Severity

SMALL = 512  # rows or values; below it a Python set is quicker than a columnar one
_PORTION = 100_000  # values judged by one expression; Polars spreads expressions, not rows, over the cores
_SAMPLE, _SAMPLE_DISTINCT_MAX = 200, 150  # the first values of a column tell whether values come again

G = TypeVar("G", Group, CodeGroup)


@dataclass(frozen=True, slots=True)
class Stack(Generic[G]):
    """Columns laid on one another without copying: row r of column c is at c * height + r.

    repeats  the same values come again and again: worth judging each once
    """

    group: G
    names: tuple[str, ...]
    values: pl.Series
    repeats: bool = False


@dataclass
class BatchPass:
    """One batch being judged."""

    frame: pl.DataFrame
    checks: TableChecks
    ancestors: Frames
    unknown_detail: bool = False
    unknown_counts: dict[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def found(self) -> Gathered:
        return Gathered(self.frame.height, self.checks.waived, self.checks.hold, self.checks.warn)

    @cached_property
    def columns(self) -> Mapping[str, pl.Series]:
        return {column.name: column for column in self.frame.get_columns()}

    @cached_property
    def null_counts(self) -> Mapping[str, int]:
        return dict(zip(self.frame.columns, self.frame.null_count().row(0), strict=True))

    @cached_property
    def all_rows(self) -> pl.Series:
        return pl.Series(range(self.frame.height), dtype=pl.UInt32)

    def filled(self, names: Sequence[str]) -> list[str]:
        """Those columns that hold anything at all."""
        return [name for name in names if self.null_counts[name] < self.frame.height]

    def is_empty(self, name: str) -> bool:
        return self.null_counts[name] == self.frame.height

    def stacks(self, group: G) -> Iterator[Stack[G]]:
        """The group's filled columns, in portions that both cores can share."""
        names = self.filled(group.fields)
        if isinstance(group, CodeGroup) or not group.costly or self.frame.height <= SMALL:
            yield from self._portions(group, names, repeats=False)
            return
        again = {name for name in names if self._repeats(name)}
        yield from self._portions(group, [name for name in names if name in again], repeats=True)
        yield from self._portions(group, [name for name in names if name not in again], repeats=False)

    def _portions(self, group: G, names: Sequence[str], *, repeats: bool) -> Iterator[Stack[G]]:
        width = max(1, _PORTION // self.frame.height)
        for start in range(0, len(names), width):
            part = tuple(names[start : start + width])
            columns = [self.columns[name] for name in part]
            yield Stack(group, part, columns[0] if len(columns) == 1 else pl.concat(columns), repeats)

    def _repeats(self, name: str) -> bool:
        return self.columns[name].head(_SAMPLE).n_unique() <= _SAMPLE_DISTINCT_MAX

    def count_not_judged(self, check: str, name: str, rows: int) -> None:
        """Unknown is a value that is there and that nobody could judge; where nothing is, nothing was asked."""
        self.unknown_counts[check, name] = self.unknown_counts.get((check, name), 0) + rows


def not_judged(check: str, severity: Severity = Severity.UNKNOWN, rule_id: str | None = None) -> Mark:
    return Mark(check, NOT_JUDGED, severity, rule_id)
