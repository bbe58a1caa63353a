"""The contract of a source, written before the second one.

Call order: `probe()` any number of times, before or between reads; `read()` until its iterator ends; `close()` once.
The ferry retries a read that raised `SourceError` with `next` RETRY after the route's back-off, stops the route at
STOP, and goes on with other routes in both cases. A source never writes to the system it reads, keeps no position of its
own (the outbox keeps the cursor), and never changes a value: columns, names and types come as the database gave them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

import polars as pl

from medferry.records import Cursor, Loop, ProbeFinding, RawBatch


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What one route reads.

    query       SQL text of one SELECT, without trailing semicolon; empty where the source's type reads no queries
    key         columns that name a source row; the order of reading behind changed_at
    changed_at  column that grows when a row changes; None: a snapshot, read whole each time
    overlap     how far before the cursor the head loop starts again
    window      how far back a sweep reads
    rows_max    rows a batch at most
    """

    route: str
    campus: str
    query: str
    key: tuple[str, ...]
    changed_at: str | None
    overlap: timedelta
    window: timedelta
    rows_max: int


class Source(Protocol):
    """Where rows come from."""

    def probe(self, plan: ReadPlan | None = None) -> list[ProbeFinding]:
        """Connects, proves read-only access, explains the plan's query; reports, never raises for what it finds."""
        ...

    def read(self, plan: ReadPlan, after: Cursor | None, loop: Loop) -> Iterator[RawBatch]:
        """Rows after the cursor, oldest change first, in batches of at most `plan.rows_max`.

        head   starts `overlap` before `after`; sweep starts `window` before now; without cursor both start at the
               beginning. Rows that no cursor reaches (without `changed_at`, without a whole key) come with a sweep and with
               a head that begins at the beginning. Each batch names the cursor after it. Raises only SourceError.
        """
        ...

    def lookup_table(self, query: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """A whole small result: a look-up table. Not asked of a source whose type reads no queries."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class LookingBackSource(Source, Protocol):
    """A source whose rows behind the window can be looked through; a source need not."""

    def places(self, plan: ReadPlan, after: Cursor | None) -> Iterator[pl.DataFrame]:
        """Keys and change times from the beginning, or behind a place, up to the window, in order, page by page; the day in
        which the window begins is there to its end. Raises only SourceError.

        Nothing comes of a route without change time, or whose change times have no order: it is read whole anyway."""
        ...

    def between(self, plan: ReadPlan, after: Cursor | None, until: Cursor) -> Iterator[RawBatch]:
        """Whole rows strictly behind one place, up to another one, which is the place of a row. No batch has a cursor.
        Raises only SourceError."""
        ...


@runtime_checkable
class NoticingSource(Source, Protocol):
    """A source that also tells what people should look at though rows arrive; a source need not."""

    def notices(self, route: str) -> tuple[str, ...]:
        """What the last reads of a route found about the source, said in `status` (Chinese, no value): it is being read, but
        otherwise than asked for, or not all of it can be followed."""
        ...
