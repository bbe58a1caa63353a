"""A ledger that has kept nothing yet answers every question with nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from medferry.clock import ZONE, FixedClock
from medferry.log_center.status import status_of
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader


def test_an_empty_ledger_has_a_status(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    outbox = SqliteOutbox(
        path, FixedClock(datetime(2026, 1, 15, 8, 0, tzinfo=ZONE)), [("patient", 3)], "test"
    )
    reader = SqliteLedgerReader(path)
    try:
        status = status_of(reader)
        assert (status.tables, status.still, status.routes) == ([], [], [])
        assert (status.failures, status.failed_jobs) == ([], [])
        assert status.platform_lost_since is None
    finally:
        reader.close()
        outbox.close()
