"""The file under the ledger: connections, the lock against a second writer, transactions, partitions, ids.

One connection writes, under one lock; a second one reads what is committed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from medferry.clock import ZONE, Clock
from medferry.outbox.sqlite.connection import (
    BUSY_TIMEOUT_S,
    Params,
    ReadConnection,
    Reason,
    Row,
    RowType,
    Stream,
    Value,
    check_version,
    fetch_among,
    has_old_names,
    old_named_heads,
    shorts,
    to_ms,
)
from medferry.outbox.sqlite.faults import OPENING, damaged_ledger, is_the_disk, left_alone, translated
from medferry.outbox.sqlite.ledger_file import Identity, check_whole, lock_out_others, make_new
from medferry.outbox.sqlite.migrations import SCHEMA_VERSION, SCHEMA_VERSION_LEAST, bring_up_to_date
from medferry.outbox.sqlite.statements import script, statement, statement_for, values_of
from medferry.outbox.sqlite.turns import Turns

WRITE_CACHE_KIB = 64 * 1024  # pages kept in memory: the bound of the ledger's own memory
PAGE_BYTES = (
    8_192  # payload chunks are tens of kilobytes: fewer, larger pages put them 10 % faster than 4,096
)
ROWS_AT_ONCE = (1_000, 100, 10)  # rows that one INSERT takes: few texts, each compiled once
STATEMENTS_KEPT = 256  # compiled, by their text
CHECKED_WHOLE_BYTES_MAX = (
    32 * 1024 * 1024
)  # a quarter of a second; ten gigabytes would take minutes at each start
SMALL_TABLES = ("streams", "routes", "reasons")  # each value stands in an index too: a rotten one is seen
CHECKPOINT_PAGES = 4_000  # 32 MB of log between check-points: pages touched often are written once


class Store:
    """The open ledger of the one process that writes it."""

    def __init__(self, path: Path, clock: Clock, node: str) -> None:
        path = Path(os.path.realpath(path))  # one ledger, one lock, by whatever name it is called
        self.path = path
        self._clock = clock
        self._turns = Turns()
        with ExitStack() as undo, translated(OPENING, path):
            self._lock_fd = lock_out_others(path)
            undo.callback(os.close, self._lock_fd)
            check_whole(path)
            if not path.exists():
                make_new(path, lambda new: _fill(new, node))
            path.chmod(0o600)  # patient data: the owner's eyes only
            self._identity = Identity(path)
            self._writer = _connected(path)
            undo.callback(self._writer.close)
            self._prepare(node)
            self.reading = ReadConnection(path)
            undo.pop_all()
        self.now_ms = 0
        self.day = ""
        self.epoch = 0
        self._numbers_before: tuple[int, ...] = ()
        self.node = node
        self._failed = ""
        self._forget()

    def _prepare(self, node: str) -> None:
        version = check_version(self._writer, self.path, SCHEMA_VERSION_LEAST)
        _check_pages(self._writer, self.path)
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            bring_up_to_date(self._writer, version)
            self._writer.execute(statement("set_version"), (SCHEMA_VERSION,))
            seconds = to_ms(self._clock.now()) // 1000
            self._writer.execute(statement("new_epoch"), {"seconds": seconds, "node": node})
            self._writer.execute(statement("end_leases"))
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._old_names = has_old_names(self._writer)
        self._writer.execute(statement("make_answered"))
        self._writer.execute(statement("make_opened"))

    def _forget(self) -> None:
        """Ids learnt in a transaction that did not commit never existed."""
        self._streams: dict[int, Stream] = {}
        self._stream_ids: dict[Stream, int] = {}
        self._routes: dict[str, int] = {}
        self._reasons: dict[Reason, int] = {}
        self._days: list[tuple[str, int]] = []
        self._known = False

    def _learn(self) -> None:
        if self._known:
            return
        for number, *rest in self._writer.execute(statement("streams")):
            self._streams[number] = Stream(*rest)
        self._stream_ids = {stream: number for number, stream in self._streams.items()}
        self._routes = {route: number for number, route in self._writer.execute(statement("routes"))}
        self._reasons = {
            Reason(*rest): number for number, *rest in self._writer.execute(statement("reasons"))
        }
        self._days = list(self._writer.execute(statement("days")))
        self._known = True

    @contextmanager
    def transaction(self, doing: str, *, brief: bool = True) -> Iterator[None]:
        """Everything inside is durable when it ends, or never happened. Long work lets brief work go before it."""
        with self._turns.taken(brief=brief), translated(doing, self.path):
            if self._failed:
                raise left_alone(doing, self.path, self._failed)
            self._identity.check(doing)
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                self._learn()
                self._begin()
                yield
                self._allot()
                self._writer.execute("COMMIT")
            except BaseException as error:
                self._forget()
                if is_the_disk(error):
                    self._failed = str(
                        getattr(error, "sqlite_errorname", "")
                    )  # nor is it written that it failed
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def _begin(self) -> None:
        _, self.node, self.epoch, *numbers = self._writer.execute(statement("meta")).fetchone()
        self.next_seq, self.next_head, self.next_message, self.next_batch = numbers
        self._numbers_before = tuple(numbers)
        now = self._clock.now()
        self.now_ms = to_ms(now)
        today = now.astimezone(ZONE).strftime("%Y%m%d")
        last = self._days[-1][0] if self._days else ""
        self.day = max(today, last)  # a clock set back must not open a day behind the newest sequence
        if self.day != last:
            for part in script("partition", self.day).split(";\n"):
                self._writer.execute(part)
            self.run("add_day", (self.day, self.next_seq))
            self._days.append((self.day, self.next_seq))

    def _allot(self) -> None:
        """Numbers given out in this transaction are given; one that gave none writes nothing and costs no sync."""
        numbers = (self.next_seq, self.next_head, self.next_message, self.next_batch)
        if numbers != self._numbers_before:
            self.run("allot", numbers)

    # Statements, inside a transaction.

    def run(self, name: str, params: Params = (), *, day: str | None = None) -> int:
        """Runs a named statement; returns rows changed."""
        return self._writer.execute(statement(name, day), params).rowcount

    def rows(self, name: str, params: Params = (), *, day: str | None = None) -> list[Row]:
        return self._writer.execute(statement(name, day), params).fetchall()

    def typed(
        self, kind: Callable[..., RowType], name: str, params: Params = (), *, day: str | None = None
    ) -> list[RowType]:
        """Rows as what medferry.outbox.sqlite.rows calls them."""
        return [kind(*row) for row in self.rows(name, params, day=day)]

    def values(self, name: str, params: Params = (), *, day: str | None = None) -> list[Any]:
        """Of statements with one column."""
        return [value for (value,) in self.rows(name, params, day=day)]

    def many(self, name: str, rows: Iterable[Sequence[Value]], *, day: str | None = None) -> int:
        """Runs a named statement for each; returns rows changed."""
        if not values_of(name):
            return self._writer.executemany(statement(name, day), rows).rowcount
        return self._inserted(name, list(chain.from_iterable(rows)), day)

    def columns(self, name: str, columns: Sequence[Sequence[Value]], *, day: str | None = None) -> int:
        """`many` for an INSERT whose values lie in columns of equal length."""
        width, height = len(columns), len(columns[0])
        assert width == values_of(name), f"{name} takes {values_of(name)} values, not {width}"
        flat: list[Value] = [None] * (width * height)
        for place, column in enumerate(columns):
            flat[place::width] = column
        return self._inserted(name, flat, day)

    def _inserted(self, name: str, flat: Sequence[Value], day: str | None) -> int:
        """Rows whose values lie one behind the other, as many as possible by one statement.

        Each statement hands the interpreter's lock over and has to win it back, which beside a busy thread costs far
        more than the row.
        """
        width = values_of(name)
        changed = at = 0
        for rows in ROWS_AT_ONCE:
            step = rows * width
            while len(flat) - at >= step:
                text = statement_for(rows, name, day)
                changed += self._writer.execute(text, flat[at : at + step]).rowcount
                at += step
        if at < len(flat):
            rest = [flat[start : start + width] for start in range(at, len(flat), width)]
            changed += self._writer.executemany(statement(name, day), rest).rowcount
        return changed

    def among(self, name: str, values: Sequence[Value]) -> list[Row]:
        """Rows of a statement with `IN ({many})`, in as many runs as needed."""
        return fetch_among(self._writer.execute, name, values)

    def heads(self, name: str, hashes: Collection[bytes]) -> list[Row]:
        """`ReadConnection.heads`, of key_hash and head_id first. Who is met under an older name is renamed."""
        wanted = set(hashes)
        rows = self.among(name, shorts(list(wanted)))
        found = [(hashed, *rest) for hashed, *rest in rows if hashed in wanted]
        if self._old_names:
            met = old_named_heads(self.among, name, wanted.difference(hashed for hashed, *_ in found))
            self.many("rename_head", [(*shorts([hashed]), hashed, head_id) for hashed, head_id, *_ in met])
            found += met
        return found

    # Small numbers for long names, and the day of a sequence.

    def stream_id(self, stream: Stream) -> int:
        found = self._stream_ids.get(stream)
        if found is None:
            found = self.values("add_stream", stream)[0]
            self._streams[found] = stream
            self._stream_ids[stream] = found
        return found

    def stream(self, stream_id: int) -> Stream:
        return self._streams[stream_id]

    def route_id(self, route: str) -> int:
        found = self._routes.get(route)
        if found is None:
            found = self._routes[route] = self.values("add_route", (route,))[0]
        return found

    def reason_id(self, reason: Reason) -> int:
        found = self._reasons.get(reason)
        if found is None:
            found = self._reasons[reason] = self.values("add_reason", reason)[0]
        return found

    def day_of(self, seq: int) -> str:
        """The partition of a sequence."""
        for day, first in reversed(self._days):
            if seq >= first:
                return day
        raise AssertionError(f"sequence {seq} lies before the first day")

    def days_between(self, first_seq: int, last_seq: int) -> list[tuple[str, int, int]]:
        """Partitions that hold sequences of a span: day, first sequence, end (not included)."""
        ends = [first for _, first in self._days[1:]] + [self.next_seq]
        return [
            (day, first, end)
            for (day, first), end in zip(self._days, ends, strict=True)
            if first <= last_seq and end > first_seq
        ]

    def close(self) -> None:
        with self._turns.taken(brief=True):
            self.reading.close()
            self._writer.close()
            if self._lock_fd >= 0:
                os.close(self._lock_fd)
                self._lock_fd = -1


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that writes durably."""
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_S,
        cached_statements=STATEMENTS_KEPT,
    )
    try:
        for pragma in (
            f"page_size = {PAGE_BYTES}",
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF", "temp_store = MEMORY",
            f"cache_size = -{WRITE_CACHE_KIB}", f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
            "journal_size_limit = 134217728", "secure_delete = FAST",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _fill(path: Path, node: str) -> None:
    """An empty file becomes an empty ledger."""
    with closing(_connected(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for part in script("schema").split(";\n"):
            connection.execute(part)
        connection.execute(statement("make_meta"), (SCHEMA_VERSION, node))
        connection.execute("COMMIT")


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """A damaged page is found before anything is sent: all of a small ledger, of a large one the tables that name things."""
    if path.stat().st_size <= CHECKED_WHOLE_BYTES_MAX:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise damaged_ledger(path, found)
    for table in SMALL_TABLES:
        found = connection.execute(f"PRAGMA integrity_check('{table}')").fetchone()[0]
        if found != "ok":
            raise damaged_ledger(path, found)
    for day, first_seq in connection.execute(statement("days")):
        if not (isinstance(day, str) and day.isdecimal() and len(day) == 8 and isinstance(first_seq, int)):
            raise damaged_ledger(path, "days 表里有一行不是日期")
