"""The checks of this project."""

from __future__ import annotations

import polars as pl

from benchmarks.checkers.said import Said
from benchmarks.checkers.verdicts import Checker, Places
from medferry.catalog.load import load_catalog
from medferry.checks import compile_checks, run_checks
from medferry.records import CheckedBatch, StandardBatch


def checker(said: Said) -> Checker:
    checks = compile_checks(said.table, load_catalog(), {})

    def given(frame: pl.DataFrame) -> StandardBatch:
        return batch_of(said.table.name, frame)

    return Checker("medferry", given, lambda batch: run_checks(batch, checks), _places)


def batch_of(table: str, frame: pl.DataFrame) -> StandardBatch:
    origin = pl.Series("origin", range(frame.height), dtype=pl.UInt32)
    miss = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    return StandardBatch(table, "donghu", "bench", frame, origin, miss)


def _places(checked: CheckedBatch) -> Places:
    return frozenset(checked.findings.select("row", "field").iter_rows())
