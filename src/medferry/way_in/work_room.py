"""Room for batches in work, shared by all sources: memory grows with the batches at once, speed only with the processors.

A batch takes its room before it is mapped and gives it back when the ledger has it. Reading needs no room, so a source that
answers slowly holds nobody up. A pass that ends, however it ends, waits for no room any more: else passes that fail at
the same time would each wait for ever for what the others hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

BATCHES_AT_ONCE = 2  # one is worked while one is written: as many as the ledger and the interpreter let go on


class WorkRoom:
    """Of one run."""

    def __init__(self, batches_max: int = BATCHES_AT_ONCE) -> None:
        self._free = batches_max
        self._changed = Condition()  # its lock guards what is free, and what each share holds

    @contextmanager
    def share(self) -> Iterator[Share]:
        """One pass's part of the room; what it has not given back at its end is free again."""
        share = Share(self)
        try:
            yield share
        finally:
            share.close()
            share.give_back(share.held)

    def take(self, share: Share) -> bool:
        """Waits until a batch has room, or its pass ends: then false."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 or share.is_closed)
            if share.is_closed:
                return False
            self._free -= 1
            share.held += 1
            return True

    def give_back(self, share: Share, batches: int) -> None:
        with self._changed:
            assert share.held >= batches, "room is given back once"
            share.held -= batches
            self._free += batches
            self._changed.notify_all()

    def close(self, share: Share) -> None:
        with self._changed:
            share.is_closed = True
            self._changed.notify_all()


class Share:
    """What one pass holds. Its threads are the one that works batches and the one that writes them."""

    def __init__(self, room: WorkRoom) -> None:
        self._room = room
        self.held = 0  # changed by the room alone
        self.is_closed = False

    def take(self) -> bool:
        """Waits until there is room for one more batch. False: the pass has ended meanwhile, there is nothing to work."""
        return self._room.take(self)

    def give_back(self, batches: int = 1) -> None:
        self._room.give_back(self, batches)

    def close(self) -> None:
        """The pass takes no more: a thread of it that waits for room waits no longer. What it holds it still holds."""
        self._room.close(self)
