"""One review: the accepted rows are laid out, every table's later rules judge them, what they find goes into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from medferry.config.model import Project
from medferry.errors import MedferryError, Next
from medferry.outbox.outbox import ReviewLedger
from medferry.outbox.reader import ReviewReader
from medferry.review.end_state import EndState
from medferry.review.judgement import Limits, TableReview
from medferry.review.reads import plan_of

SUFFIX = ".review"  # of the folder beside the ledger
FINDINGS_ROWS = 5_000  # gathered before they are written


def folder_of(ledger: Path) -> Path:
    """Where a review lays out its rows; nothing is there between reviews."""
    return ledger.with_name(ledger.name + SUFFIX)


Progress = Callable[[str, int], None]
"""Told what is being done (Chinese) and how many rows of it are done."""


class ReviewFailed(MedferryError):
    """The world kept a review from its end: no room for its files, or a file was taken from it."""

    code = "review"
    next = Next.RETRY


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review did.

    rows      judged
    left_out  rows of an edition that the project has no more
    findings  found: a record that breaks two rules counts twice
    ended     false: it was stopped, and what the review before it found still stands
    """

    rows: int
    left_out: int
    findings: int
    ended: bool


def review(
    project: Project,
    outbox: ReviewLedger,
    reader: ReviewReader,
    *,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress = lambda *_: None,
    limits: Limits | None = None,
) -> Reviewed:
    """Judges the newest accepted version of every record by the rules that read other records.

    stopped  asked between portions
    raises   ReviewFailed, OutboxError
    """
    path = project.outbox.path
    try:
        return _review(project, outbox, reader, stopped, progress, limits or Limits())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReviewFailed(
            "复核已接收的记录", fix="看账本所在磁盘是否有空间、可写", 账本=path, 原因=type(error).__name__
        ) from error


def _review(
    project: Project,
    outbox: ReviewLedger,
    reader: ReviewReader,
    stopped: Callable[[], bool],
    progress: Progress,
    limits: Limits,
) -> Reviewed:
    plan = plan_of(project.catalog)
    number = outbox.begin_review()
    kept = _Kept(outbox, number)
    judged = left_out = 0
    with EndState(folder_of(project.outbox.path), plan.columns) as end:
        for rows in end.write(reader.accepted(plan.columns)):
            progress("读取已接收的记录", rows)
            if stopped():
                return Reviewed(0, 0, 0, ended=False)
        looked_at = end.tables | {table for route in project.routes for table in route.tables}
        for name, edition, rows in end.editions():
            reads = plan.tables.get((name, edition))
            if reads is None:
                left_out += rows if name in plan.judged else 0
                continue
            for found in TableReview(reads, end, plan.keys, looked_at, limits).findings():
                kept.add(found)
                if stopped():
                    return Reviewed(judged, left_out, 0, ended=False)
            judged += rows
            progress(f"复核 {name}", rows)
    kept.flush()
    outbox.end_review(number, judged, left_out)
    return Reviewed(judged, left_out, sum(group.rows for group in reader.review_groups()), ended=True)


class _Kept:
    """Findings on their way into the ledger."""

    def __init__(self, outbox: ReviewLedger, review: int) -> None:
        self._outbox = outbox
        self._review = review
        self._found: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, found: pl.DataFrame) -> None:
        if not found.height:
            return
        self._found.append(found)
        self._rows += found.height
        if self._rows >= FINDINGS_ROWS:
            self.flush()

    def flush(self) -> None:
        if self._found:
            self._outbox.add_review(self._review, pl.concat(self._found))
        self._found, self._rows = [], 0
