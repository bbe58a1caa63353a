"""Freed memory goes back to the machine: a run shares it with the hospital's other programs for months."""

from __future__ import annotations

import ctypes
import os
import sys

_COLUMNS = "_RJEM_MALLOC_CONF"  # read by the column engine's allocator when it is loaded
_COLUMNS_SETTING = "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0"
_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS_MAX = 2


def use_little_memory() -> None:
    """Two arenas instead of one per thread, freed pages given back at once: a third of a busy run's memory was neither in
    use nor given back. To be called before the column engine is imported; whoever runs the program may have said otherwise.
    """
    os.environ.setdefault(_COLUMNS, _COLUMNS_SETTING)
    if "MALLOC_ARENA_MAX" in os.environ or not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # another C library
        mallopt(_M_ARENA_MAX, _ARENAS_MAX)
