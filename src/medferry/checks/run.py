"""Judges a standard batch: pure, no I/O, no clock, no loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from medferry.checks.batch_pass import BatchPass
from medferry.checks.beside import Frames
from medferry.checks.findings import Gathered
from medferry.checks.holding import CHANGED_AT, ORG_CODE
from medferry.checks.judge_fields import judge_fields, mark_of
from medferry.checks.judge_rules import judge_rules
from medferry.checks.one_version import compare_versions
from medferry.checks.table_checks import TableChecks
from medferry.records import CheckedBatch, Severity, StandardBatch


def run_checks(
    batch: StandardBatch,
    checks: TableChecks,
    *,
    ancestors: Frames | None = None,
    source_keys: Sequence[bytes] = (),
    unknown_detail: bool = False,
) -> CheckedBatch:
    """Judges every row of the batch by all checks of its table.

    batch           any number of rows, also none; String columns, or Null where all is null
    ancestors       table -> rows of parents with `checks.ancestor_columns`; what is not in them is unknown
    source_keys     identity of each source row, in the order that `batch.origin` counts; () where every row is its own
    unknown_detail  also one finding per row and field that nobody could judge; else they are only counted
    returns         `sound`: no finding of severity error, and not dropped; no finding of a dropped row
    """
    assert batch.table == checks.table.name, f"checks of {checks.table.name} for a batch of {batch.table}"
    frame = batch.frame
    assert set(checks.table.field_names) <= set(frame.columns), f"{batch.table}: columns are missing"
    if frame.height == 0:
        return _nothing(batch)
    run = BatchPass(_as_text(frame), checks, ancestors or {}, unknown_detail)
    judge_fields(run)
    judge_rules(run)
    versions = compare_versions(
        frame,
        ORG_CODE,
        checks.table.key_field,
        CHANGED_AT,
        batch.origin if source_keys else None,
        source_keys,
    )
    if len(versions.conflicting):
        run.found.add(mark_of("one_version"), versions.conflicting, checks.table.key_field)
    return _checked(batch, run, versions.dropped)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns without any value come as Null."""
    return frame.with_columns(pl.col(pl.Null).cast(pl.String)) if pl.Null in frame.dtypes else frame


def _nothing(batch: StandardBatch) -> CheckedBatch:
    none = pl.Series("sound", [], dtype=pl.Boolean)
    return CheckedBatch(batch, none, Gathered(height=0).frame(), dropped=none.alias("dropped"))


def _checked(batch: StandardBatch, run: BatchPass, dropped: pl.Series) -> CheckedBatch:
    rows = run.frame.height
    findings = run.found.frame()
    is_dropped = _at(dropped, rows, "dropped")
    if len(dropped) and findings.height:
        findings = findings.filter(~is_dropped.gather(findings["row"]))
    stopped = dropped
    if findings.height:
        stopped = pl.concat([dropped, findings.filter(pl.col("severity") == Severity.ERROR.value)["row"]])
    sound = _at(stopped, rows, "sound", value=False)
    return CheckedBatch(batch, sound, findings, dropped=is_dropped, unknown_counts=run.unknown_counts)


def _at(places: pl.Series, rows: int, name: str, *, value: bool = True) -> pl.Series:
    """A Boolean series that is `value` at the places and the opposite elsewhere."""
    flags = pl.Series(name, [not value], dtype=pl.Boolean).new_from_index(0, rows)
    return flags.scatter(places, value) if len(places) else flags
