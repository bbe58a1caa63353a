"""Where everything stands: counts per table and state, what stands still and why, whether the platform answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from medferry.events import JOB_ZH
from medferry.outbox.reader import HeldOfRoute, RouteRow, StatusReader, StillGroup
from medferry.outbox.reviews import Review, ReviewGroup
from medferry.records import IN_MOTION, State

RIVALS_MAX = 50  # versions whose key another source row gave
RIVAL_ROWS_MAX = 6  # of one key
RIVAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class TableStatus:
    """One table's rows by state; `oldest` is when the oldest row that still has to go was kept."""

    table: str
    rows: Mapping[State, int]
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class RouteFailure:
    """A route whose newest pass failed: when it did last, and since when it has."""

    route: str
    at: datetime
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Something a run does besides its routes, which failed the last time. name_zh: as people call it."""

    job: str
    name_zh: str
    at: datetime
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class VisitsLook:
    """The last look at ended visits that found any."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RivalRow:
    """One of the source rows that gave one key: read by which route, in which batch, when, and what became of it."""

    route: str
    batch_id: str
    source_time: str
    put_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Rivals:
    """A record whose key several source rows gave; `rows` in order of arrival."""

    table: str
    campus: str
    org_code: str
    key: str
    rows: Sequence[RivalRow]


@dataclass(frozen=True, slots=True)
class Status:
    """What `medferry status` shows.

    platform_lost_since  None while the platform answers; platform_text says why not
    notices              of routes that work, and whose source wants a look
    held_by_route        rows held, by the route that read them
    review               the last one; review_groups is what it found, most records first
    """

    tables: Sequence[TableStatus]
    still: Sequence[StillGroup]
    routes: Sequence[RouteRow]
    failures: Sequence[RouteFailure]
    failed_jobs: Sequence[JobFailure]
    platform_lost_since: datetime | None
    platform_text: str
    notices: Sequence[RouteFailure] = ()
    review: Review | None = None
    review_groups: Sequence[ReviewGroup] = ()
    visits_look: VisitsLook | None = None
    rivals: Sequence[Rivals] = ()
    held_by_route: Sequence[HeldOfRoute] = ()


def status_of(reader: StatusReader) -> Status:
    """Reads the ledger of a running or a stopped `medferry run`."""
    by_table: dict[str, dict[State, int]] = {}
    oldest: dict[str, datetime] = {}
    for count in reader.counts():
        rows = by_table.setdefault(count.table, {})
        rows[count.state] = rows.get(count.state, 0) + count.rows
        if count.oldest is not None and (count.state in IN_MOTION or count.state is State.WAITING_PARENT):
            oldest[count.table] = min(count.oldest, oldest.get(count.table, count.oldest))
    state = reader.run_state()
    lost, look = state.platform, state.visits_look
    return Status(
        tables=[TableStatus(name, rows, oldest.get(name)) for name, rows in sorted(by_table.items())],
        still=reader.held_summary(),
        routes=reader.routes(),
        failures=[RouteFailure(name, one.at, one.text, one.since) for name, one in state.routes.items()],
        failed_jobs=[
            JobFailure(job.value, JOB_ZH[job], one.at, one.text, one.since) for job, one in state.jobs.items()
        ],
        notices=[RouteFailure(name, one.at, one.text, one.since) for name, one in state.notices.items()],
        platform_lost_since=lost.since if lost else None,
        platform_text=lost.text if lost else "",
        review=reader.last_review(),
        review_groups=reader.review_groups(),
        visits_look=VisitsLook(look.at, look.text) if look else None,
        rivals=_rivals(reader),
        held_by_route=reader.held_by_route(),
    )


def _rivals(reader: StatusReader) -> list[Rivals]:
    """Newest first. Beside the versions that were found contested, the one that came before the first of them."""
    found: dict[tuple[str, str, str], set[int]] = {}
    for one in reader.contested(RIVALS_MAX, days=RIVAL_DAYS):
        found.setdefault((one.table, one.org_code, one.key), set()).add(one.seq)
    rivals: list[Rivals] = []
    for (table, org_code, key), contested in found.items():
        versions = reader.versions_of(table, org_code, key)
        first = next((at for at, one in enumerate(versions) if one.seq in contested), 0)
        rows = [
            RivalRow(one.route, one.batch_id, one.source_time, one.put_at, one.state)
            for at, one in enumerate(versions)
            if one.seq in contested or at == first - 1
        ]
        rivals.append(Rivals(table, versions[-1].campus, org_code, key, rows[-RIVAL_ROWS_MAX:]))
    return rivals
