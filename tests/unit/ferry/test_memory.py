"""Goal: what tells the allocators to give freed memory back comes in time, and an operator's own word stands.
Method: a process of its own, as the command starts; the allocator's own count of its arenas is read from its statistics."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

STARTED = "import sys, medferry.cli.main, medferry.cli.run; print('polars' in sys.modules)"
ARENAS = """
import ctypes, os, sys
from threading import Barrier, Thread
from medferry.cli.process import use_little_memory
use_little_memory()
print(os.environ['_RJEM_MALLOC_CONF'])
together = Barrier(6)
def work():
    kept = [bytearray(3000) for _ in range(1000)]
    together.wait()
threads = [Thread(target=work) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
ctypes.CDLL(None).malloc_stats()
"""

FREED = """
import gc
from pathlib import Path
from medferry.ferry.memory import give_back_freed
def resident():
    return int(Path('/proc/self/statm').read_text().split()[1])
kept = [bytes(60_000) for _ in range(4_000)]
kept = kept[::200]
gc.collect()
before = resident()
give_back_freed()
print((before - resident()) * 4096 > 100_000_000)
"""


def started(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {k: v for k, v in os.environ.items() if k not in {"_RJEM_MALLOC_CONF", "MALLOC_ARENA_MAX"}}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**settings, **environment},
    )


def test_the_column_engine_is_not_loaded_before_the_command_begins() -> None:
    assert started(STARTED).stdout == "False\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's malloc")
def test_threads_share_two_arenas() -> None:
    ran = started(ARENAS)
    assert ran.stdout == "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0\n"
    assert 1 <= ran.stderr.count("Arena ") <= 2
    assert started(ARENAS, MALLOC_ARENA_MAX="5").stderr.count("Arena ") > 2, "the operator's word stands"


def test_an_operators_setting_stands() -> None:
    assert started(ARENAS, _RJEM_MALLOC_CONF="narenas:8").stdout == "narenas:8\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's malloc")
def test_what_was_freed_between_pages_in_use_is_given_back() -> None:
    assert started(FREED).stdout == "True\n"
