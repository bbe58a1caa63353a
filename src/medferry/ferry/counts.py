"""What passes did, counted: batches add up to a pass, passes to a run, and one opening's run to that of the next.

Nothing else adds these counts by hand. What standing rows were mapped again for a request is not among them: nobody
read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medferry.outbox.outbox import PutResult
from medferry.records import Loop
from medferry.way_in.batch import BatchResult
from medferry.way_out.delivery import DeliveryFigures


@dataclass(slots=True)
class LoadResult:
    """What one pass of a route did, or all of them, in rows.

    batches_with_news  of which the ledger kept a version; the overlap before a cursor brings none, however long it is
    reached_end        false while the pass is under way, and where it was ended early or failed
    kept               table -> what became of its rows in the ledger
    """

    batches: int = 0
    batches_with_news: int = 0
    rows_read: int = 0
    rows_not_ready: int = 0
    rows_unchanged: int = 0
    lookup_misses: int = 0
    reached_end: bool = False
    kept: dict[str, PutResult] = field(default_factory=dict)

    @property
    def new(self) -> int:
        return sum(result.new for result in self.kept.values())

    def add(self, batch: BatchResult) -> None:
        """Counts one more batch."""
        self.batches += 1
        self.batches_with_news += any(result.new for result in batch.kept.values())
        self.rows_read += batch.rows_read
        self.rows_not_ready += batch.rows_not_ready
        self.rows_unchanged += batch.rows_unchanged
        self.lookup_misses += batch.lookup_misses
        self._keep(batch.kept)

    def add_all(self, other: LoadResult) -> None:
        """Counts all that another did."""
        self.batches += other.batches
        self.batches_with_news += other.batches_with_news
        self.rows_read += other.rows_read
        self.rows_not_ready += other.rows_not_ready
        self.rows_unchanged += other.rows_unchanged
        self.lookup_misses += other.lookup_misses
        self.reached_end = other.reached_end
        self._keep(other.kept)

    def add_pass(self, one: LoadResult, loop: Loop) -> None:
        """Counts a pass behind others of its route.

        A sweep that read its whole window has met again what was not ready, and a pass that came to the end has tried again
        what look-ups missed: these two say how it stands, not how often it was met.
        """
        before = self.rows_not_ready
        self.add_all(one)
        if one.reached_end:
            self.rows_not_ready = one.rows_not_ready + (0 if loop == "sweep" else before)
            self.lookup_misses = one.lookup_misses

    def _keep(self, kept: Mapping[str, PutResult]) -> None:
        for table, result in kept.items():
            self.kept[table] = self.kept.get(table, PutResult()) + result


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did; `failed` names routes that ended with an error."""

    loaded: Mapping[str, LoadResult]
    failed: Mapping[str, str]
    delivered: DeliveryFigures

    def __add__(self, later: RunReport) -> RunReport:
        """Of two openings of a project, one after the other; how it ended is said by the later one."""
        loaded = {route: LoadResult() for route in [*self.loaded, *later.loaded]}
        for report in (self, later):
            for route, result in report.loaded.items():
                loaded[route].add_all(result)
        return RunReport(loaded, later.failed, self.delivered + later.delivered)
