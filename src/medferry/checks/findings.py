"""Gathers findings as columns, and says in words what a finding means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from itertools import accumulate

import polars as pl

from medferry.records import FINDINGS_SCHEMA, Severity

MEANINGS: Mapping[str, str] = {
    "3001": "必填项为空",
    "3002": "类型或写法不对",
    "3003": "代码不在值域内",
    "3004": "长度不对",
    "3005": "数值位数超出格式，或在刻度之外",
    "3006": "证件号码校验不通过",
    "3007": "必填项填了占位词",
    "3008": "含控制字符、乱码或表情符号",
    "5001": "同一主键有不同内容，分不出哪个对",
    "5003": "字段之间不一致",
    "unknown": "无法判断",
}
"""Code of a finding -> what it means, for screens and reports."""

NOT_JUDGED = "unknown"
"""Code of a finding whose check could not judge."""


def key_of(check: str, rule_id: str | None, field: str) -> str:
    """By what a project names a thing that may be found; a conditionally required field is required like any other."""
    return f"{rule_id or ('required' if check == 'filled' else check)}\x00{field}"


@dataclass(frozen=True, slots=True)
class Mark:
    """What all findings of one check in one place share."""

    check: str
    code: str
    severity: Severity
    rule_id: str | None = None


@dataclass(slots=True)
class Gathered:
    """Findings under way, in portions of one mark each.

    height  rows of the batch: place p of a portion is row p % height of its column p // height
    lifted  fields whose requiredness is waived
    hold, warn  what the project raises to holding and lowers to a warning, by `key_of`
    """

    height: int
    lifted: frozenset[str] = frozenset()
    hold: frozenset[str] = frozenset()
    warn: frozenset[str] = frozenset()
    _places: list[pl.Series] = made_by(default_factory=list)
    _columns: list[Sequence[str]] = made_by(default_factory=list)
    _marks: list[Mark] = made_by(default_factory=list)
    _waivable: list[bool] = made_by(default_factory=list)

    def add(
        self, mark: Mark, places: pl.Series, columns: str | Sequence[str], *, waivable: bool = False
    ) -> None:
        """One finding per place; `columns` are those that lie on one another, or the only one."""
        if len(places):
            self._places.append(places.alias("place"))
            self._columns.append((columns,) if isinstance(columns, str) else columns)
            self._marks.append(mark)
            self._waivable.append(waivable)

    def frame(self) -> pl.DataFrame:
        """FINDINGS_SCHEMA, by row; of one row in the order in which the checks ran."""
        if not self._places:
            return pl.DataFrame(schema=dict(FINDINGS_SCHEMA))
        one_each = pl.Series("portion", range(len(self._places)), dtype=pl.UInt32)
        portions = (one_each.new_from_index(n, len(places)) for n, places in enumerate(self._places))
        starts = [0, *accumulate(len(columns) for columns in self._columns)][:-1]
        names = pl.Series([name for columns in self._columns for name in columns])
        field = pl.lit(names).gather(self._each(starts) + pl.col("place") // self.height)
        severity = self._each(mark.severity.value for mark in self._marks)
        if self.hold or self.warn:
            severity = self._as_the_project_says(severity, field)
        if self.lifted:
            is_lifted = self._each(self._waivable) & field.is_in(self.lifted)
            severity = pl.when(is_lifted).then(pl.lit(Severity.WAIVED.value)).otherwise(severity)
        columns = {
            "row": pl.col("place") % self.height,
            "check": self._each(mark.check for mark in self._marks),
            "code": self._each(mark.code for mark in self._marks),
            "field": field,
            "severity": severity,
            "rule_id": self._each(mark.rule_id for mark in self._marks),
        }
        found = pl.DataFrame([pl.concat(self._places), pl.concat(list(portions))]).select(
            columns[name].cast(kind).alias(name) for name, kind in FINDINGS_SCHEMA.items()
        )
        return found if self.height == 1 else found.sort("row", maintain_order=True)

    def _as_the_project_says(self, severity: pl.Expr, field: pl.Expr) -> pl.Expr:
        named = self._each(key_of(mark.check, mark.rule_id, "") for mark in self._marks) + field
        judged = self._each(mark.code != NOT_JUDGED for mark in self._marks)
        return (
            pl.when(judged & named.is_in(list(self.hold)))
            .then(pl.lit(Severity.ERROR.value))
            .when(judged & named.is_in(list(self.warn)))
            .then(pl.lit(Severity.WARNING.value))
            .otherwise(severity)
        )

    def _each(self, of_portions: Iterable[object]) -> pl.Expr:
        """A value per finding, from one per portion."""
        return pl.lit(pl.Series(list(of_portions))).gather(pl.col("portion"))
