"""Room for batches in work, shared by all sources: memory grows with the batches at once, speed only with the processors.

A batch takes its room before it is mapped and gives it back when the ledger has it. Reading needs no room, so a source that
answers slowly holds nobody up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore

BATCHES_AT_ONCE = 2  # one is worked while one is written: as many as the ledger and the interpreter let go on


class WorkRoom:
    """Of one run."""

    def __init__(self, batches_max: int = BATCHES_AT_ONCE) -> None:
        self._free = Semaphore(batches_max)

    @contextmanager
    def share(self) -> Iterator[Share]:
        """One pass's part of the room; what it has not given back at its end is free again."""
        share = Share(self._free)
        try:
            yield share
        finally:
            share.give_back_all()


class Share:
    """What one pass holds. Its threads are the one that works batches and the one that writes them."""

    def __init__(self, free: Semaphore) -> None:
        self._free = free
        self._lock = Lock()
        self._held = 0

    def take(self) -> None:
        """Waits until there is room for one more batch."""
        self._free.acquire()
        with self._lock:
            self._held += 1

    def give_back(self) -> None:
        with self._lock:
            assert self._held, "room is given back once"
            self._held -= 1
        self._free.release()

    def give_back_all(self) -> None:
        """When no thread of the pass takes any more."""
        while self._held:
            self.give_back()
