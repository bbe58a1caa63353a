"""How a run stands, in one line: what arrived, what stands still, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from medferry.records import IN_MOTION, State

if TYPE_CHECKING:
    from medferry.clock import Clock
    from medferry.outbox.outbox import TableCount

MINUTE_S = 60.0
States = Mapping[str, Mapping[str, int]]
"""Table -> state -> versions in the ledger."""


class EveryMinute:
    """Says something once a minute, by the steady clock; asked as often as one likes. Never true: it ends nothing."""

    def __init__(self, clock: Clock, say: Callable[[], None]) -> None:
        self._clock = clock
        self._say = say
        self._due_s = clock.steady_s() + MINUTE_S

    def __call__(self) -> bool:
        now_s = self._clock.steady_s()
        if now_s >= self._due_s:
            self._due_s = now_s + MINUTE_S
            self._say()
        return False


def by_table(counts: Iterable[TableCount]) -> dict[str, dict[str, int]]:
    """Versions of all campuses, table by table."""
    states: dict[str, dict[str, int]] = {}
    for count in counts:
        of_table = states.setdefault(count.table, {})
        of_table[count.state.value] = of_table.get(count.state.value, 0) + count.rows
    return states


def told(counts: Iterable[TableCount], lost_since: datetime | None) -> str:
    lost = f"；平台自 {lost_since:%m-%d %H:%M} 起不可达" if lost_since else ""
    return standing(by_table(counts)) + lost


def standing(states: States) -> str:
    """接收、扣留、拒收、等父记录、待送: versions in the ledger."""
    refused = _sum(states, State.REFUSED) + _sum(states, State.PARKED)
    waiting = _sum(states, State.WAITING_PARENT)
    moving = sum(_sum(states, state) for state in IN_MOTION if state is not State.WAITING_PARENT)
    parts = [f"平台已接收 {_sum(states, State.ACCEPTED):,}", f"扣留 {_sum(states, State.HELD):,}"]
    parts += [f"拒收或搁置 {refused:,}"] if refused else []
    return "，".join([*parts, f"等父记录 {waiting:,}", f"待送 {moving:,}"])


def has_held(report: Mapping[str, object]) -> bool:
    """Whether rows are held, after a run's report."""
    states = report["tables"]
    assert isinstance(states, dict)
    return _sum(states, State.HELD) > 0


def next_step(states: States, failed_routes: int, *, platform_is_lost: bool = False) -> str:
    """What a person does next, the most urgent first."""
    if platform_is_lost:
        return "平台不可达：medferry probe 看连到哪里、为什么；恢复后自动续传"
    if failed_routes:
        return f"有 {failed_routes} 条路线失败：看上面各条的处理办法，或 medferry status"
    if _sum(states, State.REFUSED) + _sum(states, State.PARKED):
        return "有行被平台拒收或搁置：medferry status 看原因，改好来源后自己再送，或 medferry resend"
    if _sum(states, State.HELD):
        return "有行被扣留：medferry status 看原因，medferry gaps --out 缺口.xlsx 列给科室"
    if any(_sum(states, state) for state in IN_MOTION):
        return "还有行没送完，留在账本里：下次运行接着送"
    return "没有要人处理的"


def _sum(states: States, state: State) -> int:
    return sum(of_table.get(state.value, 0) for of_table in states.values())
