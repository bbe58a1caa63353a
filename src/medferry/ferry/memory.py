"""Freed memory goes back to the machine: a run shares it with the hospital's other programs for months."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable


def give_back_freed() -> None:
    """What was freed between pages that are in use; a few milliseconds. Without it a run that works batches of ever other
    tables grows by a seventh."""
    trim = of_the_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def of_the_c_library(name: str) -> Callable[..., int] | None:
    """None where it is not glibc."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
