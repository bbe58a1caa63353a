"""Reading the ledger: the file's connection, SQLite's errors in our words, rows of what is committed."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from medferry.canonical import BEGINNING_BYTES, digest
from medferry.clock import ZONE
from medferry.outbox.sqlite.faults import (
    OPENING,
    another_database,
    another_version,
    damaged_ledger,
    no_ledger,
    translated,
)
from medferry.outbox.sqlite.ledger_file import check_whole
from medferry.outbox.sqlite.migrations import SCHEMA_VERSION, SCHEMA_VERSION_LEAST
from medferry.outbox.sqlite.rows import Meta
from medferry.outbox.sqlite.statements import statement

VARIABLES_MAX = 10_000  # per statement; SQLite allows 32,766 from version 3.32 on
READ_CACHE_KIB = 8 * 1024
BUSY_TIMEOUT_S = 5.0  # a reader never blocks us; an operator's shell may

Value = str | int | bytes | None
Params = Sequence[Value] | Mapping[str, Value]
Row = tuple[Any, ...]  # as the database gives it: a wire
RowType = TypeVar("RowType")


class Stream(NamedTuple):
    """What rows of one envelope share."""

    table: str
    campus: str
    org_code: str
    edition: str


class Reason(NamedTuple):
    """What a finding says."""

    check: str
    code: str
    field: str
    severity: str
    rule_id: str


def to_ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=ZONE)


def shorts(hashes: Sequence[bytes]) -> tuple[int, ...]:
    """The first eight bytes of each hash as a number; all hashes are equally long, whole eights."""
    if not hashes:
        return ()
    joined = b"".join(hashes)
    assert len(joined) == len(hashes) * len(hashes[0]), "hashes of different length"
    numbers = array("q", joined)
    if sys.byteorder == "little":
        numbers.byteswap()
    return tuple(numbers[:: len(numbers) // len(hashes)])


def mark_ids(route: str, key_hashes: Sequence[bytes]) -> list[int]:
    """The place of each source row's mark: marks of neighbours lie together."""
    mix = digest(route)
    (mixed,) = shorts([mix[8 : 8 + BEGINNING_BYTES] + mix[: 8 - BEGINNING_BYTES]])
    return [short ^ mixed for short in shorts(key_hashes)]


def source_row_ids(route: str, key_hashes: Sequence[bytes]) -> list[int]:
    """What versions call the source row they came from; up to version 5 its mark stood there too.

    The low five bytes of a mark's place are the high five bytes of this number.
    """
    (mixed,) = shorts([digest(route)])
    return [
        short ^ mixed
        for short in shorts([name[BEGINNING_BYTES : BEGINNING_BYTES + 8] for name in key_hashes])
    ]


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot change the ledger; the ledger must exist and be of this program's version."""
    if not path.exists():
        raise no_ledger(path)
    check_whole(path)
    with translated(OPENING, path):
        connection = sqlite3.connect(
            f"{Path(os.path.realpath(path)).as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False,
            timeout=BUSY_TIMEOUT_S,
        )  # fmt: skip
        # Not mode=ro: the last reader of a log-mode database must be able to make its shared-memory file.
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA cache_size = -{READ_CACHE_KIB}")
        check_version(connection, path)
    return connection


def check_version(connection: sqlite3.Connection, path: Path, least: int = SCHEMA_VERSION) -> int:
    """The ledger's version. A ledger that a newer program wrote, and another program's file, are left alone."""
    if connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'").fetchone()[0] == 0:
        raise another_database(path)
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(meta)")}
    if not columns.issuperset(Meta._fields):
        raise another_database(path)
    found = connection.execute(statement("meta")).fetchone()
    if found is None:
        raise damaged_ledger(path, "meta 表是空的")
    version = Meta._make(found).schema_version
    if not least <= version <= SCHEMA_VERSION:
        raise another_version(path, version, SCHEMA_VERSION, SCHEMA_VERSION_LEAST)
    return version


def fetch_among(execute: Callable[..., sqlite3.Cursor], name: str, values: Sequence[Value]) -> list[Row]:
    """Rows of a statement with `IN ({many})`."""
    text = statement(name)
    found: list[Row] = []
    for start in range(0, len(values), VARIABLES_MAX):
        part = values[start : start + VARIABLES_MAX]
        found += execute(text.replace("{many}", ",".join("?" * len(part))), part).fetchall()
    return found


