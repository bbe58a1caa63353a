"""Parents' columns out of payload chunks: the right row of the right chunk, whatever is remembered and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from medferry.canonical import key_hash
from medferry.clock import FixedClock
from medferry.outbox.sqlite.connection import ReadConnection
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.parents import Parents
from medferry.outbox.sqlite.payload import CHUNK_ROWS_MAX
from medferry.testing.outbox_world import ORDER, ORG, START, Record, family, keyed

ROWS = 3 * CHUNK_ROWS_MAX + 7


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """ROWS parents, put on two days; every third one then got a newer version."""
    clock = FixedClock(START)
    outbox = SqliteOutbox(tmp_path / "ledger.sqlite", clock, ORDER, "test")
    outbox.put(family(keyed("parent", [Record(f"K{n}", 1, f"first {n}") for n in range(0, ROWS, 2)])))
    clock.advance(timedelta(days=1))
    outbox.put(family(keyed("parent", [Record(f"K{n}", 1, f"first {n}") for n in range(1, ROWS, 2)])))
    outbox.put(family(keyed("parent", [Record(f"K{n}", 2, f"second {n}") for n in range(0, ROWS, 3)])))
    outbox.close()
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def reading(ledger: Path) -> Iterator[ReadConnection]:
    reading = ReadConnection(ledger)
    yield reading
    reading.close()


def hashes(numbers: list[int]) -> list[bytes]:
    return [key_hash("parent", ORG, f"K{n}") for n in numbers]


@pytest.mark.parametrize("rows_max", [0, CHUNK_ROWS_MAX, 10 * ROWS])
@pytest.mark.parametrize("chunks_max", [0, 1, 2, 100])
def test_any_parents_in_any_order(reading: ReadConnection, rows_max: int, chunks_max: int) -> None:
    parents, random = Parents(reading, rows_max, chunks_max), Random(7)
    for _ in range(8):
        numbers = random.sample(range(ROWS), random.randrange(1, ROWS))
        found = dict(parents.of("parent", hashes(numbers), ["id", "content"]).iter_rows())
        assert found == {f"K{n}": f"{'first' if n % 3 else 'second'} {n}" for n in numbers}


def test_a_column_asked_for_later_is_read_of_rows_already_remembered(reading: ReadConnection) -> None:
    parents = Parents(reading)
    assert parents.of("parent", hashes([1, 3]), ["id"]).rows() == [("K1",), ("K3",)]
    assert parents.of("parent", hashes([1, 3]), ["content", "id"]).rows() == [
        ("first 1", "K1"),
        ("second 3", "K3"),
    ]
    assert parents.of("parent", hashes([1, 3]), ["id"]).columns == ["id"], "no more than what is asked for"


def test_what_nobody_kept_is_not_there(reading: ReadConnection) -> None:
    found = Parents(reading).of("parent", [*hashes([5]), b"\0" * 16], ["id", "never written"])
    assert found.rows() == [("K5", None)]
