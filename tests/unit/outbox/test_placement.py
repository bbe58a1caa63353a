"""What becomes of a version that arrives: the table of decisions/0003, row by row."""

from __future__ import annotations

import pytest

from medferry.outbox.sqlite.placement import Arrival, Head, OpenVersion, first_head, head_after, place
from medferry.records import State

FIRST_SEQ = 100  # of the put in hand


def _head(newest: tuple[int, bytes, bool], sound: tuple[int, int, bytes] | None) -> Head:
    return Head(9, *newest, *(sound or (None, None, None)))


def _open(*versions: tuple[int, State, int, bytes]) -> list[OpenVersion]:
    return [OpenVersion(seq, state, time, digest, 1) for seq, state, time, digest in versions]


A_SOUND = _head((5, b"A", True), (5, 1, b"A"))
A_HELD = _head((5, b"A", False), None)
A_SOUND_B_HELD = _head((7, b"B", False), (5, 1, b"A"))

_CASES = [
    ("same again", Arrival(5, b"A", True), A_SOUND, [], None, []),
    ("same, now held", Arrival(5, b"A", False), A_SOUND, [(1, State.READY, 5, b"A")], State.HELD, []),
    ("newest sound one again, a held one came after", Arrival(5, b"A", True), A_SOUND_B_HELD,
     [(1, State.LEASED, 5, b"A"), (2, State.HELD, 7, b"B")], None, []),
    ("newest sound one again, held ones not newer", Arrival(8, b"A", True), A_SOUND_B_HELD,
     [(2, State.HELD, 7, b"B")], None, [2]),
    ("sound, older", Arrival(4, b"C", True), A_SOUND, [(1, State.READY, 5, b"A")], State.SUPERSEDED, []),
    ("sound, same time", Arrival(5, b"C", True), A_SOUND, [(1, State.READY, 5, b"A")], State.READY, [1]),
    ("sound, newer than one that waits", Arrival(6, b"C", True), A_SOUND, [(1, State.WAITING_PARENT, 5, b"A")],
     State.READY, [1]),
    ("sound, newer than one under way", Arrival(6, b"C", True), A_SOUND, [(1, State.UNKNOWN, 5, b"A")], State.READY, []),
    ("sound, newer than one refused", Arrival(6, b"C", True), A_SOUND, [(1, State.REFUSED, 5, b"A")], State.READY, [1]),
    ("sound, newer than one parked", Arrival(6, b"C", True), A_SOUND, [(1, State.PARKED, 5, b"A")], State.READY, [1]),
    ("sound, newer than one held", Arrival(7, b"C", True), A_SOUND_B_HELD, [(2, State.HELD, 7, b"B")], State.READY, [2]),
    ("sound, a newer one is held", Arrival(6, b"C", True), A_SOUND_B_HELD, [(2, State.HELD, 7, b"B")], State.READY, []),
    ("held again", Arrival(5, b"A", False), A_HELD, [(1, State.HELD, 5, b"A")], None, []),
    ("held, mended without a change", Arrival(5, b"A", True), A_HELD, [(1, State.HELD, 5, b"A")], State.READY, [1]),
    ("held, older", Arrival(4, b"C", False), A_SOUND, [], State.SUPERSEDED, []),
    ("held, newer than sound ones in any state", Arrival(6, b"C", False), A_SOUND,
     [(1, State.READY, 5, b"A"), (2, State.PARKED, 4, b"Z")], State.HELD, []),
    ("held, newer than one held", Arrival(6, b"C", False), A_HELD, [(1, State.HELD, 5, b"A")], State.HELD, [1]),
    ("held, one conflict", Arrival(5, b"C", False), A_HELD, [(100, State.HELD, 5, b"A")], State.HELD, []),
    ("held, one put, two times", Arrival(6, b"C", False), A_HELD, [(100, State.HELD, 5, b"A")], State.HELD, []),
    ("no time", Arrival(0, b"C", False), A_SOUND_B_HELD, [(2, State.HELD, 7, b"B")], State.HELD, [2]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arrival", "head", "versions", "state", "overtaken"),
    [case[1:] for case in _CASES],
    ids=[c[0] for c in _CASES],
)
def test_place(
    arrival: Arrival,
    head: Head,
    versions: list[tuple[int, State, int, bytes]],
    state: State | None,
    overtaken: list[int],
) -> None:
    placement = place(arrival, head, _open(*versions), FIRST_SEQ)
    assert (placement.state, [version.seq for version in placement.overtakes]) == (state, overtaken)


def test_the_head_follows_the_order_and_not_the_arrival() -> None:
    head = first_head(1, 5, b"A", sound=True)
    assert head == Head(1, 5, b"A", True, 5, 1, b"A")
    head = head_after(head, 2, Arrival(4, b"old", True), 4)
    assert head == Head(2, 5, b"A", True, 5, 1, b"A")
    head = head_after(head, 3, Arrival(6, b"H", False), 6)
    assert head == Head(3, 6, b"H", False, 5, 1, b"A")
    head = head_after(head, 4, Arrival(5, b"same time", True), 5)
    assert head == Head(4, 6, b"H", False, 5, 4, b"same time")
