"""Goal: whatever bit of what decides what is sent flips on the disk, no other row is delivered; the damaged one is parked,
and delivered after its source has given it again. Method: bits are flipped in the stored values, one ledger for each."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from medferry.canonical import source_names
from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.events import RouteNoticed
from medferry.outbox.errors import LedgerDamaged
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.records import Outcome, SourceMarks, State
from medferry.testing.outbox_world import (
    ORDER,
    START,
    Record,
    contents,
    family,
    keyed,
    lease,
    rows_by_state,
    settle,
)

KEYS = ("a", "b", "c")
FLIPS = 120


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def opened(path: Path) -> SqliteOutbox:
    return SqliteOutbox(path, FixedClock(START), ORDER, "test")


def put(outbox: SqliteOutbox, batch_id: str = "B1") -> None:
    outbox.put(family(keyed("parent", [Record(key) for key in KEYS]), batch_id=batch_id))


def flipped(value: object) -> Iterator[object]:
    """The value with one bit changed, each in its turn."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(24))
        return
    raw = value.encode() if isinstance(value, str) else value
    assert isinstance(raw, bytes)
    for at in range(len(raw)):
        for bit in range(8):
            changed = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
            yield changed.decode("latin-1") if isinstance(value, str) else changed


def delivered(outbox: SqliteOutbox) -> list[tuple[str, str]]:
    """Key and content of all that leaves, accepted."""
    found: list[tuple[str, str]] = []
    while envelopes := lease(outbox):
        found += [pair for one in envelopes for pair in zip(one.keys, contents(one), strict=True)]
        settle(outbox, envelopes, Outcome.ACCEPTED)
    return sorted(found)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("payload", "blob"), ("payload", "first_seq"), ("payload", "rows"), ("payload", "codec"),
        ("payload", "key_id"), ("queue", "key"), ("queue", "digest"), ("queue", "stream_id"), ("queue", "place"),
        ("versions", "key"), ("versions", "digest"), ("versions", "stream_id"), ("versions", "sound"),
    ],
)  # fmt: skip
def test_no_flipped_bit_delivers_another_row(path: Path, table: str, column: str) -> None:
    with closing(opened(path)) as outbox:
        put(outbox)
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA ignore_check_constraints = ON")
        name = table
        if table != "queue":
            (name,) = base.execute(
                f"SELECT name FROM sqlite_schema WHERE name GLOB '{table}_2*[0-9]'"
            ).fetchone()
        (value,) = base.execute(f"SELECT {column} FROM {name} ORDER BY rowid LIMIT 1").fetchone()
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pristine = path.read_bytes()
    true = None
    for changed in (value, *flipped(value)):
        path.write_bytes(pristine)
        with closing(sqlite3.connect(path)) as base, base:
            base.execute("PRAGMA ignore_check_constraints = ON")
            base.execute(
                f"UPDATE {name} SET {column} = ? WHERE rowid = (SELECT min(rowid) FROM {name})", (changed,)
            )
        try:
            with closing(opened(path)) as outbox:
                found = delivered(outbox)
        except LedgerDamaged:
            found = []  # a small ledger is checked whole when it is opened
        if true is None:
            true = found
            assert [key for key, _ in true] == list(KEYS)
        assert set(found) <= set(true), f"{column} = {changed!r}"


def leaving(outbox: SqliteOutbox) -> set[tuple[str, ...]]:
    """All that leaves, accepted: where it goes, key and content."""
    found: set[tuple[str, ...]] = set()
    while envelopes := lease(outbox):
        for one in envelopes:
            place = (one.table, one.campus, one.org_code)
            found |= {(*place, *pair) for pair in zip(one.keys, contents(one), strict=True)}
        settle(outbox, envelopes, Outcome.ACCEPTED)
    return found


def test_no_flipped_bit_of_the_file_delivers_another_row(path: Path) -> None:
    """Goal: whatever bit the disk flips, headers, indexes and cells of all tables among them, what leaves is what was put,
    to where it was to go. Method: one bit in a byte that is not zero, drawn by a seed, then a run."""
    with closing(opened(path)) as outbox:
        put(outbox)
    pristine = path.read_bytes()
    with closing(opened(path)) as outbox:
        true = leaving(outbox)
    assert len(true) == len(KEYS)
    draw = Random(8)
    written = [at for at, byte in enumerate(pristine) if byte]
    for at in draw.sample(written, FLIPS):
        bit = draw.randrange(8)
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        path.write_bytes(pristine[:at] + bytes([pristine[at] ^ (1 << bit)]) + pristine[at + 1 :])
        try:
            with closing(opened(path)) as outbox:
                found = leaving(outbox)
        except OutboxError:
            continue  # it says so (the second: a table's own CHECK is damaged), and nothing leaves
        assert found <= true, f"byte {at}, bit {bit}"


def test_after_a_disk_error_nothing_more_is_written(path: Path) -> None:
    """Goal: a ledger that fails is left as it is, and nobody writes into it that it failed; the next run goes on.
    Method: the kernel refuses to let the ledger's log grow, then lets it again."""
    log = path.with_name(f"{path.name}-wal")
    with closing(opened(path)) as outbox:
        put(outbox)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
        try:
            with pytest.raises(OutboxError, match="磁盘读写出错"):
                outbox.put(family(keyed("parent", [Record("d")]), batch_id="B2"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        left = log.read_bytes()
        with pytest.raises(OutboxError, match="此后没有再写"):
            outbox.record([RouteNoticed("his.route", ("注意",))])
        assert log.read_bytes() == left
    with closing(opened(path)) as outbox:
        assert [key for key, _ in delivered(outbox)] == list(KEYS)
        outbox.put(family(keyed("parent", [Record("d")]), batch_id="B2"))
        assert [key for key, _ in delivered(outbox)] == ["d"]


def test_a_damaged_row_is_parked_and_comes_again_from_its_source(path: Path) -> None:
    with closing(opened(path)) as outbox:
        put(outbox)
    with closing(sqlite3.connect(path)) as base, base:
        (name,) = base.execute("SELECT name FROM sqlite_schema WHERE name GLOB 'payload_2*[0-9]'").fetchone()
        base.execute(f"UPDATE {name} SET blob = substr(blob, 1, length(blob) - 5)")
    with closing(opened(path)) as outbox:
        assert lease(outbox) == []
        assert rows_by_state(outbox) == {State.PARKED: 3}
        put(outbox, "B2")
        assert [key for key, _ in delivered(outbox)] == list(KEYS)
        assert rows_by_state(outbox) == {State.ACCEPTED: 3, State.SUPERSEDED: 3}


def test_a_damaged_rows_source_row_is_forgotten_and_its_neighbours_are_not(path: Path) -> None:
    names = source_names([f'{{"id":"N-{number:06}"}}' for number in range(3)])
    assert len({name[:3] for name in names}) == 1
    rows = replace(keyed("parent", [Record(f"K{number}") for number in range(3)]), source_rows=names)
    with closing(opened(path)) as outbox:
        outbox.put(replace(family(rows), marks=SourceMarks(names, rows.digests)))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE queue SET digest = ? WHERE seq = 2", (bytes(16),))
    with closing(opened(path)) as outbox:
        lease(outbox)
        assert rows_by_state(outbox)[State.PARKED] == 1
        assert outbox.knows("his.route", names) == [True, False, True]
