"""Where is this record: the read side of the ledger, while the ledger is being written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.events import BatchRead, PlatformLost
from medferry.outbox.outbox import Why
from medferry.outbox.reader import FoundKey, StillGroup
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.records import Outcome, Severity, State
from medferry.testing.outbox_world import ORDER, ORG, START, Record, family, keyed, lease, receipt, settle


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def outbox(tmp_path: Path, clock: FixedClock) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(tmp_path / "ledger.sqlite", clock, ORDER, "test")
    yield outbox
    outbox.close()


@pytest.fixture
def reader(tmp_path: Path, outbox: SqliteOutbox) -> Iterator[SqliteLedgerReader]:
    reader = SqliteLedgerReader(tmp_path / "ledger.sqlite")
    yield reader
    reader.close()


def test_versions_of_a_key_are_a_chain_across_days(
    outbox: SqliteOutbox, reader: SqliteLedgerReader, clock: FixedClock
) -> None:
    outbox.put(family(keyed("parent", [Record("k", 1, "one")]), batch_id="B1"))
    (first,) = lease(outbox)
    outbox.release(first.message_id, clock.now(), Why("busy"))
    clock.advance(timedelta(days=1))
    (second,) = lease(outbox)
    settle(outbox, [second])
    outbox.put(family(keyed("parent", [Record("k", 2, "two", sound=False)]), batch_id="B2"))
    one, two = reader.versions_of("parent", ORG, "k")
    assert (one.seq, one.state, one.batch_id, one.source_time) == (1, State.ACCEPTED, "B1", "20260115T083100")
    assert one.message_ids == (first.message_id, second.message_id)
    assert (one.put_at, one.state_at) == (START, clock.now())
    assert (two.seq, two.state, two.batch_id, two.state_at) == (2, State.HELD, "B2", None)
    assert two.message_ids == ()
    assert reader.version_at(1) == one
    assert reader.accepted_seq("parent", ORG, "k") == 1
    assert reader.versions_of("parent", ORG, "nobody") == []
    assert reader.version_at(99) is None


def test_bodies_and_images_come_back_as_they_were(outbox: SqliteOutbox, reader: SqliteLedgerReader) -> None:
    records = [Record(str(n), n, "血钾" * n, sound=n % 3 > 0) for n in range(700)]
    outbox.put(family(keyed("parent", records)))
    for seq in (1, 2, 256, 257, 700, 513):
        assert reader.body_of(seq) == records[seq - 1].body()
    assert reader.image_of(1) == '{"ID": "0"}'
    assert reader.image_of(2) is None
    assert reader.body_of(701) is None
    assert reader.image_of(0) is None


def test_find_by_key_patient_and_table(outbox: SqliteOutbox, reader: SqliteLedgerReader) -> None:
    outbox.put(family(keyed("parent", [Record("k")]), keyed("child", [Record("k"), Record("j")], "west")))
    parent, child = FoundKey("parent", "east", ORG, "k"), FoundKey("child", "west", ORG, "k")
    assert sorted(reader.find_keys(key="k"), key=str) == [child, parent]
    assert reader.find_keys(key="k", table="child") == [child]
    assert sorted(reader.find_keys(patient="P-k"), key=str) == [child, parent]
    assert reader.find_keys(patient="P-j", table="parent") == []
    assert reader.find_keys(visit="V") == []


def test_refusals_are_findings_and_steps(outbox: SqliteOutbox, reader: SqliteLedgerReader) -> None:
    outbox.put(family(keyed("parent", [Record("a"), Record("b"), Record("c", sound=False)])))
    (envelope,) = lease(outbox)
    outbox.settle([receipt(envelope, Outcome.ACCEPTED, {1: Outcome.REFUSED})])
    (said,) = reader.findings_of([2])
    assert (said.check, said.code, said.field, said.severity) == (
        "platform",
        "3002",
        "content",
        Severity.ERROR,
    )
    (held,) = reader.findings_of([3])
    assert (held.check, held.code, held.rule_id) == ("required", "3001", None)
    (step,) = reader.steps_of([1, 2, 3])
    assert (step.seq, step.state, step.message_id, step.code) == (
        2,
        State.REFUSED,
        envelope.message_id,
        "3002",
    )
    outbox.requeue([2], "平台已放宽")
    assert [(one.state, one.text) for one in reader.steps_of([2])][-1] == (State.READY, "平台已放宽")
    assert reader.sequences_in("parent", State.HELD) == [3]


def test_findings_of_a_held_row_seen_again_are_those_of_now(
    outbox: SqliteOutbox, reader: SqliteLedgerReader
) -> None:
    rows = keyed("parent", [Record("k", sound=False)])
    outbox.put(family(rows))
    object.__setattr__(rows, "findings", rows.findings.with_columns(check=rows.findings["check"] + "_new"))
    assert outbox.put(family(rows)).tables["parent"].unchanged == 1
    assert [one.check for one in reader.findings_of([1])] == ["required_new"]


def test_what_stands_still_and_why(
    outbox: SqliteOutbox, reader: SqliteLedgerReader, clock: FixedClock
) -> None:
    children = [Record(f"c{key}", parents=(("parent", key),)) for key in ("held", "absent", "p")]
    outbox.put(
        family(
            keyed("parent", [Record("held", sound=False), Record("held too", sound=False), Record("p")]),
            keyed("child", children),
        )
    )
    (envelope,) = lease(outbox)
    outbox.park(envelope.message_id, Why("看一看"))
    assert reader.held_summary() == [
        StillGroup("parent", "east", State.HELD, "required", "3001", "content", 2),
        StillGroup("child", "east", State.WAITING_PARENT, "parent", "absent", None, 1),
        StillGroup("child", "east", State.WAITING_PARENT, "parent", "held", None, 1),
        StillGroup("child", "east", State.WAITING_PARENT, "parent", "parked", None, 1),
        StillGroup("parent", "east", State.PARKED, "", "", None, 1),
    ]


def test_the_journal_of_a_batch_and_of_an_envelope(
    outbox: SqliteOutbox, reader: SqliteLedgerReader, clock: FixedClock
) -> None:
    outbox.put(
        family(keyed("parent", [Record("a")]), batch_id="B7"),
        [BatchRead("his.route", "B7", "head", 1, 0, 2.5)],
    )
    outbox.record([PlatformLost("deliver", "连接被拒绝")])
    (envelope,) = lease(outbox)
    clock.advance(timedelta(days=1))
    settle(outbox, [envelope])
    lines = reader.journal_of(batch_ids=["B7"], message_ids=[envelope.message_id])
    assert [line.name for line in lines] == [
        "batch_read",
        "batch_stored",
        "envelope_leased",
        "envelope_settled",
    ]
    assert lines[0].event == (
        '{"route":"his.route","batch_id":"B7","loop":"head","rows":1,"rows_unchanged":0,"duration_ms":2.5}'
    )
    assert reader.journal_of(batch_ids=["B8"]) == []


def test_a_missing_ledger_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutboxError, match="先运行 medferry run"):
        SqliteLedgerReader(tmp_path / "nowhere.sqlite")
