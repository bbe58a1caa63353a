"""The shipped suite on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from medferry.clock import Clock
from medferry.outbox.outbox import Outbox
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.testing.exercise_outbox import ORDER, OUTBOX_EXERCISES, Exercise, MakeOutbox


@pytest.fixture
def make_outbox(tmp_path: Path) -> Iterator[MakeOutbox]:
    opened: list[SqliteOutbox] = []

    def make(clock: Clock) -> Outbox:
        opened.append(SqliteOutbox(tmp_path / "ledger.sqlite", clock, ORDER, "test"))
        return opened[-1]

    yield make
    for outbox in opened:
        outbox.close()


@pytest.mark.parametrize("exercise", OUTBOX_EXERCISES, ids=lambda exercise: exercise.__name__)
def test_outbox(exercise: Exercise, make_outbox: MakeOutbox) -> None:
    exercise(make_outbox)
