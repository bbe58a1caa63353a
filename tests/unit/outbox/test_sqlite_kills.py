"""Goal: a process killed at any step of a call leaves nothing of the call, or all of it.
Method: a child process does one call and kills itself (SIGKILL) when SQLite starts a named statement; the parent
opens the ledger again, compares it with the state before and after, and lets the work go on to its end."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.outbox.outbox import Why
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.records import State
from medferry.testing.outbox_world import (
    ORDER,
    START,
    Record,
    contents,
    family,
    keyed,
    lease,
    receipt,
    rows_by_state,
    settle,
)

_CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_sqlite_kills as here
path, call, marker, turn = Path(sys.argv[2]), sys.argv[3], sys.argv[4], [int(sys.argv[5])]
outbox = here.opened(path)
def trace(sql):
    if marker in sql:
        turn[0] -= 1
        if turn[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
if marker:
    outbox._store._writer.set_trace_callback(trace)
here.CALLS[call](outbox)
os.kill(os.getpid(), signal.SIGKILL)
"""


def opened(path: Path) -> SqliteOutbox:
    return SqliteOutbox(path, FixedClock(START), ORDER, "test")


def _put(outbox: SqliteOutbox) -> None:
    child = Record("c", 2, "child", parents=(("parent", "a"),))
    rows = [Record("a", 2, "newer"), Record("b", 2, "held", sound=False)]
    outbox.put(family(keyed("child", [child]), keyed("parent", rows), batch_id="B2"))


def _lease(outbox: SqliteOutbox) -> None:
    lease(outbox)


def _settle(outbox: SqliteOutbox) -> None:
    outbox.settle([receipt(unknown.envelope) for unknown in outbox.unknown(9)])


LEASE_OVER = timedelta(minutes=5)
CALLS = {"put": _put, "lease": _lease, "settle": _settle}


def _prepare(path: Path, call: str) -> dict[State, int]:
    outbox = opened(path)
    outbox.put(
        family(
            keyed("parent", [Record("a", 1, "older")]),
            keyed("child", [Record("c", 1, parents=(("parent", "a"),))]),
        )
    )
    if call == "settle":
        (envelope,) = lease(outbox)
        outbox.mark_unknown(envelope.message_id, Why("lost"))
    states = rows_by_state(outbox)
    outbox.close()
    return states


_AFTER = {
    "put": {State.READY: 1, State.WAITING_PARENT: 1, State.HELD: 1, State.SUPERSEDED: 2},
    "lease": {State.LEASED: 1, State.WAITING_PARENT: 1},
    "settle": {State.ACCEPTED: 1, State.READY: 1},
}


@pytest.mark.parametrize(
    ("call", "marker", "turn", "done"),
    [
        ("put", "BEGIN IMMEDIATE", 1, False),
        ("put", "INSERT INTO heads", 1, False),
        ("put", "INSERT INTO versions_", 2, False),
        ("put", "INSERT INTO settled_", 1, False),
        ("put", "INSERT INTO payload_", 2, False),
        ("put", "INSERT OR REPLACE INTO source_marks", 2, False),
        ("put", "INSERT INTO journal_", 1, False),
        ("put", "UPDATE meta", 1, False),
        ("put", "COMMIT", 1, False),
        ("put", "", 1, True),
        ("lease", "UPDATE queue SET state = 'leased'", 1, False),
        ("lease", "INSERT INTO messages_", 1, False),
        ("lease", "COMMIT", 1, False),
        ("lease", "", 1, True),
        ("settle", "INSERT INTO settled_", 1, False),
        ("settle", "UPDATE heads", 1, False),
        ("settle", "DELETE FROM queue", 1, False),
        ("settle", "DELETE FROM envelopes", 1, False),
        ("settle", "COMMIT", 1, False),
        ("settle", "", 1, True),
    ],
)  # fmt: skip
def test_killed_there_it_is_nothing_or_everything(
    call: str, marker: str, turn: int, done: bool, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.sqlite"
    before = _prepare(path, call)
    arguments = [str(Path(__file__).parent), str(path), call, marker, str(turn)]
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *arguments], check=False, capture_output=True, text=True
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    outbox = opened(path)
    assert rows_by_state(outbox) == (_AFTER[call] if done else before)
    _go_on(outbox, call)
    outbox.close()


def _go_on(outbox: SqliteOutbox, call: str) -> None:
    """The work goes on to its end, whatever was cut off."""
    outbox._clock.advance(LEASE_OVER)  # type: ignore[attr-defined]
    outbox.rescue()
    settle(outbox, [unknown.envelope for unknown in outbox.unknown(9)])
    if call == "put":
        _put(outbox)
    sent = []
    while envelopes := lease(outbox):
        sent += [text for envelope in envelopes for text in contents(envelope)]
        settle(outbox, envelopes)
    states = rows_by_state(outbox)
    assert states[State.ACCEPTED] == 2
    assert states.get(State.HELD, 0) == (1 if call == "put" else 0)
    if call == "put":
        assert sent == ["newer", "child"]
