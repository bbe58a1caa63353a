"""Keeps calls under the platform's rate limit. Waiting here is cheaper than being refused with 1101."""

from __future__ import annotations

import threading
import time


class Pace:
    """At most `calls_per_s` on average and `calls_burst` at once, over all threads."""

    def __init__(self, calls_per_s: float, calls_burst: int) -> None:
        self._gap_s = 1 / calls_per_s
        self._ahead_s = calls_burst / calls_per_s
        self._next = time.monotonic() - self._ahead_s
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Blocks until the next call may go; returns the seconds waited (at most callers / calls_per_s)."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next, now - self._ahead_s) + self._gap_s
            wait_s = self._next - now
        if wait_s <= 0:
            return 0.0
        time.sleep(wait_s)
        return wait_s
