"""Writes the figures of one run into docs/benchmarks.md: `python -m benchmarks.page bench.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.aims import judged, memory_mb, minutes_for_buyer, ratio
from benchmarks.meter import Measured
from benchmarks.report import BUSY, SECTIONS, TITLES, WHOLE, is_busy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- figures -->", "<!-- /figures -->"


def figures(told: dict[str, Any]) -> str:
    """Markdown of a `--json` object: the machine, a table in the order of the run, aims."""
    found = {
        name: Measured(**{slot: value for slot, value in one.items() if slot != "rows_per_s"})
        for name, one in told["measured"].items()
    }
    where = told["machine"]
    lines = [
        f"{told['at'][:16].replace('T', ' ')}，{where['processor']}，{where['cores']} 核，{where['system']}，"
        f"Python {where['python']}；开始时一分钟负载 {where['load_1_minute']}。",
        *([BUSY] if is_busy(where) else []),
        "",
        "| 测量 | 行数 | 秒 | 行/秒 | CPU 微秒/行 | 峰值内存 MB | 对逐行客户端 | 对 dlt 默认 | 对 dlt Arrow |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [_line(found[name], found) for _, names in SECTIONS for name in names if name in found]
    lines += [f"| {TITLES[name]} | 没有测出：{why} |||||||" for name, why in told["failed"].items()]
    lines += ["", "| 目标 | 本次 | |", "|---|--:|---|"]
    lines += [
        f"| {TITLES[aim.name]}：{aim.text} | {aim.figure:,.2f} | {'✓' if aim.reached else '✗ 未达到'} |"
        for aim in judged(found)
    ]
    if "to_receipt" in found:
        lines += ["", f"十万行到回执 {minutes_for_buyer(found['to_receipt']):.1f} 分钟；招标要求 120 分钟。"]
    if "dlt_default" in found:
        spent = found["dlt_default"].more
        lines += [
            "",
            f"dlt 默认的 {found['dlt_default'].seconds:.0f} 秒中，抽取 {spent['extract_seconds']:.0f} 秒、"
            f"规整 {spent['normalize_seconds']:.0f} 秒、DuckDB 执行 INSERT {spent['load_seconds']:.0f} 秒。",
        ]
    return "\n".join(lines)


def _line(one: Measured, found: dict[str, Measured]) -> str:
    ratios = [
        f"{ratio(one, found[rival]):.2f}×"
        if one.name in WHOLE and rival in found and rival != one.name
        else ""
        for rival in ("plain_client", "dlt_default", "dlt_arrow")
    ]
    numbers = [
        f"{one.rows:,}",
        f"{one.seconds:.1f}",
        f"{one.rows_per_s:,.0f}",
        f"{one.cpu_seconds / one.rows * 1e6:.1f}",
        f"{memory_mb(one):,.0f}",
    ]
    return f"| {' | '.join([TITLES[one.name], *numbers, *ratios])} |"


def with_figures(page: str, told: dict[str, Any]) -> str:
    """The page with the part between the marks replaced. raises ValueError when a mark is missing"""
    before, _, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"docs/benchmarks.md 里找不到 {START} 与 {END}")
    return f"{before}{START}\n{figures(told)}\n{END}{after}"


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), given), encoding="utf-8")
