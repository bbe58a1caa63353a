"""What is due when. No thread, no clock: the moment is handed in, so that all of it can be seen without waiting.

Waits run by the clock's steady seconds: whoever sets the clock back does not stop the reading. Only times of day ask what
the clock shows, and none of them lies further ahead than a day and an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import inf

from medferry.clock import Clock
from medferry.config.model import Route
from medferry.errors import Next
from medferry.records import Loop

RETRY_MIN_S = 5.0  # first wait after a route failed, doubled each time …
RETRY_MAX_S = 300.0  # … up to this
STOPPED_RETRY_S = 600.0  # a route that only a person can mend is tried again this often
LOOK_BACK_FIRST_S, LOOK_BACK_EVERY_S = 3600.0, 86_400.0
"""Of what lies behind a route's window, keys alone are read through: an hour after the opening, then daily."""
_AHEAD_MAX = timedelta(hours=25)  # a time of day that lies further ahead: the clock was set back


@dataclass(frozen=True, slots=True)
class Moment:
    """Both readings of the clock at once."""

    wall: datetime
    steady_s: float

    @classmethod
    def of(cls, clock: Clock) -> Moment:
        return cls(clock.now(), clock.steady_s())


class DailyTimes:
    """Something that is done at times of day. One that was missed is due at once.

    after  when it was done last
    """

    def __init__(self, at: Sequence[time], after: datetime) -> None:
        self._at = at
        self._due = next_time(at, after)

    def due_in_s(self, now: Moment) -> float:
        if self._due is not None and self._due - now.wall > _AHEAD_MAX:
            self._due = next_time(self._at, now.wall)
        return inf if self._due is None else (self._due - now.wall).total_seconds()

    def begin(self, now: Moment) -> None:
        """It is done now; the next time is the next of the day's."""
        self._due = next_time(self._at, now.wall)


def next_time(at: Sequence[time], after: datetime) -> datetime | None:
    """The first of these times of day behind a moment; None: there is none."""
    moments = [
        after.replace(hour=one.hour, minute=one.minute, second=one.second, microsecond=0) for one in at
    ]
    return min((one if one > after else one + timedelta(days=1) for one in moments), default=None)


class RouteTimes:
    """When a route is read next: its head every so often or at times of day, its sweep every so often while the head is well;
    what failed later and later."""

    def __init__(self, route: Route, now: Moment) -> None:
        self._every_s = None if route.every is None else route.every.total_seconds()
        self._daily = DailyTimes(route.at, now.wall)
        self._sweep_every_s = route.sweep_every.total_seconds()
        self._head_due_s = None if self._every_s is None else now.steady_s  # None: at its time of day
        self._sweep_due_s = now.steady_s + self._sweep_every_s
        self._look_back_due_s = now.steady_s + LOOK_BACK_FIRST_S
        self._failures: dict[Loop, int] = {"head": 0, "sweep": 0}  # one after the other, up to now

    @property
    def is_failing(self) -> bool:
        return any(self._failures.values())

    def head_due_in_s(self, now: Moment) -> float:
        if self._head_due_s is None:
            return self._daily.due_in_s(now)
        return self._head_due_s - now.steady_s

    def sweep_due_in_s(self, now: Moment) -> float:
        return inf if self._failures["head"] else self._sweep_due_s - now.steady_s

    def look_back_due_in_s(self, now: Moment) -> float:
        return inf if self._failures["head"] else self._look_back_due_s - now.steady_s

    def due_in_s(self, now: Moment) -> float:
        return min(self.head_due_in_s(now), self.sweep_due_in_s(now), self.look_back_due_in_s(now))

    def head_is_read(self, began: Moment, *, reached_end: bool) -> None:
        """began  when the pass began: a long one does not put off the next"""
        self._failures["head"] = 0
        if not reached_end:
            self._head_due_s = began.steady_s
        elif self._every_s is not None:
            self._head_due_s = began.steady_s + self._every_s
        else:
            self._head_due_s = None
            self._daily.begin(began)

    def sweep_is_read(self, began: Moment) -> None:
        self._failures["sweep"] = 0
        self._sweep_due_s = began.steady_s + self._sweep_every_s

    def looked_back(self, began: Moment, *, reached_end: bool) -> None:
        """began  when this part of the look began; one that was cut goes on when the head has been read again"""
        if reached_end:
            self._look_back_due_s = began.steady_s + LOOK_BACK_EVERY_S

    def failed(self, loop: Loop, now: Moment, after: Next) -> None:
        self._failures[loop] += 1
        due_s = now.steady_s + retry_s(self._failures[loop], after)
        if loop == "head":
            self._head_due_s = due_s
        else:
            self._sweep_due_s = due_s


def retry_s(failures: int, after: Next) -> float:
    """How long to wait after so many failures in a row."""
    if after is Next.STOP:
        return STOPPED_RETRY_S
    doublings = min(failures - 1, 30)  # far beyond the cap already
    return min(RETRY_MAX_S, RETRY_MIN_S * (1 << doublings))
