"""Settings of the whole process, all of them: the entry points make them, no module does when it is imported."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping

import click

from medferry.cli.usage import ChineseHelp
from medferry.ferry.memory import of_the_c_library

GC_THRESHOLDS = (50_000, 20, 50)
"""A batch makes tens of thousands of tuples that live for a moment and form no cycles: looking through them as often as
the interpreter does by itself takes a twentieth of the processor time."""

_COLUMNS = "_RJEM_MALLOC_CONF"  # read by the column engine's allocator when it is loaded
_C_LIBRARY = "MALLOC_ARENA_MAX"  # read by glibc when the process starts
_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS_MAX = 2
LITTLE_MEMORY: Mapping[str, str] = {
    _COLUMNS: "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0",
    _C_LIBRARY: str(_ARENAS_MAX),
}
"""Environment of a process that is to use little memory from its start on."""


def speak_chinese() -> None:
    """Help pages of every command, whoever opens them."""
    click.Context.formatter_class = ChineseHelp


def run_for_months() -> None:
    """Of a process that works batches beside the hospital's other programs. To be called before the column engine is
    imported."""
    use_little_memory()
    gc.set_threshold(*GC_THRESHOLDS)


def use_little_memory() -> None:
    """Two arenas instead of one per thread, freed pages given back at once: a third of a busy run's memory was neither in
    use nor given back. Whoever runs the program may have said otherwise."""
    os.environ.setdefault(_COLUMNS, LITTLE_MEMORY[_COLUMNS])
    mallopt = of_the_c_library("mallopt")
    if mallopt is not None and _C_LIBRARY not in os.environ:
        mallopt(_M_ARENA_MAX, _ARENAS_MAX)
