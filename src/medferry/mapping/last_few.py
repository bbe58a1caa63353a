"""Things that are costly to make and asked for again: the last few are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LastFew(Generic[K, V]):
    """Keeps so many, the longest unused one goes first. Any thread may ask; a thing is made by one of them."""

    def __init__(self, kept_max: int) -> None:
        self._kept_max = kept_max
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, key: K, make: Callable[[], V]) -> V:
        """raises  what `make` raises; then nothing is kept"""
        with self._lock:
            if key not in self._kept:
                made = make()
                if len(self._kept) == self._kept_max:
                    self._kept.popitem(last=False)
                self._kept[key] = made
            self._kept.move_to_end(key)
            return self._kept[key]
