"""What is aimed at, and whether the figures of one run reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.meter import Measured

ROWS_PER_S_MIN = 25_000
PLAIN_CLIENT_TIMES_MIN = 10
MEMORY_MB_MAX = 600
MEMORY_GROWTH_MAX = (
    1.10  # from rows to five times as many; a tenth is what the allocator does from run to run
)
CALLS_PER_S_MIN = 500
CHECKS_ROWS_PER_S_MIN = 100_000
CHECKS_TIMES_MIN = {"pydantic": 10, "pandera": 3, "dataframely": 1}
ONE_ROW_MEDIAN_MS_MAX, ONE_ROW_WIDEST_MS_MAX = 5, 10
BUYER_MINUTES = 120
BUYER_ROWS = 100_000
MB_PER_MIB = 1.048576


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim, judged. `name` is the measurement whose line shows it."""

    name: str
    text: str
    figure: float
    reached: bool


def judged(found: Mapping[str, Measured]) -> list[Aim]:
    """Aims of the measurements that are there; what was not measured is not judged."""
    aims: list[Aim] = []
    road, long_road = found.get("road"), found.get("road_long")
    if road is not None:
        speed = road.rows_per_s
        aims.append(Aim("road", f"≥ {ROWS_PER_S_MIN:,} 行/秒", speed, speed >= ROWS_PER_S_MIN))
        if "plain_client" in found:
            times = ratio(road, found["plain_client"])
            text = f"≥ 逐行客户端的 {PLAIN_CLIENT_TIMES_MIN} 倍"
            aims.append(Aim("road", text, times, times >= PLAIN_CLIENT_TIMES_MIN))
        aims.append(_memory("road", road))
    if long_road is not None:
        aims.append(_memory("road_long", long_road))
        if road is not None:
            growth = long_road.peak_memory_mib / road.peak_memory_mib
            text = (
                f"内存不随行数增长（行数 {long_road.rows / road.rows:.0f} 倍时 ≤ {MEMORY_GROWTH_MAX:.2f} 倍）"
            )
            aims.append(Aim("road_long", text, growth, growth <= MEMORY_GROWTH_MAX))
    if "checks" in found:
        aims += _checks(found["checks"])
    if "calls" in found:
        speed = found["calls"].rows_per_s
        aims.append(Aim("calls", f"≥ {CALLS_PER_S_MIN} 次调用/秒", speed, speed >= CALLS_PER_S_MIN))
    if "to_receipt" in found:
        minutes = minutes_for_buyer(found["to_receipt"])
        text = f"{BUYER_ROWS:,} 行 ≤ {BUYER_MINUTES} 分钟（招标要求）"
        aims.append(Aim("to_receipt", text, minutes, minutes <= BUYER_MINUTES))
    return aims


def _checks(measured: Measured) -> list[Aim]:
    speed = measured.rows_per_s
    aims = [Aim("checks", f"≥ {CHECKS_ROWS_PER_S_MIN:,} 行/秒", speed, speed >= CHECKS_ROWS_PER_S_MIN)]
    for name, least in CHECKS_TIMES_MIN.items():
        times = measured.more[f"{name}_seconds"] / measured.seconds
        text = f"≥ {name} 的 {least} 倍" if least > 1 else f"不慢于 {name}"
        aims.append(Aim("checks", text, times, times >= least))
    for which, title, most in (
        ("median", "中位数的表", ONE_ROW_MEDIAN_MS_MAX),
        ("widest", "最宽的表", ONE_ROW_WIDEST_MS_MAX),
    ):
        spent = measured.more[f"one_row_{which}_ms"]
        aims.append(Aim("checks", f"一行的批 ≤ {most} 毫秒（{title}）", spent, spent <= most))
    return aims


def ratio(one: Measured, other: Measured) -> float:
    """How many times as many rows a second."""
    return one.rows_per_s / other.rows_per_s


def minutes_for_buyer(measured: Measured) -> float:
    """Minutes for BUYER_ROWS at the measured speed."""
    return BUYER_ROWS / measured.rows_per_s / 60


def memory_mb(measured: Measured) -> float:
    return measured.peak_memory_mib * MB_PER_MIB


def _memory(name: str, measured: Measured) -> Aim:
    used = memory_mb(measured)
    return Aim(name, f"≤ {MEMORY_MB_MAX} MB", used, used <= MEMORY_MB_MAX)