def has_old_names(connection: sqlite3.Connection) -> bool:
    """Whether heads and marks may still bear the names that keys had up to version 5."""
    return connection.execute(statement("old_names")).fetchone() is not None


def old_named_heads(
    among: Callable[[str, Sequence[Value]], list[Row]], name: str, missing: Collection[bytes]
) -> list[Row]:
    """Heads that bear the older names of these keys, each by the name asked for.

    among  asks a statement with `IN ({many})` whose first column is key_hash
    name   of that statement

    The older name was the hash of the whole key; all but the last bytes of it stand in the newer one, behind what it
    begins with. So it is found where no version tells the key any more, and for parents that never came.
    """
    by_whole = {hashed[BEGINNING_BYTES:]: hashed for hashed in missing}
    rows = among(name, shorts([whole[:8] for whole in by_whole])) if by_whole else []
    found = ((by_whole.get(old_name[:-BEGINNING_BYTES]), rest) for old_name, *rest in rows)
    return [(hashed, *rest) for hashed, rest in found if hashed is not None]


class ReadConnection:
    """A connection of its own on the ledger, for any number of threads; never waits for the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.RLock()
        self._connection = open_for_reading(path)
        self._old_names = has_old_names(self._connection)
        self._streams: dict[int, Stream] = {}

    @contextmanager
    def snapshot(self, doing: str) -> Iterator[None]:
        """Everything read inside is of one moment."""
        with self._guard, translated(doing, self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def rows(self, name: str, params: Params = (), *, day: str | None = None) -> list[Row]:
        with self._guard, translated("读取账本", self.path):
            return self._connection.execute(statement(name, day), params).fetchall()

    def typed(
        self, kind: Callable[..., RowType], name: str, params: Params = (), *, day: str | None = None
    ) -> list[RowType]:
        """Rows as what medferry.outbox.sqlite.rows calls them."""
        return [kind(*row) for row in self.rows(name, params, day=day)]

    def values(self, name: str, params: Params = (), *, day: str | None = None) -> list[Any]:
        """Of statements with one column."""
        return [value for (value,) in self.rows(name, params, day=day)]

    def among(self, name: str, values: Sequence[Value]) -> list[Row]:
        """Rows of a statement with `IN ({many})`, in as many runs as needed."""
        with self._guard, translated("读取账本", self.path):
            return fetch_among(self._connection.execute, name, values)

    def heads(self, name: str, hashes: Collection[bytes]) -> list[Row]:
        """Heads of these keys by a statement whose first column is key_hash: no stranger, and each by the name asked for."""
        wanted = set(hashes)
        rows = self.among(name, shorts(list(wanted)))
        found = [(hashed, *rest) for hashed, *rest in rows if hashed in wanted]
        if self._old_names:
            missing = wanted.difference(hashed for hashed, *_ in found)
            found += old_named_heads(self.among, name, missing)
        return found

    def marks(self, route: str, names: Sequence[bytes]) -> list[int | None]:
        """What was noted of each source row; None of one that never came."""
        ids = mark_ids(route, names)
        noted: dict[int, int] = dict(self.among("marks_among", ids))
        if self._old_names:
            old_ids = source_row_ids(route, names)
            missing = [old for place, old in zip(ids, old_ids, strict=True) if place not in noted]
            before: dict[int, int] = dict(self.among("marks_among", missing))
            return [noted.get(place, before.get(old)) for place, old in zip(ids, old_ids, strict=True)]
        return [noted.get(place) for place in ids]

    def stream(self, stream_id: int) -> Stream:
        if stream_id not in self._streams:
            self._streams = {number: Stream(*stream) for number, *stream in self.rows("streams")}
        return self._streams[stream_id]

    def knows_stream(self, stream_id: int) -> bool:
        """Whether there is such a stream; a damaged number names none."""
        if stream_id not in self._streams:
            self._streams = {number: Stream(*stream) for number, *stream in self.rows("streams")}
        return stream_id in self._streams

    def days(self) -> list[tuple[str, int]]:
        """Partitions with their first sequences, oldest first."""
        return [(day, first) for day, first in self.rows("days")]

    def close(self) -> None:
        with self._guard:
            self._connection.close()
