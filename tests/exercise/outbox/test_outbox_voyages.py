"""Seeded worlds around the ledger."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from watched_ledger import Watched

from medferry.clock import Clock
from medferry.outbox.outbox import Outbox
from medferry.records import EXITS, State
from medferry.testing.outbox_voyage import Voyage
from medferry.testing.outbox_world import ORDER


def _arm(outbox: Outbox, rng: random.Random) -> None:
    """The next call dies after so many steps of SQLite's machine, wherever that is; the transaction never ends."""
    assert isinstance(outbox, Watched)
    outbox.writer.set_progress_handler(lambda: 1, rng.choice((20, 60, 200, 600, 2_000, 6_000)))


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_lost_doubled_or_reversed(seed: int, tmp_path: Path) -> None:
    """Goal: whatever breaks, the platform ends with the newest sound version of every record that could come.
    Method: hospital, platform, faults and kills from one seed; every change of state is watched."""
    transitions: set[tuple[State, State]] = set()
    opened: list[Watched] = []

    def make(clock: Clock) -> Outbox:
        opened.append(Watched(tmp_path / "ledger.sqlite", clock, ORDER, "test", transitions))
        return opened[-1]

    voyage = Voyage(seed, make, _arm, families=15)
    voyage.run()
    outbox = opened[-1]
    outbox.writer.set_progress_handler(None, 0)
    assert voyage.complaints() == []
    _assert_books_balance(outbox)
    outbox.close()
    assert {(old, new) for old, new in transitions if new not in EXITS[old]} == set()


def _assert_books_balance(outbox: Watched) -> None:
    """Every version is in the queue or settled, never both; gates and envelopes point to rows that are there."""
    (days,) = zip(*outbox.writer.execute("SELECT day FROM days").fetchall(), strict=True)
    versions = " UNION ALL ".join(f"SELECT seq FROM versions_{day}" for day in days)
    settled = " UNION ALL ".join(f"SELECT seq, state FROM settled_{day}" for day in days)
    wrong = outbox.writer.execute(
        f"SELECT v.seq FROM ({versions}) v LEFT JOIN queue q USING (seq) LEFT JOIN ({settled}) s USING (seq) "
        "WHERE (q.seq IS NULL) = (s.seq IS NULL)"
    ).fetchall()
    assert wrong == []
    tallied = outbox.writer.execute(
        "SELECT state, sum(rows) FROM tallies GROUP BY state ORDER BY state"
    ).fetchall()
    counted = outbox.writer.execute(
        f"SELECT state, count(*) FROM ({settled}) GROUP BY state ORDER BY state"
    ).fetchall()
    assert tallied == counted
    assert outbox.writer.execute("SELECT count(*) FROM envelopes").fetchone() == (0,)
    stray = (
        "SELECT count(*) FROM waits WHERE seq NOT IN (SELECT seq FROM queue WHERE state = 'waiting_parent')"
    )
    assert outbox.writer.execute(stray).fetchone() == (0,)
