"""What a head loop must not do again at every poll."""

from __future__ import annotations

from datetime import timedelta

from medferry.clock import Clock


class Pause:
    """After something was done for a route, it is not due for a while; a clock that is set changes nothing."""

    def __init__(self, clock: Clock, every: timedelta) -> None:
        self._clock = clock
        self._every_s = every.total_seconds()
        self._done_s: dict[str, float] = {}

    def is_over(self, route: str) -> bool:
        last = self._done_s.get(route)
        return last is None or self._clock.steady_s() - last >= self._every_s

    def begin(self, route: str) -> None:
        """It is done."""
        self._done_s[route] = self._clock.steady_s()
