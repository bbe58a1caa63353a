"""Exercises of an outbox: envelopes, lost answers, verdicts, people. Used by exercise_outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from medferry.events import LeasesRescued
from medferry.outbox.outbox import LeaseLimits, Why
from medferry.records import Outcome, State
from medferry.testing.outbox_world import (
    START,
    MakeOutbox,
    Record,
    contents,
    family,
    keyed,
    lease,
    opened,
    pack,
    receipt,
    rows_by_state,
    sent,
    settle,
)

MINUTE = timedelta(minutes=1)


def what_leaves_first(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("child", [Record("sweep child")]), loop="sweep"))
    outbox.put(family(keyed("parent", [Record("sweep parent")]), loop="sweep"))
    outbox.put(family(keyed("parent", [Record("old", -3 * 24 * 60)])))
    outbox.put(family(keyed("child", [Record("live child")])))
    outbox.put(family(keyed("parent", [Record("live parent")])))
    expected = [("live parent",), ("live child",), ("sweep parent", "old"), ("sweep child",)]
    assert sent(lease(outbox, 1)) == expected[:1]
    assert sent(lease(outbox)) == expected[1:]


def an_envelope_is_of_one_table_campus_and_organisation(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(
        family(
            keyed("parent", [Record("a"), Record("b")], "east"),
            keyed("parent", [Record("c")], "west"),
            keyed("parent", [Record("d", org_code="12360100B00000002Y")], "east"),
            keyed("child", [Record("e")], "east"),
        )
    )
    envelopes = lease(outbox)
    assert sent(envelopes) == [("a", "b"), ("c",), ("d",), ("e",)]
    assert [e.campus for e in envelopes] == ["east", "west", "east", "east"]
    assert envelopes[2].message_id.startswith("12360100B00000002Y")


def envelopes_keep_their_limits(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    size = len(Record("0", 0, "x" * 50).body())
    outbox.put(family(keyed("parent", [Record(str(n), 0, "x" * 50) for n in range(7)])))
    assert sent(lease(outbox, 2, records_max=2)) == [("0", "1"), ("2", "3")]
    assert sent(lease(outbox, 1, records_max_by_table={"parent": 1})) == [("4",)]
    assert sent(lease(outbox, 9, bytes_max=size)) == [("5",), ("6",)]
    outbox.put(family(keyed("parent", [Record("8", 0, "x" * 51), Record("9", 0, "x" * 50)])))
    assert sent(lease(outbox, 9, bytes_max=size)) == [("9",)]
    assert rows_by_state(outbox)[State.PARKED] == 1


def message_ids_are_never_used_twice(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    seen: set[str] = set()
    for number in range(3):
        outbox.put(family(keyed("parent", [Record(f"{number}-{n}") for n in range(3)])))
        envelopes = lease(outbox, records_max=1)
        seen |= {envelope.message_id for envelope in envelopes}
        assert all(len(envelope.message_id) <= 64 and envelope.message_id.isalnum() for envelope in envelopes)
        outbox.close()
        outbox = make(clock)
    assert len(seen) == 9


def a_lost_answer_is_asked_about_and_sent_again_byte_for_byte(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record("a", 0, "钾 4.1"), Record("b")])))
    (envelope,) = lease(outbox, lease_time=MINUTE)
    assert outbox.rescue() is None
    outbox.close()
    outbox = make(clock)
    clock.advance(MINUTE)
    assert outbox.rescue() == LeasesRescued(envelopes=1, rows=2)
    assert lease(outbox) == []
    (asked,) = outbox.unknown(10)
    assert asked.envelope == envelope
    assert (asked.since, asked.first_sent_at) == (clock.now(), START)
    again = outbox.resume(envelope.message_id, MINUTE)
    assert again is not None
    assert again.envelope == replace(envelope, attempt=2)
    assert outbox.resume(envelope.message_id, MINUTE) is None
    assert outbox.unknown(10) == []
    settle(outbox, [again.envelope])
    assert outbox.resume(envelope.message_id, MINUTE) is None
    assert rows_by_state(outbox) == {State.ACCEPTED: 2}


def those_asked_longest_ago_are_asked_first(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record("a"), Record("b"), Record("c")])))
    one, two, three = (envelope.message_id for envelope in lease(outbox, records_max=1))
    for message_id in (one, two, three):
        outbox.mark_unknown(message_id, Why("no answer"))
    outbox.asked(one, clock.now())
    assert [u.envelope.message_id for u in outbox.unknown(2)] == [two, three]
    outbox.asked(two, clock.now() + MINUTE)
    assert [u.envelope.message_id for u in outbox.unknown(9)] == [three, one]
    clock.advance(MINUTE)
    assert [u.envelope.message_id for u in outbox.unknown(9)] == [three, one, two]


def an_answer_counts_once(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record("a")])))
    (envelope,) = lease(outbox)
    results = outbox.settle([receipt(envelope), receipt(envelope, Outcome.REFUSED)])
    assert [(r.accepted, r.refused) for r in results] == [(1, 0), (0, 0)]
    assert outbox.settle([receipt(envelope, Outcome.REFUSED)])[0].refused == 0
    outbox.release(envelope.message_id, clock.now(), Why("late"))
    outbox.mark_unknown(envelope.message_id, Why("late"))
    outbox.park(envelope.message_id, Why("late"))
    outbox.asked(envelope.message_id, clock.now())
    assert rows_by_state(outbox) == {State.ACCEPTED: 1}


def a_technical_receipt_is_asked_about(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record("a")])))
    (envelope,) = lease(outbox, lease_time=MINUTE)
    outbox.settle([receipt(envelope, final=False)])
    assert rows_by_state(outbox) == {State.SENT: 1}
    clock.advance(2 * MINUTE)
    assert outbox.rescue() is None
    (asked,) = outbox.unknown(9)
    assert asked.state is State.SENT
    outbox.asked(envelope.message_id, clock.now() + MINUTE)
    assert outbox.unknown(9) == []
    settle(outbox, [envelope])
    assert rows_by_state(outbox) == {State.ACCEPTED: 1}


def a_sent_message_that_the_platform_forgot_goes_again(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("a")])))
    (envelope,) = lease(outbox)
    outbox.settle([receipt(envelope, final=False)])
    again = outbox.resume(envelope.message_id, MINUTE)
    assert again is not None
    assert again.envelope.body == envelope.body


def each_record_has_its_own_verdict(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record(key) for key in "abcdef"])))
    (envelope,) = lease(outbox)
    verdicts = dict(
        enumerate((Outcome.WARNED, Outcome.STALE, Outcome.REFUSED, Outcome.PARENT_MISSING, Outcome.AGAIN))
    )
    (result,) = outbox.settle([receipt(envelope, Outcome.ACCEPTED, verdicts)])
    assert (result.accepted, result.stale, result.refused, result.again) == (2, 1, 1, 2)
    assert rows_by_state(outbox) == {State.ACCEPTED: 2, State.SUPERSEDED: 1, State.REFUSED: 1, State.READY: 2}
    assert lease(outbox) == []
    clock.advance(timedelta(hours=1))
    (again,) = lease(outbox)
    assert again.keys == ("d", "e")
    assert again.message_id != envelope.message_id


def a_missing_parent_on_its_way_is_waited_for(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("p", 1)])))
    settle(outbox, lease(outbox))
    outbox.put(family(keyed("child", [Record("c", parents=(("parent", "p"),))])))
    (child,) = lease(outbox)
    outbox.put(family(keyed("parent", [Record("p", 2)])))
    settle(outbox, [child], Outcome.PARENT_MISSING)
    assert rows_by_state(outbox)[State.WAITING_PARENT] == 1
    (parent,) = lease(outbox)
    settle(outbox, [parent])
    assert sent(lease(outbox)) == [("c",)]


def attempts_end_in_the_car_park(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record("a"), Record("b")])))
    for turn in range(3):
        (envelope,) = lease(outbox, attempts_max=3)
        if turn == 1:
            settle(outbox, [envelope], Outcome.AGAIN)
        else:
            outbox.release(envelope.message_id, clock.now() + MINUTE, Why("busy"))
        assert lease(outbox) == []
        clock.advance(timedelta(hours=2))
    assert rows_by_state(outbox) == {State.PARKED: 2}
    outbox.put(family(keyed("parent", [Record("a", 1)])))
    assert rows_by_state(outbox) == {State.PARKED: 1, State.READY: 1, State.SUPERSEDED: 1}


def a_person_sends_again_or_withdraws(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record(key) for key in "abc"])))
    (envelope,) = lease(outbox)
    settle(outbox, [envelope], Outcome.REFUSED)
    first, second, _ = envelope.sequences
    assert outbox.requeue([first], "mended at the platform") == 1
    assert outbox.requeue([first, 999], "again") == 0
    assert outbox.void([second], "entered by mistake") == 1
    (again,) = lease(outbox)
    assert again.keys == ("a",)
    assert again.message_id != envelope.message_id
    assert outbox.void([first], "too late") == 0
    assert rows_by_state(outbox) == {State.LEASED: 1, State.VOIDED: 1, State.REFUSED: 1}


def a_withdrawn_version_stands_in_nobodys_way(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 1, "one")])))
    settle(outbox, lease(outbox))
    outbox.put(family(keyed("parent", [Record("k", 1_000_000, "a clock gone wrong")])))
    waiting = [count for count in outbox.counts() if count.state is State.READY]
    assert [count.rows for count in waiting] == [1]
    assert outbox.void([2], "a clock gone wrong") == 1
    assert (
        outbox.put(family(keyed("parent", [Record("k", 1_000_000, "a clock gone wrong")])))
        .tables["parent"]
        .unchanged
        == 1
    )
    outbox.put(family(keyed("parent", [Record("k", 2, "two")])))
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["two"]


def too_large_makes_smaller_envelopes(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    outbox.put(family(keyed("parent", [Record(str(n)) for n in range(4)])))
    (envelope,) = lease(outbox, attempts_max=1)
    outbox.release(envelope.message_id, clock.now(), Why("too large"), records_max=2)
    assert sent(lease(outbox, attempts_max=1)) == [("0", "1"), ("2", "3")]


def a_pack_that_fails_changes_nothing(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("a")]), keyed("child", [Record("b")])))
    before = rows_by_state(outbox)

    def failing(**given: object) -> tuple[bytes, str]:
        if given["table"] == "child":
            raise ZeroDivisionError
        return b"", ""

    try:
        outbox.lease(LeaseLimits(9), failing)
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError("the failure of a pack must be heard")
    assert rows_by_state(outbox) == before
    assert len(outbox.lease(LeaseLimits(9), pack)) == 2


DELIVERY_EXERCISES = (
    what_leaves_first,
    an_envelope_is_of_one_table_campus_and_organisation,
    envelopes_keep_their_limits,
    message_ids_are_never_used_twice,
    a_lost_answer_is_asked_about_and_sent_again_byte_for_byte,
    those_asked_longest_ago_are_asked_first,
    an_answer_counts_once,
    a_technical_receipt_is_asked_about,
    a_sent_message_that_the_platform_forgot_goes_again,
    each_record_has_its_own_verdict,
    a_missing_parent_on_its_way_is_waited_for,
    attempts_end_in_the_car_park,
    a_person_sends_again_or_withdraws,
    a_withdrawn_version_stands_in_nobodys_way,
    too_large_makes_smaller_envelopes,
    a_pack_that_fails_changes_nothing,
)
