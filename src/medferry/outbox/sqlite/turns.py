"""Who writes the ledger next: a lock under which brief work goes before long work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident

OVERTAKEN_MAX = 6  # brief turns that long work lets pass before it insists


class Turns:
    """One thread at a time; a thread that has its turn may take it again.

    The way in keeps thousands of rows in one turn and is back as soon as it is over; leasing and settling need three
    turns to bring an envelope home. Without an order between them the way out would stand still as long as there is
    something to read.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._owner: int | None = None
        self._depth = 0
        self._ended = 0  # turns so far
        self._brief_waiting = 0
        self._insist_at: list[
            int
        ] = []  # per long work that waits: ended turns after which it goes before all others

    @property
    def waiting(self) -> int:
        """Threads that wait for their turn."""
        return self._brief_waiting + len(self._insist_at)

    @contextmanager
    def taken(self, *, brief: bool) -> Iterator[None]:
        """Waits for a turn and keeps it inside."""
        self._take(get_ident(), brief)
        try:
            yield
        finally:
            with self._changed:
                self._depth -= 1
                if not self._depth:
                    self._owner = None
                    self._ended += 1
                    self._changed.notify_all()

    def _take(self, thread: int, brief: bool) -> None:
        with self._changed:
            if self._owner != thread:
                self._wait_briefly() if brief else self._wait_long()
                self._owner = thread
            self._depth += 1

    def _wait_briefly(self) -> None:
        self._brief_waiting += 1
        self._changed.wait_for(
            lambda: self._owner is None and all(self._ended < insist_at for insist_at in self._insist_at)
        )
        self._brief_waiting -= 1

    def _wait_long(self) -> None:
        insist_at = self._ended + OVERTAKEN_MAX
        self._insist_at.append(insist_at)
        self._changed.wait_for(
            lambda: self._owner is None and (not self._brief_waiting or self._ended >= insist_at)
        )
        self._insist_at.remove(insist_at)
