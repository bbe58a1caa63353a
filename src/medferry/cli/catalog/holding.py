"""What may hold a row, as `catalog lint` and `catalog show` tell it: by the standard, and as a project changes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from medferry.catalog.load import LoadedCatalog
from medferry.checks.holding import Holding, holding_of
from medferry.checks.overrides import Override

REASON_ZH: Mapping[str, str] = {
    "key": "主键外键", "form": "写不下", "required": "必填", "closed": "封闭值域", "refused": "平台会拒",
    "contradiction": "同行矛盾", "impossible": "不可能的数", "destroyed": "损坏", "project": "本项目要求",
}  # fmt: skip
_WISH_ZH = {"hold": "改为扣留", "warn": "改为只提醒"}


def overrides_of(project: Path | None) -> tuple[Override, ...]:
    """`checks:` of a project; raises ProjectError where it is not sound."""
    if project is None:
        return ()
    from medferry.config import load_project

    return load_project(project).overrides


def holding_in(catalog: LoadedCatalog, tables: Iterable[str], overrides: Sequence[Override]) -> list[Holding]:
    return [one for name in tables for one in holding_of(catalog.table(name), catalog, overrides)]


def told(holding: Sequence[Holding]) -> str:
    """A line of counts."""
    by_reason = Counter(one.reason for one in holding)
    counts = "，".join(f"{REASON_ZH[reason]} {count}" for reason, count in by_reason.most_common())
    return f"可拦截 {len(holding)} 处，其余只提醒：{counts}。"


def changes_told(overrides: Sequence[Override]) -> list[str]:
    """A line for each thing that the project changes."""
    return [
        f"本项目{_WISH_ZH[one.wish]}：{one.table}.{one.field} {one.rule_id or one.check}（{one.reason}）"
        for one in overrides
    ]
