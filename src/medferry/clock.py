"""Our own clock, handed in wherever time matters. Record times are wall time as written and never pass here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the program knows of time: `now()` is aware, in Asia/Shanghai."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(tz=ZONE)


class FixedClock:
    """A clock that stands until it is moved: for tests and for replays."""

    def __init__(self, at: datetime) -> None:
        assert at.tzinfo is not None, "a clock is aware"
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by
