"""The file under the ledger: who may open it, what SQLite's errors become, days, ids, plans."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from medferry.clock import FixedClock
from medferry.errors import OutboxError
from medferry.outbox.outbox import LeaseLimits
from medferry.outbox.sqlite.ledger import SqliteOutbox
from medferry.outbox.sqlite.reader import SqliteLedgerReader
from medferry.outbox.sqlite.statements import queries
from medferry.records import State
from medferry.testing.outbox_world import (
    ORDER,
    START,
    Record,
    family,
    keyed,
    lease,
    pack,
    rows_by_state,
    settle,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[SqliteOutbox]:
    outbox = SqliteOutbox(path, FixedClock(START), ORDER, "test")
    yield outbox
    outbox.close()


def test_a_second_writer_is_told_who_holds_the_ledger(outbox: SqliteOutbox, path: Path) -> None:
    code = (
        "import sys, pathlib; from medferry.clock import SystemClock;"
        "from medferry.outbox.sqlite.ledger import SqliteOutbox;"
        "SqliteOutbox(pathlib.Path(sys.argv[1]), SystemClock(), [], 'other')"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=False, capture_output=True, text=True
    )
    assert child.returncode == 1
    assert f"占用进程={os.getpid()}" in child.stderr
    assert "先停掉那个进程" in child.stderr


def test_a_newer_ledger_is_left_alone(path: Path) -> None:
    SqliteOutbox(path, FixedClock(START), ORDER, "test").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    connection.close()
    with pytest.raises(OutboxError, match=r"账本版本=99.*升级 medferry"):
        SqliteOutbox(path, FixedClock(START), ORDER, "test")
    with pytest.raises(OutboxError, match="账本版本=99"):
        SqliteLedgerReader(path)


def test_another_file_is_not_taken_for_a_ledger(path: Path) -> None:
    path.write_text("not a database at all, but a text of some length")
    with pytest.raises(OutboxError, match="这个文件不是账本"):
        SqliteOutbox(path, FixedClock(START), ORDER, "test")
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE patients (id)")
    connection.close()
    with pytest.raises(OutboxError, match="别的数据库"):
        SqliteOutbox(path, FixedClock(START), ORDER, "test")
    path.unlink()
    SqliteOutbox(path, FixedClock(START), ORDER, "test").close()  # an opening that failed holds no lock


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="检查目录"):
        SqliteOutbox(tmp_path / "file" / "ledger.sqlite", FixedClock(START), ORDER, "test")


def test_a_full_disk_changes_nothing_and_is_got_over(outbox: SqliteOutbox) -> None:
    outbox.put(family(keyed("parent", [Record("a")])))
    writer = outbox._store._writer
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    many = family(keyed("parent", [Record(str(n), 0, os.urandom(400).hex()) for n in range(500)]))
    with pytest.raises(OutboxError, match="磁盘已满"):
        outbox.put(many)
    assert rows_by_state(outbox) == {State.READY: 1}
    writer.execute("PRAGMA max_page_count = 1000000")
    assert outbox.put(many).tables["parent"].new == 500
    assert rows_by_state(outbox) == {State.READY: 501}


def test_only_the_owner_may_look(outbox: SqliteOutbox, path: Path) -> None:
    outbox.put(family(keyed("parent", [Record("a")])))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_the_ledger_is_written_durably(outbox: SqliteOutbox) -> None:
    for pragma, value in (("synchronous", 2), ("journal_mode", "wal")):
        assert outbox._store._writer.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_clock_set_back_opens_no_day_behind(path: Path) -> None:
    clock = FixedClock(START)
    outbox = SqliteOutbox(path, clock, ORDER, "test")
    outbox.put(family(keyed("parent", [Record("a")])))
    clock.advance(timedelta(days=-3))
    outbox.put(family(keyed("parent", [Record("b")])))
    clock.advance(timedelta(days=4))
    outbox.put(family(keyed("parent", [Record("c")])))
    assert [day for day, _ in outbox._store.reading.days()] == ["20260115", "20260116"]
    (envelope,) = lease(outbox)
    assert envelope.keys == ("a", "b", "c")
    settle(outbox, [envelope])
    outbox.close()


def test_a_restored_ledger_gives_out_new_ids(tmp_path: Path, path: Path) -> None:
    clock = FixedClock(START)
    outbox = SqliteOutbox(path, clock, ORDER, "test")
    outbox.put(family(keyed("parent", [Record("a")])))
    outbox.close()
    copy = path.read_bytes()
    used = set()
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        path.write_bytes(copy)
        outbox = SqliteOutbox(path, clock, ORDER, "test")
        used |= {envelope.message_id for envelope in lease(outbox)}
        outbox.close()
    assert len(used) == 3


def test_threads_share_one_outbox(outbox: SqliteOutbox) -> None:
    """Goal: nothing is lost when several threads put, lease, settle and count at once."""
    failures: list[BaseException] = []
    settled: list[int] = []

    def loader(name: str) -> None:
        for number in range(20):
            outbox.put(family(keyed("parent", [Record(f"{name}-{number}-{n}") for n in range(5)])))

    def sender() -> None:
        may_end = False
        while not may_end:
            # Before the lease: no row comes after it.
            is_loading = any(thread.is_alive() for thread in loaders)
            envelopes = [one.envelope for one in outbox.lease(LeaseLimits(2, records_max=7), pack)]
            may_end = not envelopes and not is_loading
            settle(outbox, envelopes)
            settled.extend(seq for envelope in envelopes for seq in envelope.sequences)
            outbox.counts()

    def guarded(work: threading.Thread) -> None:
        try:
            work.run()
        except BaseException as error:
            failures.append(error)
            raise

    loaders = [threading.Thread(target=loader, args=(name,)) for name in "ab"]
    threads = [*loaders, threading.Thread(target=sender), threading.Thread(target=sender)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert sorted(settled) == list(range(1, 201))
    assert rows_by_state(outbox) == {State.ACCEPTED: 200}


_WALKS_ALLOWED = {
    # Small tables, the rows of one answer, or questions that people ask now and then.
    "meta", "new_epoch", "allot", "days", "streams", "routes", "reasons", "envelopes_to_ask", "expired", "give_up",
    "decide", "parents_of_missing", "delay_answered", "span_answered", "refusals", "accept_heads", "stale_heads",
    "tally_answered", "count_outcomes", "open_gates", "opened", "count_answered", "voided_keys", "counts_open",
    "counts_final", "messages_of_seq", "sequences_of_messages", "end_leases", "last_batches", "unexplained",
    "waiting_reasons", "sequences_in_state", "walk_versions", "first_batches", "set_version", "last_review",
    "troubles", "visits_look", "refusals_by_field", "refusals_beside_findings", "findings_of_accepted", "warned_versions",
    # A week's, and only where a key was contested at all.
    "contested_versions",
    "old_names", "forget_source_rows",
    # The values handed over with the statement.
    "add_heads_of_versions", "add_queue",
}  # fmt: skip


def test_no_statement_walks_over_a_growing_table(outbox: SqliteOutbox) -> None:
    """Goal: what costs little on an empty ledger costs little on a full one. Method: SQLite's own plans."""
    outbox.put(family(keyed("parent", [Record("a")])))
    walks = set()
    for name, text in queries().items():
        if name.startswith("make_"):
            continue
        sql = text.replace("{day}", "20260115").replace("{many}", "?, ?")
        sql = re.sub(r"^--.*\n", "", sql, flags=re.MULTILINE)
        names = re.findall(r":([a-z_]+)", sql)
        values: object = dict.fromkeys(names, 1) if names else [1] * sql.count("?")
        plan = [row[3] for row in outbox._store._writer.execute(f"EXPLAIN QUERY PLAN {sql}", values)]  # type: ignore[arg-type]
        if any(
            re.search(r"SCAN (?!json_each|hop|j VIRTUAL|CONSTANT|answered|opened|\(sub)", step)
            for step in plan
        ):
            walks.add(name)
        if name in {"next_rows", "fronts", "end_delays"}:
            assert not any("TEMP B-TREE" in step for step in plan), (name, plan)
    assert walks <= _WALKS_ALLOWED, walks - _WALKS_ALLOWED


