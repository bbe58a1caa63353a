"""States four times the same: enum with exits, CHECK, diagram, and what the ledger does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from watched_ledger import Watched

from medferry.clock import FixedClock
from medferry.outbox.outbox import Why
from medferry.outbox.sqlite.statements import script
from medferry.records import EXITS, Envelope, Outcome, State
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed, lease, receipt, settle

_PAGE = Path(__file__).parents[3] / "decisions" / "0003-the-ledger.md"
MINUTE = timedelta(minutes=1)
UNDER_WAY = (State.LEASED, State.SENT, State.UNKNOWN)
FINAL = {State.ACCEPTED, State.SUPERSEDED, State.VOIDED}


class Stage:
    """A ledger with one record `k`, a child of `p`, brought into a state."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(START)
        self.seen: set[tuple[State, State]] = set()
        self.outbox = Watched(folder / "ledger.sqlite", self.clock, ORDER, "test", self.seen)
        self.parents(1)

    def parents(self, time: int, *keys: str) -> None:
        self.outbox.put(family(keyed("parent", [Record(key, time) for key in keys or ("p",)])))

    def put(self, time: int, *, sound: bool = True, parent: str = "p", content: str = "") -> None:
        record = Record("k", time, content, sound=sound, parents=(("parent", parent),))
        self.outbox.put(family(keyed("child", [record])))

    def lease(self) -> Envelope:
        (envelope,) = lease(self.outbox, lease_time=MINUTE)
        return envelope

    def bring(self, state: State) -> Envelope:
        """The record is in `state` now; for states under way and after, its envelope."""
        parent = self.lease()
        settle(self.outbox, [parent])
        if state is State.HELD:
            self.put(1, sound=False)
            return parent
        self.put(1, parent="q" if state is State.WAITING_PARENT else "p")
        if state in {State.READY, State.WAITING_PARENT}:
            return parent
        envelope = self.lease()
        steps: dict[State, Callable[[], object]] = {
            State.SENT: lambda: self.outbox.settle([receipt(envelope, final=False)]),
            State.UNKNOWN: lambda: self.outbox.mark_unknown(envelope.message_id, Why("lost")),
            State.REFUSED: lambda: settle(self.outbox, [envelope], Outcome.REFUSED),
            State.PARKED: lambda: self.outbox.park(envelope.message_id, Why("look")),
        }
        steps.get(state, lambda: None)()
        return envelope

    def seq(self) -> int:
        found = self.outbox.writer.execute("SELECT seq FROM queue WHERE key = 'k' ORDER BY seq").fetchone()
        return int(found[0])


def _parent_comes(stage: Stage) -> None:
    stage.parents(1, "q")
    settle(stage.outbox, [stage.lease()])


def _parent_on_its_way(stage: Stage, envelope: Envelope) -> None:
    stage.parents(2)
    settle(stage.outbox, [envelope], Outcome.PARENT_MISSING)


def _way(old: State, new: State) -> Callable[[Stage, Envelope], object]:
    """How a record comes from one state to another."""
    if new is State.VOIDED:
        return lambda stage, _: stage.outbox.void([stage.seq()], "by hand")
    if old in UNDER_WAY:
        return {
            State.SENT: lambda stage, e: stage.outbox.settle([receipt(e, final=False)]),
            State.UNKNOWN: lambda stage, e: stage.outbox.mark_unknown(e.message_id, Why("lost")),
            State.LEASED: lambda stage, e: stage.outbox.resume(e.message_id, MINUTE),
            State.READY: lambda stage, e: stage.outbox.release(e.message_id, stage.clock.now(), Why("busy")),
            State.PARKED: lambda stage, e: stage.outbox.park(e.message_id, Why("look")),
            State.ACCEPTED: lambda stage, e: settle(stage.outbox, [e]),
            State.REFUSED: lambda stage, e: settle(stage.outbox, [e], Outcome.REFUSED),
            State.SUPERSEDED: lambda stage, e: settle(stage.outbox, [e], Outcome.STALE),
            State.WAITING_PARENT: _parent_on_its_way,
        }[new]
    if new is State.SUPERSEDED:
        return lambda stage, _: stage.put(2)
    return {
        (State.WAITING_PARENT, State.READY): lambda stage, _: _parent_comes(stage),
        (State.READY, State.LEASED): lambda stage, _: stage.lease(),
        (State.READY, State.PARKED): lambda stage, _: lease(stage.outbox, bytes_max=5),
        (State.REFUSED, State.READY): lambda stage, _: stage.outbox.requeue([stage.seq()], "by hand"),
        (State.PARKED, State.READY): lambda stage, _: stage.outbox.requeue([stage.seq()], "by hand"),
    }[old, new]


_ARROWS = [(old, new) for old, news in EXITS.items() for new in sorted(news)]


@pytest.mark.parametrize(("old", "new"), _ARROWS, ids=str)
def test_every_exit_is_taken(old: State, new: State, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    envelope = stage.bring(old)
    before = set(stage.seen)
    stage.seen.clear()
    _way(old, new)(stage, envelope)
    assert (old, new) in stage.seen
    assert {(one, other) for one, other in before | stage.seen if other not in EXITS[one]} == set()
    stage.outbox.close()


def test_the_drawing_shows_the_exits() -> None:
    arrows = set(re.findall(r"^ +(\w+) --> (\w+)", _PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert arrows == {(old.value, new.value) for old, new in _ARROWS}


def test_the_checks_name_the_states() -> None:
    (queue,) = re.findall(
        r"state +TEXT NOT NULL CHECK \((state = 'held'.*?)\),\n", script("schema"), re.DOTALL
    )
    assert set(re.findall(r"'(\w+)'", queue)) == {state.value for state in State if state not in FINAL}
    (settled,) = re.findall(r"state +TEXT NOT NULL CHECK \((.*?)\),\n", script("partition", "20260115"))
    assert set(re.findall(r"'(\w+)'", settled)) == {state.value for state in FINAL}
    assert {state for state in State if not EXITS[state]} == FINAL
