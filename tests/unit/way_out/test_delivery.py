"""Goal: whatever the platform does to a sending, its rows end where the contract says, and under which message id.
Method: a real ledger, a fixed clock, and a destination that answers as each case scripts it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from medferry.clock import FixedClock
from medferry.destinations.errors import PlatformUnreachable
from medferry.errors import AnswerLost
from medferry.events import (
    NOT_SENT,
    EnvelopeFailed,
    EnvelopeLeased,
    EnvelopeSettled,
    Event,
    PlatformBack,
    PlatformLost,
)
from medferry.outbox.outbox import LeaseLimits, Why
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.receipt.asked import Asked, AskedState
from medferry.receipt.errors import EnvelopeRefused, EnvelopeStopped, ReplyNotUnderstood
from medferry.records import Envelope, Outcome, Pack, ProbeFinding, Receipt, Reply, State, Verdict
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed, pack
from medferry.way_out.delivery import Delivery, DeliverySettings
from medferry.way_out.lease_ahead import LeaseAhead

TRIES = 30  # more than attempts_max


class Scripted:
    """A destination whose `script` answers each sending, and whose `memory` says what it would tell when asked."""

    def __init__(self) -> None:
        self.script: Callable[[Envelope], Reply] = taken
        self.memory = AskedState.NOT_SEEN
        self.sent: list[tuple[str, bytes]] = []
        self.while_packing: Callable[[], object] = lambda: None

    @property
    def pack(self) -> Pack:
        def packed(**given: Any) -> tuple[bytes, str]:
            self.while_packing()
            return pack(**given)

        return packed

    def send(self, envelope: Envelope) -> Reply:
        self.sent.append((envelope.message_id, envelope.body))
        return self.script(envelope)

    def ask(self, message_ids: Sequence[str]) -> Iterator[Reply]:
        for message_id in message_ids:
            yield Reply(message_id, 200, self.memory.value.encode(), START, 1.0)

    def probe(self) -> list[ProbeFinding]:
        return []

    def close(self) -> None: ...


def taken(envelope: Envelope) -> Reply:
    return Reply(envelope.message_id, 200, b"", START, 1.0)


def receipt_of(reply: Reply) -> Receipt:
    return Receipt(
        reply.message_id, "R1", Verdict(Outcome.ACCEPTED), {}, final=True, answered_at=reply.answered_at
    )


def read_answer(reply: Reply, _: Envelope) -> Asked:
    state = AskedState(reply.body.decode())
    return Asked(state, receipt_of(reply) if state is AskedState.DONE else None)


class Road:
    """Rows on their way out, one unless said otherwise; an envelope each."""

    def __init__(self, folder: Path, keys: str = "A", in_flight_max: int = 4) -> None:
        self.folder = folder
        self.clock = FixedClock(START)
        self.outbox = SqliteOutbox(folder / "ledger.sqlite", self.clock, ORDER, "test")
        self.outbox.put(family(keyed("parent", [Record(key) for key in keys])))
        self.platform = Scripted()
        self.events: list[Event] = []
        limits = LeaseLimits(envelopes_max=4, records_max=1)
        settings = DeliverySettings(limits=limits, in_flight_max=in_flight_max)
        self.delivery = Delivery(
            self.outbox,
            self.platform,
            lambda reply, _: receipt_of(reply),
            read_answer,
            settings,
            self.clock,
            self.events.append,
        )

    def turns(self, count: int) -> None:
        """Turns of the way out, a quarter of an hour apart: every back-off has passed."""
        for _ in range(count):
            self.delivery.turn(5.0)
            while self.delivery.in_flight:  # what was sent in this turn is answered in it
                self.delivery.turn(5.0)
            self.clock.advance(timedelta(minutes=15))

    def states(self) -> dict[State, int]:
        return {count.state: count.rows for count in self.outbox.counts() if count.rows}


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    made = Road(tmp_path)
    yield made
    made.delivery.close()
    made.outbox.close()


def raising(error: type[Exception]) -> Callable[[Envelope], Reply]:
    def answer(_: Envelope) -> Reply:
        raise error("投递报文")

    return answer


def test_an_answered_envelope_is_settled(road: Road) -> None:
    road.turns(1)
    assert road.states() == {State.ACCEPTED: 1}


@pytest.mark.parametrize(
    "error", [None, PlatformUnreachable, EnvelopeRefused, AnswerLost, ReplyNotUnderstood], ids=str
)
def test_what_is_told_of_an_envelope_is_what_the_journal_says(
    road: Road, error: type[Exception] | None
) -> None:
    """Whatever happens to it, question and answer included: the same events, with the same fields, in the same order."""
    if error is not None:
        road.platform.script = raising(error)
    road.turns(TRIES)
    road.platform.script, road.platform.memory = taken, AskedState.DONE
    road.turns(2)
    reader = SqliteLedgerReader(road.folder / "ledger.sqlite")
    ids = {event.message_id for event in road.events if isinstance(event, EnvelopeLeased)}
    for message_id in ids:
        told = [
            (event.name, event.text(), asdict(event))
            for event in road.events
            if isinstance(event, (EnvelopeLeased, EnvelopeSettled, EnvelopeFailed))
            and event.message_id == message_id
        ]
        lines = reader.journal_of(message_ids=[message_id])
        assert [(line.name, line.text, json.loads(line.event)) for line in lines] == told
    reader.close()
    failed = [event for event in road.events if isinstance(event, EnvelopeFailed)]
    assert bool(failed) == (error is not None)
    assert all(event.code and event.next and event.message for event in failed)
    settled = [event for event in road.events if isinstance(event, EnvelopeSettled)]
    assert road.delivery.figures.accepted == sum(event.accepted for event in settled)
    lost = [event for event in failed if event.state == State.UNKNOWN and event.code != NOT_SENT]
    assert road.delivery.figures.answers_lost == len(lost)


@pytest.mark.parametrize("error", [PlatformUnreachable, EnvelopeStopped])
def test_a_platform_that_takes_nothing_from_anybody_uses_up_no_rows_attempts(
    road: Road, error: type[Exception]
) -> None:
    road.platform.script = raising(error)
    road.turns(TRIES)
    assert len(road.platform.sent) == TRIES
    assert road.states() == {State.READY: 1}
    road.platform.script = taken
    road.turns(1)
    assert road.states() == {State.ACCEPTED: 1}
    assert sum(isinstance(event, PlatformLost) for event in road.events) == 1
    assert sum(isinstance(event, PlatformBack) for event in road.events) == 1


def test_a_message_refused_again_and_again_is_parked(road: Road) -> None:
    road.platform.script = raising(EnvelopeRefused)
    road.turns(TRIES)
    assert road.states() == {State.PARKED: 1}
    assert len(road.platform.sent) == LeaseLimits(1).attempts_max


def test_after_a_lost_answer_the_row_never_leaves_under_another_id(road: Road) -> None:
    road.platform.script = raising(AnswerLost)
    road.turns(1)
    assert road.states() == {State.UNKNOWN: 1}
    road.platform.script = raising(PlatformUnreachable)  # asked: not seen; sent again: did not even leave
    road.turns(4)
    assert road.states() == {State.UNKNOWN: 1}
    road.platform.memory = AskedState.DONE  # the first request had arrived after all
    road.turns(2)
    assert road.states() == {State.ACCEPTED: 1}
    assert len(set(road.platform.sent)) == 1, "one message id, the same bytes each time"
    assert len(road.platform.sent) > 1


def test_a_message_that_the_platform_forgot_after_its_window_waits_for_a_person(road: Road) -> None:
    road.platform.script = raising(AnswerLost)
    road.turns(1)
    road.clock.advance(timedelta(hours=73))
    road.turns(1)
    assert road.states() == {State.PARKED: 1}
    assert len(road.platform.sent) == 1


def test_what_was_formed_before_the_platform_was_lost_is_held_back(road: Road) -> None:
    lost = PlatformUnreachable("投递报文")
    road.platform.while_packing = lambda: road.delivery.outage.note(lost, road.clock.now())
    road.delivery.turn(5.0)
    while road.delivery.in_flight:
        road.delivery.turn(5.0)
    assert road.platform.sent == []
    assert road.states() == {State.READY: 1}
    road.platform.while_packing = lambda: None
    road.turns(2)
    assert road.states() == {State.ACCEPTED: 1}


def test_a_run_that_stops_waits_for_what_has_begun_and_no_longer(tmp_path: Path) -> None:
    road = Road(tmp_path, keys="ABC", in_flight_max=1)

    def answer_when_stopping(envelope: Envelope) -> Reply:
        while not road.delivery.closing:
            os.sched_yield()
        return taken(envelope)

    road.platform.script = answer_when_stopping
    for _ in range(50):
        road.delivery._leased.answered(1.0)  # a quick platform: all three are formed at once
    road.delivery.turn(0.0)
    road.delivery.close()
    assert len(road.platform.sent) == 1
    assert road.states() == {State.ACCEPTED: 1, State.READY: 2}
    road.outbox.close()


def test_a_lost_answer_is_asked_about_while_others_fill_the_way(tmp_path: Path) -> None:
    """A back-fill fills it for hours."""
    road, go = Road(tmp_path, keys="BC", in_flight_max=1), Flag()

    def answer_later(envelope: Envelope) -> Reply:
        assert go.wait(60)
        return taken(envelope)

    road.platform.script, road.platform.memory = answer_later, AskedState.DONE
    road.delivery.turn(0.0)
    ((lost, _),) = road.outbox.lease(LeaseLimits(1), pack)
    road.outbox.mark_unknown(lost.message_id, Why("answer lost"))
    road.delivery.turn(0.0)
    asked = set(road.delivery._asking)
    go.set()
    while road.delivery.in_flight:
        road.delivery.turn(5.0)
    assert asked == {lost.message_id}
    assert road.states() == {State.ACCEPTED: 2}
    road.delivery.close()
    road.outbox.close()


@pytest.mark.parametrize(
    ("took_ms", "unanswered", "room"),
    [
        (5.0, 0, 64), (5.0, 48, 16), (5.0, 49, 0),
        (490.0, 0, 32), (490.0, 24, 8), (490.0, 25, 0),
        (5_000.0, 0, 8), (5_000.0, 6, 2), (5_000.0, 7, 0), (5_000.0, 64, 0),
    ],
)  # fmt: skip
def test_no_more_is_formed_ahead_than_the_platform_soon_answers(
    road: Road, took_ms: float, unanswered: int, room: int
) -> None:
    ahead = LeaseAhead(road.outbox.lease, road.platform.pack, LeaseLimits(1), load=8)
    assert ahead.room(0) == 8, "an unknown platform counts as slow"
    for _ in range(100):
        ahead.answered(took_ms)
    assert ahead.room(unanswered) == room
    ahead.close()
