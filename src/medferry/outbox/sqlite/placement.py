"""What becomes of a version that arrives: the rules of decisions/0003 as one pure function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from medferry.records import State

UNSENT = frozenset({State.WAITING_PARENT, State.READY})
STOPPED = frozenset({State.REFUSED, State.PARKED})


class Head(NamedTuple):
    """What the ledger knows of a key. Times are numbers yyyymmddhhmmss, 0 for none."""

    last_seq: int
    newest_time: int
    newest_digest: bytes
    newest_sound: int  # 0 or 1: sqlite3 binds a bool the slow way
    sound_time: int | None
    sound_seq: int | None
    sound_digest: bytes | None


class OpenVersion(NamedTuple):
    """A version of the key that is not final."""

    seq: int
    state: State
    source_time: int
    digest: bytes
    stream_id: int


class Arrival(NamedTuple):
    """A version at the door."""

    source_time: int
    digest: bytes
    sound: bool


class Placement(NamedTuple):
    """Where it goes.

    state        READY for a sound one that may go (gates come after), HELD, SUPERSEDED; None: nothing new
    source_time  its place in the order; a version without a time takes the newest one's
    overtakes    open versions that it makes superseded; also of something not new: what is held no longer stands
    same_as      the open held version that it repeats
    """

    state: State | None
    source_time: int = 0
    overtakes: tuple[OpenVersion, ...] = ()
    same_as: int | None = None


def place(arrival: Arrival, head: Head, open_versions: Sequence[OpenVersion], first_seq: int) -> Placement:
    """`first_seq` begins this put: held versions of one key that come together are one conflict, and all stay."""
    time = arrival.source_time or head.newest_time
    if arrival.sound:
        return _place_sound(arrival, time, head, open_versions)
    return _place_held(arrival, time, head, open_versions, first_seq)


def _place_sound(arrival: Arrival, time: int, head: Head, open_versions: Sequence[OpenVersion]) -> Placement:
    stood_over = tuple(v for v in open_versions if v.state is State.HELD and v.source_time <= time)
    if arrival.digest == head.sound_digest:
        # Only held versions came after it. To send it again would be one version under two message ids.
        return Placement(None, time, stood_over)
    if head.newest_sound and arrival.digest == head.newest_digest:
        return Placement(None)  # the newest version, withdrawn by a person
    if head.sound_time is not None and time < head.sound_time:
        return Placement(State.SUPERSEDED, time)
    resting = tuple(v for v in open_versions if v.state in UNSENT or v.state in STOPPED)
    return Placement(State.READY, time, resting + stood_over)


def _place_held(
    arrival: Arrival, time: int, head: Head, open_versions: Sequence[OpenVersion], first_seq: int
) -> Placement:
    held = [version for version in open_versions if version.state is State.HELD]
    for version in held:
        if version.digest == arrival.digest:
            return Placement(None, same_as=version.seq)
    if not head.newest_sound and arrival.digest == head.newest_digest:
        return Placement(None)
    conflicting = {v.seq for v in held if v.seq >= first_seq}
    if time < head.newest_time and not conflicting:
        return Placement(State.SUPERSEDED, time)
    return Placement(State.HELD, time, tuple(v for v in held if v.seq not in conflicting))


def first_head(seq: int, source_time: int, digest: bytes, sound: bool) -> Head:
    """The head of a key whose first version is kept under `seq`."""
    if sound:
        return Head(seq, source_time, digest, 1, source_time, seq, digest)
    return Head(seq, source_time, digest, 0, None, None, None)


def head_after(head: Head, seq: int, arrival: Arrival, source_time: int) -> Head:
    """The key's head once one more version is kept under `seq`."""
    newest_time, digest, sound = head.newest_time, head.newest_digest, head.newest_sound
    if source_time >= newest_time:
        newest_time, digest, sound = source_time, arrival.digest, int(arrival.sound)
    if arrival.sound and (head.sound_time is None or source_time >= head.sound_time):
        return Head(seq, newest_time, digest, sound, source_time, seq, arrival.digest)
    return Head(seq, newest_time, digest, sound, head.sound_time, head.sound_seq, head.sound_digest)
