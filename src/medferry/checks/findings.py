"""Gathers findings as columns, and says in words what a finding means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from medferry.records import FINDINGS_SCHEMA, Severity

MEANINGS: Mapping[str, str] = {
    "3001": "必填项为空",
    "3002": "类型或写法不对",
    "3003": "代码不在值域内",
    "3004": "长度不对",
    "3005": "数值位数超出格式",
    "3006": "证件号码校验不通过",
    "3007": "必填项填了占位词",
    "3008": "含控制字符、乱码或表情符号",
    "5001": "同一主键、同一更新时间有不同内容",
    "5003": "字段之间不一致",
    "unknown": "无法判断",
}
"""Code of a finding -> what it means, for screens and reports."""

NOT_JUDGED = "unknown"
"""Code of a finding whose check could not judge."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What all findings of one check in one place share."""

    check: str
    code: str
    severity: Severity
    rule_id: str | None = None


@dataclass(slots=True)
class Gathered:
    """Findings under way, in portions of one mark each."""

    rows: list[pl.Series] = field(default_factory=list)
    fields: list[pl.Series] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, mark: Mark, rows: pl.Series, fields: str | pl.Series) -> None:
        """One finding per position in `rows`; `fields` is one name for all, or one per position."""
        if not len(rows):
            return
        if isinstance(fields, str):
            fields = pl.Series("field", [fields]).new_from_index(0, len(rows))
        self.rows.append(rows.alias("row"))
        self.fields.append(fields.alias("field"))
        self.marks.append(mark)

    def frame(self) -> pl.DataFrame:
        """FINDINGS_SCHEMA, by row; of one row in the order in which the checks ran."""
        if not self.rows:
            return pl.DataFrame(schema=dict(FINDINGS_SCHEMA))
        counts = pl.Series([len(rows) for rows in self.rows])
        portion = pl.int_range(len(counts), dtype=pl.UInt32, eager=True).repeat_by(counts).explode()
        columns = {
            "row": pl.concat(self.rows),
            "check": pl.Series([mark.check for mark in self.marks]).gather(portion),
            "code": pl.Series([mark.code for mark in self.marks]).gather(portion),
            "field": pl.concat(self.fields),
            "severity": pl.Series([mark.severity.value for mark in self.marks]).gather(portion),
            "rule_id": pl.Series([mark.rule_id for mark in self.marks], dtype=pl.String).gather(portion),
        }
        return pl.DataFrame(columns, schema_overrides=dict(FINDINGS_SCHEMA)).sort("row", maintain_order=True)