def test_an_idle_turn_writes_nothing(outbox: SqliteOutbox) -> None:
    outbox.put(family(keyed("parent", [Record("held", sound=False)])))
    log = outbox._store.path.with_name("ledger.sqlite-wal")
    before = log.stat().st_size
    for _ in range(5):
        assert lease(outbox) == []
        assert outbox.rescue() is None
        assert outbox.settle([]) == []
    assert log.stat().st_size == before


def test_keys_that_share_half_a_hash_stay_apart(outbox: SqliteOutbox) -> None:
    first = keyed("parent", [Record("a", 1, "one")])
    other = replace(keyed("parent", [Record("b", 1, "two")]), key_hashes=[first.key_hashes[0][:8] + bytes(8)])
    outbox.put(family(first))
    assert outbox.put(family(other)).tables["parent"].new == 1
    assert outbox.put(family(other)).tables["parent"].unchanged == 1
    assert outbox.put(family(first)).tables["parent"].unchanged == 1
    child = replace(keyed("child", [Record("c")]), parents=[(other.key_hashes[0],)])
    assert outbox.put(family(child)).tables["child"].waiting == 1
    (envelope,) = lease(outbox)
    assert envelope.keys == ("a", "b")
    settle(outbox, [envelope])
    assert rows_by_state(outbox) == {State.ACCEPTED: 2, State.READY: 1}
