"""The checkers side by side as lines of a table, for the screen and for the page."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.meter import Measured

HEADINGS = ("检查器", "行/秒", "CPU 微秒/行", "本项目快几倍", "按 CPU 时间快几倍")
_RIVALS = {
    "pydantic": "pydantic 模型",
    "pandera": "pandera（pandas）",
    "dataframely": "dataframely（Polars）",
}


def title(measured: Measured) -> str:
    more = measured.more
    return (
        f"{more['fields']:.0f} 个字段（{more['required']:.0f} 个必填，{more['lists']:.0f} 个有封闭值域）与 "
        f"{more['rules']:.0f} 条行内规则，一批 {measured.rows:,} 行，"
        f"其中 {more['wrong_rows']:.0f} 行有错，四者判出的行相同"
    )


def one_row(measured: Measured) -> str:
    median, widest = measured.more["one_row_median_ms"], measured.more["one_row_widest_ms"]
    return f"一行的批：63 张表的中位数 {median:.1f} 毫秒，最宽的表 {widest:.1f} 毫秒（每张表取最好的一次）。"


def lines(measured: Measured) -> Sequence[Sequence[str]]:
    """A line per checker, ours first."""
    found = [_line("medferry", measured.rows, measured.seconds, measured.cpu_seconds)]
    for name, shown in _RIVALS.items():
        seconds, cpu_seconds = measured.more[f"{name}_seconds"], measured.more[f"{name}_cpu_seconds"]
        times = (f"{seconds / measured.seconds:.1f}×", f"{cpu_seconds / measured.cpu_seconds:.1f}×")
        found.append([*_line(shown, measured.rows, seconds, cpu_seconds)[:3], *times])
    return found


def _line(shown: str, rows: int, seconds: float, cpu_seconds: float) -> list[str]:
    return [shown, f"{rows / seconds:,.0f}", f"{cpu_seconds / rows * 1e6:.1f}", "", ""]
