"""The run's state in the ledger: see medferry.outbox.run_state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from medferry.events import (
    Event,
    Job,
    JobBack,
    JobFailed,
    PlatformBack,
    PlatformLost,
    RouteBack,
    RouteFailed,
    RouteNoticed,
    VisitsReviewed,
)
from medferry.outbox.run_state import RunState, Trouble, VisitsLook
from medferry.outbox.sqlite.connection import ReadConnection, from_ms, to_ms
from medferry.outbox.sqlite.rows import LookFound, TroubleFound
from medferry.outbox.sqlite.store import Store

_PLATFORM, _ROUTE, _JOB, _NOTICE = "platform", "route", "job", "notice"


def remember(store: Store, events: Sequence[Event]) -> None:
    """What these events change of the run's state, in the transaction that writes them into the journal."""
    for event in events:
        match event:
            case PlatformLost():
                _failed(store, _PLATFORM, "", event.code, event)
            case PlatformBack():
                store.run("drop_trouble", (_PLATFORM, ""))
            case RouteFailed():
                _failed(store, _ROUTE, event.route, event.code, event)
            case RouteBack():
                store.run("drop_trouble", (_ROUTE, event.route))
            case RouteNoticed() if event.notices:
                _failed(store, _NOTICE, event.route, "route.noticed", event)
            case RouteNoticed():
                store.run("drop_trouble", (_NOTICE, event.route))
            case JobFailed():
                _failed(store, _JOB, event.job, event.code, event)
            case JobBack():
                store.run("drop_trouble", (_JOB, event.job))
            case VisitsReviewed():
                until = to_ms(datetime.fromisoformat(event.until))
                store.run("set_visits_look", (until, store.now_ms, event.text()))


def _failed(store: Store, kind: str, name: str, code: str, event: Event) -> None:
    store.run("add_trouble", (kind, name, store.now_ms, store.now_ms, code, event.text()))


def run_state(reading: ReadConnection) -> RunState:
    """Of one moment."""
    with reading.snapshot("读取运行状态"):
        troubles = reading.typed(TroubleFound, "troubles")
        looks = reading.typed(LookFound, "visits_look")
    found: dict[str, dict[str, Trouble]] = {_PLATFORM: {}, _ROUTE: {}, _JOB: {}, _NOTICE: {}}
    for one in troubles:
        found[one.kind][one.name] = Trouble(from_ms(one.since_at), from_ms(one.at), one.code, one.text)
    look = None
    for last in looks:
        look = VisitsLook(from_ms(last.until_at), from_ms(last.at), last.text)
    return RunState(
        platform=found[_PLATFORM].get(""),
        routes=found[_ROUTE],
        notices=found[_NOTICE],
        jobs={Job(name): trouble for name, trouble in found[_JOB].items()},
        visits_look=look,
    )
