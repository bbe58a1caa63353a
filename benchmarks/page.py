"""Writes the figures of one run into docs/benchmarks.md: `python -m benchmarks.page bench.json`.

The page has two parts with figures: of the road, and of the checks beside other libraries'. A run that measured only
one of them (`--only`) leaves the other as it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import checker_table
from benchmarks.aims import judged, minutes_for_buyer, ratio
from benchmarks.meter import Measured
from benchmarks.report import BUSY, CHECKS, SECTIONS, TITLES, WHOLE, is_busy, memory_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
ROAD, CHECKERS = "figures", "checkers"
"""Names of the marks."""


def _found(told: dict[str, Any], *, checks: bool) -> dict[str, Measured]:
    return {
        name: Measured(**{slot: value for slot, value in one.items() if slot != "rows_per_s"})
        for name, one in told["measured"].items()
        if (name in CHECKS) == checks
    }


def _heading(told: dict[str, Any]) -> list[str]:
    where = told["machine"]
    return [
        f"{told['at'][:16].replace('T', ' ')}，{where['processor']}，{where['cores']} 核，{where['system']}，"
        f"Python {where['python']}；开始时一分钟负载 {where['load_1_minute']}。",
        *([BUSY] if is_busy(where) else []),
        "",
    ]


def _aims(found: dict[str, Measured]) -> list[str]:
    return [
        "",
        "| 目标 | 本次 | |",
        "|---|--:|---|",
        *(
            f"| {TITLES[aim.name]}：{aim.text} | {aim.figure:,.2f} | {'✓' if aim.reached else '✗ 未达到'} |"
            for aim in judged(found)
        ),
    ]


def figures(told: dict[str, Any]) -> str:
    """Markdown of a `--json` object: the machine, a table in the order of the run, aims."""
    found = _found(told, checks=False)
    lines = [
        *_heading(told),
        "| 测量 | 行数 | 秒 | 行/秒 | CPU 微秒/行 | 峰值内存 MB | 对逐行客户端 | 对 dlt 默认 | 对 dlt Arrow |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [_line(found[name], found) for _, names in SECTIONS for name in names if name in found]
    lines += [f"| {TITLES[name]} | 没有测出：{why} |||||||" for name, why in told["failed"].items()]
    lines += _aims(found)
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


def checkers(told: dict[str, Any]) -> str:
    """Markdown of the same object: the same rules in four checkers, one row, aims."""
    found = _found(told, checks=True)
    measured = found["checks"]
    return "\n".join(
        [
            *_heading(told),
            f"{checker_table.title(measured)}：\n",
            f"| {' | '.join(checker_table.HEADINGS)} |",
            "|---|--:|--:|--:|--:|",
            *(f"| {' | '.join(line)} |" for line in checker_table.lines(measured)),
            "",
            checker_table.one_row(measured),
            *_aims(found),
        ]
    )


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
        memory_of(one),
    ]
    return f"| {' | '.join([TITLES[one.name], *numbers, *ratios])} |"


def with_figures(page: str, told: dict[str, Any]) -> str:
    """The page with the parts replaced of which there are figures. raises ValueError when a mark is missing"""
    if _found(told, checks=False):
        page = _replaced(page, ROAD, figures(told))
    return _replaced(page, CHECKERS, checkers(told)) if _found(told, checks=True) else page


def _replaced(page: str, mark: str, text: str) -> str:
    start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, _, rest = page.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"docs/benchmarks.md 里找不到 {start} 与 {end}")
    return f"{before}{start}\n{text}\n{end}{after}"


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), given), encoding="utf-8")
