"""A ledger that notes every change of state."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from medferry.clock import Clock
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.records import State

_WATCH = """
CREATE TEMP TRIGGER watch_queue AFTER UPDATE OF state ON queue WHEN old.state <> new.state
BEGIN SELECT note(old.state, new.state); END;
"""
_WATCH_SETTLED = """
CREATE TEMP TRIGGER watch_settled_{day} BEFORE INSERT ON settled_{day}
BEGIN SELECT note(state, new.state) FROM queue WHERE seq = new.seq; END;
"""


class Watched(SqliteOutbox):
    """The ledger with triggers that note every change of state.

    A day that begins while it is open is watched from the next opening on.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        order: Sequence[tuple[str, int]],
        node: str,
        transitions: set[tuple[State, State]],
    ) -> None:
        super().__init__(path, clock, order, node)
        self.transitions = transitions
        self.writer.create_function("note", 2, self._note_transition)
        self.writer.execute("PRAGMA synchronous = OFF")  # no power fails here, and 200 worlds are to be quick
        self.writer.executescript(_WATCH)
        self.record([])  # the first transaction of a day makes its partition
        days = self.writer.execute("SELECT day FROM days").fetchall()
        for (day,) in days:
            self.writer.executescript(_WATCH_SETTLED.format(day=day))

    @property
    def writer(self) -> sqlite3.Connection:
        return self._store._writer

    def _note_transition(self, old: str, new: str) -> None:
        self.transitions.add((State(old), State(new)))
