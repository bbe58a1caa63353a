"""Gathers findings as columns, and says in words what a finding means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Findings under way: parallel columns."""

    rows: list[int] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    marks: list[tuple[Mark, int]] = field(default_factory=list)  # with how many rows it stands for

    def add(self, mark: Mark, rows: pl.Series, fields: str | Sequence[str]) -> None:
        """One finding per position in `rows`; `fields` is one name for all, or one per position."""
        self.rows.extend(rows.to_list())
        self.fields.extend([fields] * len(rows) if isinstance(fields, str) else fields)
        self.marks.append((mark, len(rows)))

    def frame(self) -> pl.DataFrame:
        """FINDINGS_SCHEMA, by row; of one row in the order in which the checks ran."""
        if not self.rows:
            return pl.DataFrame(schema=dict(FINDINGS_SCHEMA))
        columns = {
            "row": self.rows,
            "check": [mark.check for mark, count in self.marks for _ in range(count)],
            "code": [mark.code for mark, count in self.marks for _ in range(count)],
            "field": self.fields,
            "severity": [mark.severity.value for mark, count in self.marks for _ in range(count)],
            "rule_id": [mark.rule_id for mark, count in self.marks for _ in range(count)],
        }
        return pl.DataFrame(columns, schema=dict(FINDINGS_SCHEMA)).sort("row", maintain_order=True)
