"""The next envelopes are formed on a thread of their own, while answers to those before them are settled.

Whole loads are formed ahead: what finds no sending thread waits its turn. A live row waits behind them, so they are never
more than the platform answers in `AHEAD_MS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from medferry.outbox.outbox import Leased, LeaseLimits
from medferry.records import Pack

LOADS_MAX = 8  # a load is as many envelopes as may be on their way at once
AHEAD_MS = 2_000.0
_SMOOTHING = 0.2  # of a new answer's time in the mean


Lease = Callable[[LeaseLimits, Pack], Sequence[Leased]]


class LeaseAhead:
    """At most one lease is under way. For one thread, but for the lease itself and `answered`."""

    def __init__(self, lease: Lease, pack: Pack, limits: LeaseLimits, load: int) -> None:
        self._lease = lease
        self._pack = pack
        self._limits = limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lease")
        self._load = load
        self._answer_ms = AHEAD_MS  # nothing is known of the platform yet: it counts as slow
        self.under_way: Future[Sequence[Leased]] | None = None

    def answered(self, took_ms: float) -> None:
        """The platform answered an envelope in this time."""
        self._answer_ms += _SMOOTHING * (took_ms - self._answer_ms)

    def room(self, unanswered: int) -> int:
        """How many envelopes the next lease should form; 0 while a quarter is not free: leasing costs a durable commit."""
        loads = max(1, min(LOADS_MAX, int(AHEAD_MS / max(self._answer_ms, 1.0))))
        room = loads * self._load - unanswered
        return room if room > 0 and room * 4 >= loads * self._load else 0

    def begin(self, envelopes_max: int) -> None:
        """Forms so many envelopes at most; does nothing while a lease is under way."""
        if self.under_way is None:
            limits = replace(self._limits, envelopes_max=envelopes_max)
            self.under_way = self._thread.submit(self._lease, limits, self._pack)

    def formed(self) -> Sequence[Leased]:
        """What the lease under way formed; waits for it. raises OutboxError"""
        if self.under_way is None:
            return []
        leased, self.under_way = self.under_way, None
        return leased.result()

    def close(self) -> None:
        self._thread.shutdown(wait=True)
