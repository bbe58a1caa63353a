"""Freed memory goes back to the machine: a run shares it with the hospital's other programs for months."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

_COLUMNS = "_RJEM_MALLOC_CONF"  # read by the column engine's allocator when it is loaded
_C_LIBRARY = "MALLOC_ARENA_MAX"  # read by glibc when the process starts
_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS_MAX = 2
LITTLE_MEMORY = {_COLUMNS: "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0", _C_LIBRARY: str(_ARENAS_MAX)}
"""Environment of a process that is to use little memory from its start on."""


def use_little_memory() -> None:
    """Two arenas instead of one per thread, freed pages given back at once: a third of a busy run's memory was neither in
    use nor given back. To be called before the column engine is imported; whoever runs the program may have said otherwise.
    """
    os.environ.setdefault(_COLUMNS, LITTLE_MEMORY[_COLUMNS])
    mallopt = _of_the_c_library("mallopt")
    if mallopt is not None and _C_LIBRARY not in os.environ:
        mallopt(_M_ARENA_MAX, _ARENAS_MAX)


def give_back_freed() -> None:
    """What was freed between pages that are in use; a few milliseconds. Without it a run that works batches of ever other
    tables grows by a seventh."""
    trim = _of_the_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_the_c_library(name: str) -> Callable[..., int] | None:
    """None where it is not glibc."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
