"""What each arriving row becomes, worked out column by column before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from medferry.outbox.sqlite.connection import shorts
from medferry.outbox.sqlite.placement import Arrival, Head, OpenVersion, first_head, head_after, place
from medferry.outbox.sqlite.store import Store
from medferry.records import KeyedRows, State

T = TypeVar("T")

NewHead = tuple[int, bytes, int, int, bytes, int, int | None, int | None, bytes | None]
"""Short hash and hash of a key, then its Head."""


@dataclass(slots=True)
class Work:
    """What one round of rows of different keys changes.

    Rows that become versions are kept side by side in the columns from `positions` to `parents`; a row's sequence is
    `first_seq` plus its place there.

    positions    in the rows given
    newcomers    short hashes, when no key was known before: then all heads come from the versions
    known_heads  what the heads that there are become: Head and number
    new_heads    keys that get a number now
    ids          number of the head by key hash; complete once the new heads are written, but for newcomers
    head_ids     of the rows kept, once the heads are written
    parents      JSON of the heads that a row names as parents
    seen_again   position -> the open held version that it repeats
    """

    first_seq: int
    positions: Sequence[int] = ()
    states: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    previous: list[int | None] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    newcomers: Sequence[int] = ()
    ids: dict[bytes, int] = field(default_factory=dict)
    head_ids: Sequence[int] = ()
    known_heads: list[tuple[int | bytes | None, ...]] = field(default_factory=list)
    new_heads: list[NewHead] = field(default_factory=list)
    overtaken: list[OpenVersion] = field(default_factory=list)
    seen_again: dict[int, int] = field(default_factory=dict)
    unchanged: int = 0

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def sequences(self) -> range:
        return range(self.first_seq, self.first_seq + len(self.positions))

    def of(self, column: Sequence[T]) -> Sequence[T]:
        """A column of the rows given, as far as they are kept."""
        if len(self.positions) == len(column):
            return column
        return [column[position] for position in self.positions]


def judged(store: Store, rows: KeyedRows, positions: Sequence[int], put_began: int) -> Work:
    """Decides for rows of different keys, from two reads of the ledger.

    put_began  the first sequence of this put
    """
    whole = len(positions) == len(rows)
    hashes = rows.key_hashes if whole else [rows.key_hashes[position] for position in positions]
    found = store.heads("heads_among", hashes)
    if not found:
        return _newcomers(rows, positions, shorts(hashes), store.next_seq)
    work = Work(store.next_seq, ids={key_hash: head_id for key_hash, head_id, *_ in found})
    heads = {key_hash: Head(*head) for key_hash, _, *head in found if head[0] is not None}
    open_versions: dict[int, list[OpenVersion]] = {}
    for head_id, *version in store.among("open_among", list(work.ids.values())):
        version[1] = State(version[1])
        open_versions.setdefault(head_id, []).append(OpenVersion(*version))
    kept = [
        position
        for position in positions
        if _placed(rows, position, heads.get(rows.key_hashes[position]), open_versions, work, put_began)
    ]
    work.positions = kept
    return work


def _newcomers(
    rows: KeyedRows, positions: Sequence[int], short_hashes: Sequence[int], first_seq: int
) -> Work:
    """Keys that the ledger has never heard of, as nearly all of a back-fill: there is nothing to compare with."""
    work = Work(first_seq, positions, newcomers=short_hashes)
    work.times = [order_time(text) for text in work.of(rows.source_times)]
    work.states = [_READY if fine else _HELD for fine in work.of(rows.sound)]
    work.previous = [None] * len(positions)
    return work


def _placed(
    rows: KeyedRows,
    position: int,
    head: Head | None,
    open_versions: dict[int, list[OpenVersion]],
    work: Work,
    put_began: int,
) -> bool:
    """Whether the row becomes a version; writes down everything that follows."""
    key_hash, sound = rows.key_hashes[position], rows.sound[position]
    time, digest = order_time(rows.source_times[position]), rows.digests[position]
    seq = work.first_seq + len(work.states)
    if head is None:
        work.states.append(_READY if sound else _HELD)
        work.times.append(time)
        work.previous.append(None)
        _set_head(work, key_hash, first_head(seq, time, digest, sound))
        return True
    arrival = Arrival(time, digest, sound)
    placement = place(arrival, head, open_versions.get(work.ids[key_hash], ()), put_began)
    work.overtaken += placement.overtakes
    if placement.state is None:
        work.unchanged += 1
        if placement.overtakes:
            _set_head(work, key_hash, head._replace(newest_digest=digest, newest_sound=1))
        if placement.same_as is not None:
            work.seen_again[position] = placement.same_as
        return False
    work.states.append(placement.state.value)
    work.times.append(placement.source_time)
    work.previous.append(head.last_seq)
    _set_head(work, key_hash, head_after(head, seq, arrival, placement.source_time))
    return True


def _set_head(work: Work, key_hash: bytes, head: Head) -> None:
    head_id = work.ids.get(key_hash)
    if head_id is None:
        (short,) = shorts([key_hash])
        work.new_heads.append((short, key_hash, *head))
    else:
        work.known_heads.append((*head, head_id))


_READY, _HELD = State.READY.value, State.HELD.value  # plain texts: sqlite3 adapts what is not exactly a str


def order_time(text: str) -> int:
    """A source time as a number; what is no DT15 has no place of its own in the order."""
    digits = text[:8] + text[9:]
    return int(digits) if len(text) == 15 and text[8] == "T" and digits.isascii() and digits.isdigit() else 0


def rounds(hashes: Sequence[bytes]) -> Iterator[Sequence[int]]:
    """Positions in rounds of different keys: a key that comes twice is judged twice, in order."""
    if len(set(hashes)) == len(hashes):
        if hashes:
            yield range(len(hashes))
        return
    seen: Counter[bytes] = Counter()
    found: list[list[int]] = []
    for position, key_hash in enumerate(hashes):
        turn = seen[key_hash]
        seen[key_hash] += 1
        if turn == len(found):
            found.append([])
        found[turn].append(position)
    yield from found
