"""`medferry score`: the province's score, before the province tells it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medferry.cli.consoles import say, wide_console
from medferry.cli.listing import Listing, counts, texts, wholes

if TYPE_CHECKING:
    from rich.console import Console

    from medferry.catalog.score_policy import Dimension, ScorePolicy
    from medferry.config import Project
    from medferry.score.expected import Expected
    from medferry.score.points import Deduction, LevelScore, Score
    from medferry.score.trend import TrendPoint
    from medferry.score.words import Wording

_LEVELS_ZH = {"table": "数据表", "campus": "院区", "department": "科室", "day": "业务日"}
_SHOWN_MAX = 10
_TREND_MAX = 14
_REASONS_MAX = 3
_LEAST = 0.001  # points shown as a number


@click.command()
@click.option(
    "--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="项目目录。"
)
@click.option("--days", type=click.IntRange(1), help="只算最近几个业务日的行；不写则账本里的全部。")
@click.option("--all", "show_all", is_flag=True, help="表、科室、业务日全部列出，不只列最低的。")
@click.option("--no-sources", is_flag=True, help="不去数据源数应有的主键；上传率因此不知道。")
@click.option("--no-store", is_flag=True, help="不记入趋势（账本旁的 score.sqlite）。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一个 JSON 对象。")
def command(
    folder: Path, days: int | None, show_all: bool, no_sources: bool, no_store: bool, as_json: bool
) -> None:
    """照省平台的五个维度给自己打分：总分、各表、院区、科室、业务日，十大扣分与补好能回的分。

    看的是账本里每条记录的最新版本。不知道的维度不参与，总分按其余维度折算，并说明原因。
    """
    from medferry.cli.ledger import reading_ledger
    from medferry.clock import SystemClock
    from medferry.ferry.ferry import open_sources
    from medferry.score.expected import expected_keys
    from medferry.score.ledger_view import survey_of, window_of
    from medferry.score.points import score
    from medferry.score.policy import policy_of
    from medferry.score.trend import Trend

    clock = SystemClock()
    now = clock.now()
    window = window_of(days, now)
    with reading_ledger(folder) as (project, reader), ExitStack() as stack:
        survey = survey_of(project, reader, now, window)
        source_of = None if no_sources else open_sources(project, clock, stack)
        expected = expected_keys(project, source_of, window)
    policy = policy_of(project)
    found = score(survey, project.catalog, policy, expected)
    trend, span = Trend(project.outbox.path), f"{days}d" if days else "all"
    if not no_store:
        trend.keep(now.date(), span, [found.all, *found.levels])
    report = _Report(
        project, policy, found, expected, survey.departments, trend.points(span, limit=_TREND_MAX)
    )
    if as_json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(report.object(), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        report.print(wide_console(), show_all=show_all)


class _Report:
    """Shows a score."""

    def __init__(
        self,
        project: Project,
        policy: ScorePolicy,
        score: Score,
        expected: Mapping[tuple[str, str], Expected],
        departments: Mapping[str, str],
        trend: Sequence[TrendPoint],
    ) -> None:
        from medferry.catalog.platform.answer_codes import load_answer_codes
        from medferry.score.words import Wording

        self._project = project
        self._policy = policy
        self._score = score
        self._departments = departments
        self._trend = trend
        self._wording: Wording = Wording(project.catalog, load_answer_codes())
        self._unknown = _unknown(score, expected)

    def print(self, console: Console, *, show_all: bool) -> None:
        from medferry.catalog.score_policy import DIMENSION_ZH, Dimension

        whole = self._score.all
        mark = "（口径依据待确认）" if self._policy.assumed else ""
        head = f"总分 {_points(whole.points)}{mark}  {whole.tables} 张表、{whole.rows:,} 条记录"
        say(console, head, "bold")
        for one in Dimension:
            weight = self._policy.weights[one]
            reason = self._unknown.get(one, "")
            said = _percent(whole.shares[one]) + self._of_what(one)
            said += f"  {reason}" if reason else ""
            say(console, f"  {DIMENSION_ZH[one]}（权重 {weight:g}）  {said}", "yellow" if reason else "")
        if len(self._trend) > 1:
            line = "  ".join(f"{one.run_day:%m-%d} {_points(one.points)}" for one in self._trend)
            say(console, f"趋势  {line}")
        self._print_deductions(console)
        for level in _LEVELS_ZH:
            self._print_level(console, level, show_all=show_all)

    def _of_what(self, one: Dimension) -> str:
        """What the two dimensions that look at part of the rows looked at."""
        from medferry.catalog.score_policy import Dimension

        whole = self._score.all
        if one is Dimension.COVERAGE and whole.expected is not None:
            return f"  源系统应有 {whole.expected:,} 条"
        if one is Dimension.TIMELINESS and whole.due:
            return f"  {whole.due:,} 条可判；存量与还没到时限的不判"
        return ""

    def _print_deductions(self, console: Console) -> None:
        from medferry.catalog.score_policy import DIMENSION_ZH
        from medferry.score.points import DEDUCTIONS_MAX

        worst = self._score.deductions[:DEDUCTIONS_MAX]
        if not worst:
            say(console, "没有扣分。")
            return
        columns = [
            *counts("可回分"), *texts("表", "字段"), *wholes("维度"), *texts("扣在哪里"), *counts("记录", "可上报"),
            *texts("主要在"),
        ]  # fmt: skip
        shown = Listing(f"十大扣分（共 {len(self._score.deductions)} 项）", columns)
        for one in worst:
            field = self._project.catalog.table(one.table).by_name.get(one.field)
            shown.add(
                f"{one.points:.3f}" if one.points >= _LEAST else f"< {_LEAST}",
                self._wording.title(one.table), f"{field.name_zh}\n{field.name}" if field else "·",
                DIMENSION_ZH[one.dimension],
                self._missing(one), f"{one.rows:,}", _goes(one), self._owner(one),
            )  # fmt: skip
        shown.print(console)
        say(
            console,
            "可回分：只补好这一项，总分多多少。可上报：只因这一项停着、补好就会上报的记录"
            "；“+”后是等着它们、随之上报的下级记录。",
            "dim",
        )

    def _print_level(self, console: Console, level: str, *, show_all: bool) -> None:
        from medferry.catalog.score_policy import DIMENSION_ZH, Dimension

        mine = self._of(level)
        if level == "day":
            mine.sort(key=lambda one: one.name, reverse=True)
        few = mine if show_all else mine[:_SHOWN_MAX]
        which = "最近的" if level == "day" else "最低的"
        title = _LEVELS_ZH[level] + (f"（{which} {len(few)}/{len(mine)}）" if len(few) < len(mine) else "")
        numbers = counts("得分", *(DIMENSION_ZH[one] for one in Dimension), "记录", "停着")
        shown = Listing(title, [*texts(_LEVELS_ZH[level]), *numbers])
        for one in few:
            shown.add(
                self._name(one), _points(one.points), *(_percent(one.shares[dimension]) for dimension in Dimension),
                f"{one.rows:,}", f"{one.held:,}" if one.held else "·",
            )  # fmt: skip
        if few:
            shown.print(console)
        if len(few) < len(mine):
            say(console, f"另有 {len(mine) - len(few)} 个，加 --all 看全部")

    def _of(self, level: str) -> list[LevelScore]:
        mine = [one for one in self._score.levels if one.level == level]
        return sorted(mine, key=lambda one: (101.0 if one.points is None else one.points, one.name))

    def _name(self, one: LevelScore) -> str:
        if one.level == "table":
            return f"{self._wording.title(one.name)} {one.name}"
        if one.level == "department":
            campus, _, code = one.name.partition("/")
            return self._department(campus, code)
        if one.level == "campus":
            known = self._project.campuses.get(one.name)
            return known.name_zh if known else one.name
        return f"{one.name[:4]}-{one.name[4:6]}-{one.name[6:]}" if one.name else "（无日期）"

    def _department(self, campus: str, code: str) -> str:
        known = self._project.campuses.get(campus)
        name = self._departments.get(code, code) or "未分科室"
        return f"{known.name_zh if known else campus} {name}"

    def _owner(self, one: Deduction) -> str:
        """Where most of it is, and who mends it: the desk or the system of screens.csv, else the sources."""
        from medferry.config.screen_file import screen_of

        place = self._department(one.campus, one.department) if one.campus else ""
        screen = screen_of(self._project.screens, one.campus, one.table, one.field) if one.field else None
        if screen is not None and not self._wording.is_for_it(one.code):
            return f"{place}\n{screen.desk or screen.system}".strip()
        sources = {
            route.source
            for route in self._project.routes
            if one.table in route.tables and one.campus in {"", route.campus.id}
        }
        return f"{place}\n{'、'.join(sorted(sources))}".strip()

    def _missing(self, one: Deduction) -> str:
        return self._wording.missing(
            one.table, dimension=one.dimension, code=one.code, check=one.check, field=one.field,
            rule_id=one.rule_id,
        )  # fmt: skip

    def object(self) -> dict[str, object]:
        from medferry.score.points import DEDUCTIONS_MAX

        return {
            **_level(self._score.all),
            "assumed": self._policy.assumed,
            "weights": {one.value: weight for one, weight in self._policy.weights.items()},
            "unknown": {one.value: reason for one, reason in self._unknown.items()},
            "levels": {level: [_level(one) for one in self._of(level)] for level in _LEVELS_ZH},
            "deductions_total": len(self._score.deductions),
            "deductions": [
                {
                    "points": round(one.points, 6), "dimension": one.dimension.value, "table": one.table,
                    "field": one.field, "code": one.code, "check": one.check, "rule_id": one.rule_id,
                    "missing": self._missing(one), "rows": one.rows, "frees": one.frees, "behind": one.behind,
                    "campus": one.campus, "department": one.department,
                    "owner": self._owner(one).replace("\n", " "),
                }
                for one in self._score.deductions[:DEDUCTIONS_MAX]
            ],
            "trend": [{"day": f"{one.run_day:%Y%m%d}", "points": one.points, "rows": one.rows} for one in self._trend],
        }  # fmt: skip


def _unknown(score: Score, expected: Mapping[tuple[str, str], Expected]) -> dict[Dimension, str]:
    """Dimension -> why it is not known, or only in part."""
    from medferry.catalog.score_policy import Dimension

    found: dict[Dimension, str] = {}
    places: dict[str, list[str]] = {}
    for one in expected.values():
        if one.keys is None:
            places.setdefault(one.reason, []).append(one.place)
    if places:
        tables = {table for (table, _), one in expected.items() if one.keys is None}
        reasons = [
            f"{reason}：{mine[0]}" + (f" 等 {len(mine)} 处" if len(mine) > 1 else "")
            for reason, mine in sorted(places.items(), key=lambda one: -len(one[1]))
        ]
        found[Dimension.COVERAGE] = f"{len(tables)} 张表不知道应有多少。{'；'.join(reasons[:_REASONS_MAX])}"
    if score.all.shares[Dimension.TIMELINESS] is None:
        found[Dimension.TIMELINESS] = "没有可判的行：都是路线第一次运行前的存量，或还没到时限"
    return found


def _level(one: LevelScore) -> dict[str, object]:
    return {
        "level": one.level, "name": one.name, "points": one.points, "tables": one.tables, "rows": one.rows,
        "accepted": one.accepted, "held": one.held, "expected": one.expected, "due": one.due,
        **{dimension.value: share for dimension, share in one.shares.items()},
    }  # fmt: skip


def _goes(one: Deduction) -> str:
    """Records that go once it is mended, and those that wait for them."""
    if not one.frees:
        return "·"
    return f"{one.frees:,}" + (f"+{one.behind:,}" if one.behind else "")


def _points(points: float | None) -> str:
    """Cut, not rounded: 100 means all."""
    return "·" if points is None else f"{int(points * 100) / 100:.2f}"


def _percent(share: float | None) -> str:
    return "不知道" if share is None else f"{int(share * 10000) / 100:.2f}%"
