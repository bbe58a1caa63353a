"""The outcome for people and for programs."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from examples.real.ferrying import Outcome, Reason, TableOutcome
from examples.real.project import RealProject
from medferry.log_center.trail import STATE_ZH
from medferry.records import State

REASONS_MAX = 3
TABLE_NAME_COLUMNS = 25
_ABSENT = "absent"  # the ledger's word for a parent that never came


def show(console: Console, project: RealProject, outcome: Outcome) -> None:
    """A table of tables and a verdict."""
    shown = Table(title=f"{project.title}：逐表结果", title_justify="left", header_style="bold")
    shown.add_column("数据表", min_width=TABLE_NAME_COLUMNS)
    for heading in ("读取", "未就绪", "接收", "豁免接收", "扣留", "等父记录", "拒收"):
        shown.add_column(heading, justify="right")
    shown.add_column("停着的主要原因（检查 字段 行数）", overflow="fold")
    for one in outcome.tables:
        counts = (
            one.read, one.not_ready, one.accepted, one.accepted_waived, one.held, one.waiting_parent, one.refused,
        )  # fmt: skip
        figures = [f"{count:,}" if count else "·" for count in counts]
        shown.add_row(f"{one.title}\n[dim]{one.table}[/]", *figures, _reasons(one))
    console.print(shown)
    for route, error in outcome.failed.items():
        console.print(f"[red]路线 {route} 未能完成[/]：{error}", highlight=False)
    left = sum(one.unsettled for one in outcome.tables)
    if left:
        console.print(f"[red]还有 {left} 行没有结果[/]")
    console.print(verdict(project, outcome), style="green" if succeeded(project, outcome) else "red")


def verdict(project: RealProject, outcome: Outcome) -> str:
    """One line."""
    sign = "达到" if outcome.tables_accepted >= project.tables_aim else "未达到"
    plain = sum(one.accepted for one in outcome.tables)
    waived = sum(one.accepted_waived for one in outcome.tables)
    return (
        f"{project.title}：{outcome.tables_accepted} 张表有接收的行，{sign}目标 {project.tables_aim} 张；"
        f"接收 {plain:,} 行，另有豁免接收 {waived:,} 行"
    )


def succeeded(project: RealProject, outcome: Outcome) -> bool:
    """The aim is met, every route was read to its end and every row has an answer."""
    left = sum(one.unsettled for one in outcome.tables)
    return outcome.tables_accepted >= project.tables_aim and not outcome.failed and not left


def as_json(project: RealProject, outcome: Outcome) -> dict[str, object]:
    """What `--json` writes of one project."""
    return {
        "tables_aim": project.tables_aim,
        "tables_accepted": outcome.tables_accepted,
        "succeeded": succeeded(project, outcome),
        "failed_routes": dict(outcome.failed),
        "tables": {
            one.table: {k: v for k, v in asdict(one).items() if k != "table"} for one in outcome.tables
        },
    }


def _reasons(one: TableOutcome) -> str:
    shown = [_reason(reason) for reason in one.reasons[:REASONS_MAX]]
    if len(one.reasons) > REASONS_MAX:
        shown.append(f"另有 {len(one.reasons) - REASONS_MAX} 种")
    return "\n".join(shown)


def _reason(reason: Reason) -> str:
    if reason.check == "parent":
        where = "没有来过" if reason.code == _ABSENT else STATE_ZH[State(reason.code)]
        return f"父记录{where} {reason.rows}"
    words = (reason.check, reason.code if reason.check == "platform" else "", reason.field, str(reason.rows))
    return " ".join(word for word in words if word)
