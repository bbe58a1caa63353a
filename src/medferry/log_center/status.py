"""Where everything stands: counts per table and state, what stands still and why, whether the platform answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from medferry.outbox.reader import JournalRow, LedgerReader, RouteRow, StillGroup
from medferry.outbox.reviews import Review, ReviewGroup
from medferry.records import IN_MOTION, State

ROUTE_LINES_MAX = 2_000  # journal lines looked through, newest first


@dataclass(frozen=True, slots=True)
class TableStatus:
    """One table's rows by state; `oldest` is when the oldest row that still has to go was kept."""

    table: str
    rows: Mapping[State, int]
    oldest: datetime | None

    @property
    def to_go(self) -> int:
        return sum(
            count for state, count in self.rows.items() if state in IN_MOTION or state is State.WAITING_PARENT
        )


@dataclass(frozen=True, slots=True)
class RouteFailure:
    """A route whose newest pass failed."""

    route: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class VisitsLook:
    """The last look at ended visits that found any."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Status:
    """What `medferry status` shows.

    platform_lost_since  None while the platform answers; platform_text says why not
    review               the last one; review_groups is what it found, most records first
    """

    tables: Sequence[TableStatus]
    still: Sequence[StillGroup]
    routes: Sequence[RouteRow]
    failures: Sequence[RouteFailure]
    platform_lost_since: datetime | None
    platform_text: str
    review: Review | None = None
    review_groups: Sequence[ReviewGroup] = ()
    visits_look: VisitsLook | None = None

    @property
    def in_motion(self) -> int:
        return sum(
            count for table in self.tables for state, count in table.rows.items() if state in IN_MOTION
        )


def status_of(reader: LedgerReader) -> Status:
    """Reads the ledger of a running or a stopped `medferry run`."""
    by_table: dict[str, dict[State, int]] = {}
    oldest: dict[str, datetime] = {}
    for count in reader.counts():
        rows = by_table.setdefault(count.table, {})
        rows[count.state] = rows.get(count.state, 0) + count.rows
        if count.oldest is not None and (count.state in IN_MOTION or count.state is State.WAITING_PARENT):
            oldest[count.table] = min(count.oldest, oldest.get(count.table, count.oldest))
    lost = platform_lost(reader)
    looks = reader.latest(["visits_reviewed"])
    return Status(
        tables=[TableStatus(name, rows, oldest.get(name)) for name, rows in sorted(by_table.items())],
        still=reader.held_summary(),
        routes=reader.routes(),
        failures=failed_routes(reader),
        platform_lost_since=lost.at if lost else None,
        platform_text=lost.text if lost else "",
        review=reader.last_review(),
        review_groups=reader.review_groups(),
        visits_look=VisitsLook(looks[0].at, looks[0].text) if looks else None,
    )


def platform_lost(reader: LedgerReader) -> JournalRow | None:
    """The line that says when the platform was lost; None when it was found again, or never lost."""
    newest = reader.latest(["platform_lost", "platform_back"])
    return newest[0] if newest and newest[0].name == "platform_lost" else None


def failed_routes(reader: LedgerReader) -> list[RouteFailure]:
    """Routes whose newest word is a failure, also of an earlier run."""
    found: dict[str, RouteFailure | None] = {}
    for line in reader.latest(["route_failed", "route_back"], ROUTE_LINES_MAX):
        route = str(json.loads(line.event)["route"])
        is_failure = line.name == "route_failed"
        found.setdefault(route, RouteFailure(route, line.at, line.text) if is_failure else None)
    return [failure for failure in found.values() if failure is not None]
