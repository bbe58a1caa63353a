"""Goal: a run ends with one line that says how it stands and what to do next, and says so once a minute while it goes on.
Method: counts by hand; a clock handed in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from medferry.cli.standing import EveryMinute, next_step, standing
from medferry.clock import ZONE, FixedClock


@pytest.mark.parametrize(
    ("states", "failed", "line", "step"),
    [
        ({}, 0, "平台已接收 0，扣留 0，等父记录 0，待送 0", "没有要人处理的"),
        (
            {"patient": {"accepted": 1200, "held": 3}, "visit": {"held": 1, "waiting_parent": 5, "ready": 7}},
            0,
            "平台已接收 1,200，扣留 4，等父记录 5，待送 7",
            "medferry gaps",
        ),
        (
            {"patient": {"refused": 2, "parked": 1, "held": 9}},
            0,
            "平台已接收 0，扣留 9，拒收或搁置 3，等父记录 0，待送 0",
            "medferry resend",
        ),
        ({"visit": {"sent": 4}}, 0, "平台已接收 0，扣留 0，等父记录 0，待送 4", "下次运行接着送"),
        ({"visit": {"held": 4}}, 2, "平台已接收 0，扣留 4，等父记录 0，待送 0", "2 条路线失败"),
    ],
)
def test_the_line_and_the_next_step(
    states: dict[str, dict[str, int]], failed: int, line: str, step: str
) -> None:
    assert standing(states) == line
    assert step in next_step(states, failed)


def test_once_a_minute_however_often_it_is_asked() -> None:
    clock, said = FixedClock(datetime(2026, 1, 20, 12, tzinfo=ZONE)), []
    every = EveryMinute(clock, lambda: said.append(clock.steady_s()))
    for _ in range(10):
        assert not every()
    assert said == []
    for _ in range(150):
        clock.advance(timedelta(seconds=1))
        assert not every()
    assert len(said) == 2
