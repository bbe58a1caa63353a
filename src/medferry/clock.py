"""Our own clock, handed in wherever time matters. Record times are wall time as written and never pass here."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the program knows of time.

    now       aware, in Asia/Shanghai; somebody may set it, also back: for moments that are written down, and times of day
    steady_s  seconds from no particular moment, that only ever go forward: for waits, and for how long something took
    """

    def now(self) -> datetime: ...

    def steady_s(self) -> float: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(tz=ZONE)

    def steady_s(self) -> float:
        return monotonic()


class FixedClock:
    """A clock that stands until it is moved: for tests and for replays."""

    def __init__(self, at: datetime) -> None:
        assert at.tzinfo is not None, "a clock is aware"
        self._at = at
        self._steady_s = 0.0

    def now(self) -> datetime:
        return self._at

    def steady_s(self) -> float:
        return self._steady_s

    def advance(self, by: timedelta) -> None:
        """Time passes."""
        self._at += by
        self._steady_s += max(0.0, by.total_seconds())

    def set(self, at: datetime) -> None:
        """Somebody sets the clock: no time passes."""
        assert at.tzinfo is not None, "a clock is aware"
        self._at = at
