"""Two editions of one table in one ledger: every row names its own, no envelope mixes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medferry.clock import FixedClock
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import State
from medferry.testing.outbox_world import ORDER, ORG, START, Record, family, keyed, lease, settle


def test_every_row_names_its_edition(tmp_path: Path) -> None:
    outbox = SqliteOutbox(tmp_path / "ledger.sqlite", FixedClock(START), ORDER, "test")
    old = replace(keyed("parent", [Record("a", 1, "one"), Record("b", 1, "one")]), edition="jiangxi")
    new = replace(keyed("parent", [Record("a", 2, "two"), Record("c", 1, "one")]), edition="jiangxi+2026")
    outbox.put(family(old, batch_id="B1"))
    outbox.put(family(new, batch_id="B2"))
    envelopes = lease(outbox)
    settle(outbox, envelopes)
    outbox.close()
    assert sorted(one.keys for one in envelopes) == [("a", "c"), ("b",)]
    reader = SqliteLedgerReader(tmp_path / "ledger.sqlite")
    found = {key: [(v.edition, v.state) for v in reader.versions_of("parent", ORG, key)] for key in "abc"}
    assert found == {
        "a": [("jiangxi", State.SUPERSEDED), ("jiangxi+2026", State.ACCEPTED)],
        "b": [("jiangxi", State.ACCEPTED)],
        "c": [("jiangxi+2026", State.ACCEPTED)],
    }
    assert len(reader.find_keys(key="a")) == 1
    reader.close()
