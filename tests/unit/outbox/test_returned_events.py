"""What a method of the outbox returns is the journal line that it wrote: the same event, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from medferry.clock import FixedClock
from medferry.events import Event
from medferry.outbox.outbox import LeaseLimits, Why
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import Envelope, State
from medferry.testing.outbox_world import ORDER, START, Record, family, keyed, pack, receipt

MINUTE = timedelta(minutes=1)
WHY = Why("deliver.unreachable", "retry", "连接被拒绝")


class Book:
    """A ledger with one envelope under way."""

    def __init__(self, path: Path) -> None:
        self.clock = FixedClock(START)
        self.outbox = SqliteOutbox(path, self.clock, ORDER, "test")
        self.reader = SqliteLedgerReader(path)
        self.stored = self.outbox.put(family(keyed("parent", [Record("a"), Record("b")]))).event
        ((self.envelope, self.leased),) = self.outbox.lease(LeaseLimits(9, lease_time=MINUTE), pack)

    def journal(self, name: str) -> list[str]:
        return [line.event for line in reversed(self.reader.latest([name], 9))]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path / "ledger.sqlite")
    yield book
    book.reader.close()
    book.outbox.close()


def lines(*events: Event | None) -> list[str]:
    return [orjson.dumps(asdict(event)).decode() for event in events if event is not None]


def test_put_and_lease(book: Book) -> None:
    assert book.journal("batch_stored") == lines(book.stored)
    assert book.journal("envelope_leased") == lines(book.leased)
    assert (book.leased.rows, book.leased.attempt) == (2, 1)


def test_settle(book: Book) -> None:
    first, again = book.outbox.settle([receipt(book.envelope), receipt(book.envelope)])
    assert book.journal("envelope_settled") == lines(first.event)
    assert first.event is not None
    assert (first.event.accepted, first.accepted) == (2, 2)
    assert again.event is None


def test_a_technical_receipt_settles_nothing_and_says_nothing(book: Book) -> None:
    (result,) = book.outbox.settle([receipt(book.envelope, final=False)])
    assert result.event is None
    assert book.journal("envelope_settled") == []


Ending = Callable[[SqliteOutbox, Envelope], Event | None]
ENDINGS: dict[State, Ending] = {
    State.READY: lambda outbox, one: outbox.release(one.message_id, START, WHY),
    State.UNKNOWN: lambda outbox, one: outbox.mark_unknown(one.message_id, WHY),
    State.PARKED: lambda outbox, one: outbox.park(one.message_id, WHY),
}


@pytest.mark.parametrize("state", ENDINGS, ids=str)
def test_an_envelope_that_did_not_arrive(book: Book, state: State) -> None:
    failed = ENDINGS[state](book.outbox, book.envelope)
    assert failed is not None
    assert book.journal("envelope_failed") == lines(failed)
    said = asdict(failed)
    assert (said["state"], said["code"], said["next"], said["message"]) == (
        state,
        WHY.code,
        WHY.next,
        WHY.message,
    )


@pytest.mark.parametrize("state", ENDINGS, ids=str)
def test_an_envelope_that_is_not_under_way(book: Book, state: State) -> None:
    book.outbox.settle([receipt(book.envelope)])
    assert ENDINGS[state](book.outbox, book.envelope) is None
    assert book.journal("envelope_failed") == []


def test_the_trail_of_a_row_says_the_code_or_what_is_given_for_it(book: Book) -> None:
    book.outbox.release(book.envelope.message_id, START, WHY)
    ((second, _),) = book.outbox.lease(LeaseLimits(9), pack)
    book.outbox.park(second.message_id, Why("too_old", in_trail="须先对账"))
    steps = book.reader.steps_of(book.envelope.sequences[:1])
    assert [(step.state, step.text) for step in steps] == [
        (State.READY, WHY.code),
        (State.PARKED, "须先对账"),
    ]


def test_a_dead_lease_and_the_same_message_again(book: Book) -> None:
    assert book.outbox.rescue() is None
    book.clock.advance(MINUTE)
    rescued = book.outbox.rescue()
    assert rescued is not None
    assert book.journal("leases_rescued") == lines(rescued)
    again = book.outbox.resume(book.envelope.message_id, MINUTE)
    assert again is not None
    assert again.event.attempt == again.envelope.attempt == 2
    assert book.journal("envelope_leased") == lines(book.leased, again.event)
