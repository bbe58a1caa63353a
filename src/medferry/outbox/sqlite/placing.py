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
    newest_sound: bool
    sound_time: int | None
    sound_seq: int | None


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
    overtakes    open versions that it makes superseded
    same_as      the open held version that it repeats
    """

    state: State | None
    source_time: int = 0
    overtakes: tuple[OpenVersion, ...] = ()
    same_as: int | None = None


def place(arrival: Arrival, head: Head, open_versions: Sequence[OpenVersion], first_seq: int) -> Placement:
    """`first_seq` begins this put: held versions of one put and one time are one conflict, and all stay."""
    time = arrival.source_time or head.newest_time
    if not arrival.sound:
        for version in open_versions:
            if version.state is State.HELD and version.digest == arrival.digest:
                return Placement(None, same_as=version.seq)
    if arrival.digest == head.newest_digest and arrival.sound == head.newest_sound:
        return Placement(None)
    if arrival.sound:
        if head.sound_time is not None and time < head.sound_time:
            return Placement(State.SUPERSEDED, time)
        overtaken = (
            version
            for version in open_versions
            if version.state in UNSENT
            or version.state in STOPPED
            or (version.state is State.HELD and version.source_time <= time)
        )
        return Placement(State.READY, time, tuple(overtaken))
    if time < head.newest_time:
        return Placement(State.SUPERSEDED, time)
    overtaken = (
        version
        for version in open_versions
        if version.state is State.HELD and not (version.seq >= first_seq and version.source_time == time)
    )
    return Placement(State.HELD, time, tuple(overtaken))


def head_after(head: Head | None, seq: int, arrival: Arrival, source_time: int) -> Head:
    """The key's head once the version is kept under `seq`."""
    if head is None:
        sound_time, sound_seq = (source_time, seq) if arrival.sound else (None, None)
        return Head(seq, source_time, arrival.digest, arrival.sound, sound_time, sound_seq)
    newest_time, digest, sound = head.newest_time, head.newest_digest, head.newest_sound
    if source_time >= newest_time:
        newest_time, digest, sound = source_time, arrival.digest, arrival.sound
    sound_time, sound_seq = head.sound_time, head.sound_seq
    if arrival.sound and (sound_time is None or source_time >= sound_time):
        sound_time, sound_seq = source_time, seq
    return Head(seq, newest_time, digest, sound, sound_time, sound_seq)
