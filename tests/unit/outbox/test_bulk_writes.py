"""Goal: many rows at once are written as if they came one by one, and what changes while bodies are made is left out.
Method: batches around the size of a chunk are put and compared with the same rows put singly; the body's maker itself
puts newer versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from medferry.clock import FixedClock
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.outbox.sqlite.store import ROWS_AT_ONCE
from medferry.records import State
from medferry.testing.outbox_world import (
    ORDER,
    ORG,
    START,
    Record,
    family,
    keyed,
    pack,
    rows_by_state,
    settle,
)

MANY, SOME, FEW = ROWS_AT_ONCE
SIZES = (1, FEW - 1, FEW, SOME + 1, 2 * SOME + 3 * FEW + 7, MANY + SOME + 1)


def opened(path: Path) -> SqliteOutbox:
    return SqliteOutbox(path, FixedClock(START), ORDER, "test")


def bodies_sent(outbox: SqliteOutbox) -> list[object]:
    """Every row's body, in the order of its going; all are accepted."""
    found: list[object] = []
    while envelopes := [one.envelope for one in outbox.lease(LeaseLimits(10), pack)]:
        found += [row for envelope in envelopes for row in orjson.loads(envelope.body)["records"]]
        settle(outbox, envelopes)
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_of_any_size_is_kept_as_its_rows_are_kept_singly(tmp_path: Path, size: int) -> None:
    records = [Record(f"K{number:04d}", sound=number % 7 != 3) for number in range(size)]
    together, singly = opened(tmp_path / "together.sqlite"), opened(tmp_path / "singly.sqlite")
    together.put(family(keyed("parent", records)))
    for record in records:
        singly.put(family(keyed("parent", [record])))
    assert rows_by_state(together) == rows_by_state(singly)
    assert bodies_sent(together) == bodies_sent(singly)
    for outbox in (together, singly):
        outbox.close()
    readers = [SqliteLedgerReader(tmp_path / f"{name}.sqlite") for name in ("together", "singly")]
    kept = [
        [
            (one.key, one.state, one.source_time, reader.body_of(one.seq))
            for record in records
            for one in reader.versions_of("parent", ORG, record.key)
        ]
        for reader in readers
    ]
    for reader in readers:
        reader.close()
    assert len(kept[0]) == size
    assert kept[0] == kept[1]


class Overtaking:
    """Makes bodies, and lets the way in bring a newer version of one key just then."""

    def __init__(self, outbox: SqliteOutbox, keys: Sequence[str]) -> None:
        self.outbox = outbox
        self.keys = keys
        self.times = 0

    def __call__(
        self,
        *,
        message_id: str,
        table: str,
        campus: str,
        org_code: str,
        created_at: datetime,
        bodies: Sequence[bytes],
    ) -> tuple[bytes, str]:
        self.times += 1
        if self.times == 1:
            newer = [Record(key, time=5, content="newer") for key in self.keys]
            self.outbox.put(family(keyed("parent", newer)))
        return pack(
            message_id=message_id, table=table, campus=campus, org_code=org_code, created_at=created_at, bodies=bodies
        )  # fmt: skip


def test_a_version_overtaken_while_its_envelope_is_packed_does_not_leave(tmp_path: Path) -> None:
    outbox = opened(tmp_path / "ledger.sqlite")
    outbox.put(family(keyed("parent", [Record("A"), Record("B")])))
    maker = Overtaking(outbox, ["A"])
    ((envelope, _),) = outbox.lease(LeaseLimits(10), maker)
    assert maker.times == 2, "the first draft was dropped, another one made"
    sent = {row["id"]: row["content"] for row in orjson.loads(envelope.body)["records"]}
    assert sent == {"A": "newer", "B": ""}
    assert rows_by_state(outbox)[State.SUPERSEDED] == 1
    settle(outbox, [envelope])
    assert rows_by_state(outbox)[State.ACCEPTED] == 2
    outbox.close()
