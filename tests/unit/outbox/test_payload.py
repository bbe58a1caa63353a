"""Goal: rows are found in their chunks whatever is asked for, and short hashes are what ledgers on disk hold.
Method: chunks of known rows behind a reader that counts; the first eight bytes by the definition.
"""

from __future__ import annotations

import random

import pytest

from medferry.outbox.sqlite.connection import Row, shorts
from medferry.outbox.sqlite.payload import CHUNK_ROWS_MAX, Bodies, chunks

FIRST = 7
ROWS = [f"row {number}".encode() for number in range(2 * CHUNK_ROWS_MAX + 9)]


class Shelf:
    """Chunks as the ledger gives them."""

    def __init__(self) -> None:
        self.chunks = list(chunks(FIRST, ROWS))
        self.reads = 0

    def __call__(self, seq: int) -> Row | None:
        self.reads += 1
        for first_seq, rows, blob in self.chunks:
            if first_seq <= seq < first_seq + rows:
                return first_seq, rows, "zstd", "", blob
        return None


@pytest.mark.parametrize(
    "sequences",
    [
        [],
        [FIRST],
        range(FIRST, FIRST + len(ROWS)),
        range(FIRST + CHUNK_ROWS_MAX - 1, FIRST + CHUNK_ROWS_MAX + 2),
        range(FIRST, FIRST + len(ROWS), 3),
        [FIRST, FIRST + 1, FIRST + 5, FIRST + CHUNK_ROWS_MAX, FIRST + len(ROWS) - 1],
        sorted(random.Random(5).sample(range(FIRST, FIRST + len(ROWS)), 200)),
    ],
)
def test_many_rows_are_the_rows_one_by_one(sequences: list[int]) -> None:
    shelf = Shelf()
    bodies = Bodies(shelf)
    assert bodies.many(sequences) == [ROWS[seq - FIRST] for seq in sequences]
    assert bodies.many(sequences) == [Bodies(Shelf()).bytes_of(seq) for seq in sequences]
    assert shelf.reads <= len(shelf.chunks)


def test_a_short_hash_is_the_first_eight_bytes() -> None:
    hashes = [bytes(range(16)), b"\xff" * 16, bytes(16), b"\x80" + bytes(15)]
    wanted = tuple(int.from_bytes(one[:8], signed=True) for one in hashes)
    assert shorts(hashes) == wanted
    assert shorts([one[:8] for one in hashes]) == wanted
    assert shorts([]) == ()
