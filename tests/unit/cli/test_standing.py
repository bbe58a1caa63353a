"""Goal: a run ends with one line that says how it stands and what to do next, and says so once a minute while it goes on.
Method: counts by hand; a clock handed in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from medferry.cli.run import Telling
from medferry.cli.standing import EveryMinute, next_step, standing, told
from medferry.clock import ZONE, FixedClock
from medferry.events import EnvelopeFailed, EnvelopeSettled, Event, PlatformBack, PlatformLost


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


def test_a_lost_platform_is_what_a_person_looks_at_first() -> None:
    assert "medferry probe" in next_step({"visit": {"held": 4, "ready": 2}}, 1, platform_is_lost=True)
    assert told([], datetime(2026, 1, 20, 12, tzinfo=ZONE)).endswith("；平台自 01-20 12:00 起不可达")
    assert told([], None) == standing({})


def failed(number: int, why: str, waited_s: float = 0.0) -> EnvelopeFailed:
    message = f"[deliver.unreachable] {why}，waited_s={waited_s}"
    return EnvelopeFailed(f"M{number}", "visit", "deliver.unreachable", "retry", "ready", message)


def test_why_nothing_arrives_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    lost = PlatformLost("deliver.unreachable", failed(1, "连不上").message)
    events: list[Event] = [
        failed(1, "连不上"), lost, failed(2, "连不上", 1.5), failed(3, "连不上"), failed(4, "令牌被拒"),
        failed(5, "令牌被拒"), PlatformBack(60.0), EnvelopeSettled("M6", "visit", "R1", 3, 0, 0, 0), failed(7, "令牌被拒"),
    ]  # fmt: skip
    tell = Telling(verbose=False)
    for event in events:
        tell(event)
    assert [line.partition("：")[0] for line in capsys.readouterr().err.splitlines()] == [
        "报文 M1（visit）未送达，转为待发", "平台不可达，数据留在本地等待。", "报文 M4（visit）未送达，转为待发",
        "平台恢复，中断 60 秒，继续投递", "已结清报文 M6（visit）", "报文 M7（visit）未送达，转为待发",
    ]  # fmt: skip
    everything = Telling(verbose=True)
    for event in events:
        everything(event)
    assert len(capsys.readouterr().err.splitlines()) == len(events)
