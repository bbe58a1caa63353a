"""What a checker says of a batch, in one form for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from benchmarks.checkers.said import Said

Places = frozenset[tuple[int, str]]
"""Row and field of every finding, errors and warnings alike."""


@dataclass(frozen=True, slots=True)
class Checker:
    """One way to check the batches of a table.

    given   the batch as this library's user has it in hand; making it is not measured
    judge   what is measured: all findings of a batch, as the library gives them
    places  of what `judge` returned
    """

    name: str
    given: Callable[[pl.DataFrame], Any]
    judge: Callable[[Any], Any]
    places: Callable[[Any], Places]


MakeChecker = Callable[[Said], Checker]
