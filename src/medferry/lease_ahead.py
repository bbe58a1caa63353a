"""The next envelopes are formed on a thread of their own, while answers to those before them are settled."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from medferry.outbox.outbox import LeaseLimits, Outbox
from medferry.records import Envelope, Pack


class LeaseAhead:
    """At most one lease is under way. For one thread, but for the lease itself."""

    def __init__(self, outbox: Outbox, pack: Pack, limits: LeaseLimits) -> None:
        self._outbox = outbox
        self._pack = pack
        self._limits = limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lease")
        self.under_way: Future[list[Envelope]] | None = None

    def begin(self, envelopes_max: int) -> None:
        """Forms so many envelopes at most; does nothing while a lease is under way."""
        if self.under_way is None:
            limits = replace(self._limits, envelopes_max=envelopes_max)
            self.under_way = self._thread.submit(self._outbox.lease, limits, self._pack)

    def formed(self) -> list[Envelope]:
        """What the lease under way formed; waits for it. raises OutboxError"""
        if self.under_way is None:
            return []
        leased, self.under_way = self.under_way, None
        return leased.result()

    def close(self) -> None:
        self._thread.shutdown(wait=True)
