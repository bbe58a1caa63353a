"""One table of one run, and its JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.table import Table

from benchmarks import checker_table
from benchmarks.aims import Aim, judged, memory_mb, minutes_for_buyer, ratio
from benchmarks.meter import Measured
from benchmarks.stages import STAGES

TITLES = {
    "read": "读取", "mark": "源行标记", "map": "映射", "check": "校验", "key": "规范字节与摘要", "put": "入账",
    "lease": "装封报文", "send": "发送与回执", "settle": "结清",
    "road": "全程（源库到回执）", "road_assumed": "全程，每报文 200 条", "road_long": "全程，5 倍行数",
    "road_varied": "全程，取值几乎不重复的数据",
    "plain_client": "逐行 Python 客户端",
    "dlt_default": "dlt 默认（复制到 DuckDB）", "dlt_parquet": "dlt 默认读取 + Parquet 装载", "dlt_arrow": "dlt Arrow 后端",
    "checks": "校验最宽的表（238 个字段）",
    "calls": "单条报文，平台 50 毫秒后应答", "to_receipt": "逐条校验的平台，投递到回执",
}  # fmt: skip
WHOLE = (
    "road",
    "road_assumed",
    "road_varied",
    "road_long",
    "plain_client",
    "dlt_default",
    "dlt_parquet",
    "dlt_arrow",
)
CHECKS = ("checks",)
DELIVERY = ("calls", "to_receipt")
BUSY = (
    "开始时机器上另有负载：每秒行数偏低，各项倍数也因测量时刻不同而失真；较可信的是 CPU 微秒/行与内存。"
    "请在空闲的机器上重跑。"
)
SECTIONS = (("分段", STAGES), ("全程与对照", WHOLE), ("与同类库并排的校验", CHECKS), ("单独投递", DELIVERY))


def machine() -> dict[str, str | int]:
    """What the figures were measured on, and how busy it was when the run began."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "python": platform.python_version(),
        "load_1_minute": f"{os.getloadavg()[0]:.1f}",
    }


def is_busy(where: Mapping[str, str | int]) -> bool:
    """Others were working on the machine when the run began: more than a quarter of its cores."""
    return float(where["load_1_minute"]) > float(where["cores"]) / 4


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  not a file of ours
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "未知"


def show(
    found: Mapping[str, Measured], where: Mapping[str, str | int], at: datetime, console: Console
) -> None:
    """The table and a closing line that says which aims were missed."""
    aims = judged(found)
    title = f"medferry 基准 {at:%Y-%m-%d %H:%M}  {where['processor']}，{where['cores']} 核，负载 {where['load_1_minute']}"
    shown = Table(title=title, title_justify="left", header_style="bold")
    shown.add_column("测量")
    for heading in (
        "行数",
        "秒",
        "行/秒",
        "CPU 微秒/行",
        "峰值内存 MB",
        "对逐行客户端",
        "对 dlt 默认",
        "对 dlt Arrow",
    ):
        shown.add_column(heading, justify="right")
    shown.add_column("目标")
    for section, names in SECTIONS:
        measured = [found[name] for name in names if name in found]
        if measured:
            shown.add_section()
            shown.add_row(f"[bold]{section}[/]")
        for one in measured:
            shown.add_row(*_cells(one, found, [aim for aim in aims if aim.name == one.name]))
    console.print(shown)
    if "checks" in found:
        _show_checkers(found["checks"], console)
    console.print(closing_line(aims), highlight=False)
    if is_busy(where):
        console.print(BUSY, highlight=False)


def _cells(one: Measured, found: Mapping[str, Measured], aims: Sequence[Aim]) -> list[str]:
    ratios = [
        f"{ratio(one, found[rival]):.2f}×"
        if one.name in WHOLE and rival in found and rival != one.name
        else ""
        for rival in ("plain_client", "dlt_default", "dlt_arrow")
    ]
    texts = [f"[{'green]✓' if aim.reached else 'red]✗'}[/] {aim.text}" for aim in aims]
    if one.name == "to_receipt":
        texts.insert(0, f"100,000 行 {minutes_for_buyer(one):.1f} 分钟")
    return [
        TITLES[one.name],
        f"{one.rows:,}",
        f"{one.seconds:.1f}",
        f"{one.rows_per_s:,.0f}",
        f"{one.cpu_seconds / one.rows * 1e6:.1f}",
        memory_of(one),
        *ratios,
        "\n".join(texts),
    ]


def memory_of(one: Measured) -> str:
    """Nothing where several programs were measured in one process."""
    return "" if one.name in CHECKS else f"{memory_mb(one):,.0f}"


def _show_checkers(measured: Measured, console: Console) -> None:
    shown = Table(title=checker_table.title(measured), title_justify="left", header_style="bold")
    for heading in checker_table.HEADINGS:
        shown.add_column(heading, justify="left" if heading == checker_table.HEADINGS[0] else "right")
    for line in checker_table.lines(measured):
        shown.add_row(*line)
    console.print(shown)
    console.print(checker_table.one_row(measured), highlight=False)


def closing_line(aims: Sequence[Aim]) -> str:
    missed = [f"{TITLES[aim.name]} {aim.text}（本次 {aim.figure:,.2f}）" for aim in aims if not aim.reached]
    if not missed:
        return f"{len(aims)} 项目标全部达到。"
    return f"{len(aims)} 项目标中 {len(missed)} 项未达到：" + "；".join(missed)


def as_json(
    found: Mapping[str, Measured], failed: Mapping[str, str], where: Mapping[str, str | int], at: datetime
) -> dict[str, object]:
    """The object of `--json`; speeds in rows a second, memory in MiB."""
    return {
        "at": at.isoformat(timespec="seconds"),
        "machine": dict(where),
        "measured": {name: asdict(one) | {"rows_per_s": one.rows_per_s} for name, one in found.items()},
        "failed": dict(failed),
        "aims": [asdict(aim) for aim in judged(found)],
    }
