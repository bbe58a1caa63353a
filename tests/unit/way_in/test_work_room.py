"""Goal: however many sources load at once, only so many batches are in work together, and room that was taken always comes
back: after a whole pass, after one that ended early with a batch ahead, after one that failed, and after two that
fail at once. Method: shares on threads that meet at a barrier; the skeleton's project read one row a batch; a ledger that
refuses to write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Lock, Thread
from threading import Event as Flag

import pytest

from medferry.catalog.platform.profile import load_profile
from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.config.model import Route
from medferry.crypto.software import SoftwareProvider
from medferry.errors import OutboxError
from medferry.events import BatchRead, Event
from medferry.ferry.ferry import Ferry, open_ferry
from medferry.records import Cursor, Loop, RawBatch
from medferry.sources.source import ReadPlan, Source
from medferry.way_in.work_room import BATCHES_AT_ONCE, WorkRoom

WAIT_S = 60.0  # only what hangs comes to it


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    folder = tmp_path / "hospital"
    new_project(folder)
    main = folder / "medferry.yaml"
    text = main.read_text(encoding="utf-8")
    assert "rows_max: 5000" in text
    main.write_text(text.replace("rows_max: 5000", "rows_max: 1"), encoding="utf-8")
    with ExitStack() as stack:
        yield open_ferry(load_project(folder), SystemClock(), SoftwareProvider(), lambda _: None, stack)


def test_no_more_batches_than_there_is_room_for() -> None:
    room, lock = WorkRoom(2), Lock()
    at_once, most = 0, 0
    full, go_on = Flag(), Flag()

    def work() -> None:
        nonlocal at_once, most
        with room.share() as share:
            for _ in range(20):
                share.take()
                with lock:
                    at_once += 1
                    most = max(most, at_once)
                    if at_once == 2:
                        full.set()
                assert go_on.wait(WAIT_S)
                with lock:
                    at_once -= 1
                share.give_back()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert full.wait(WAIT_S)
    go_on.set()
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert most == 2


def test_what_a_pass_holds_at_its_end_is_free_again() -> None:
    room = WorkRoom(2)
    for _ in range(3):
        with room.share() as share:
            share.take()
            share.take()
    with pytest.raises(AssertionError, match="given back once"), room.share() as share:
        share.give_back()
    with room.share() as share:
        share.take()
        share.take()
        share.give_back()


def finishes(work: object) -> bool:
    assert callable(work)
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(WAIT_S)
    return not thread.is_alive()


def test_passes_that_end_early_with_a_batch_ahead_leave_no_room_taken(ferry: Ferry) -> None:
    route = ferry.project.route("his.patient")
    ended: list[bool] = []

    def passes() -> None:
        for _ in range(2 * BATCHES_AT_ONCE):
            ended.append(ferry.load_once(route, "sweep", enough=lambda _: True).reached_end)

    assert finishes(passes)
    assert ended == [False] * (2 * BATCHES_AT_ONCE)


def test_a_pass_that_ends_waits_for_no_room() -> None:
    room = WorkRoom(1)
    taken: list[bool] = []
    with room.share() as other, room.share() as share:
        assert other.take()
        waiting = Thread(target=lambda: taken.append(share.take()), daemon=True)
        waiting.start()
        share.close()
        waiting.join(WAIT_S)
        assert taken == [False]
        assert (other.held, share.held) == (1, 0)


def refuse_writing(ledger: Path) -> None:
    """From now on the ledger takes no batch."""
    with closing(sqlite3.connect(ledger)) as base, base:
        base.execute("ALTER TABLE queue RENAME TO gone")


def test_passes_that_fail_leave_no_room_taken(ferry: Ferry) -> None:
    route = ferry.project.route("his.patient")
    refuse_writing(ferry.project.outbox.path)
    failed: list[str] = []

    def passes() -> None:
        for _ in range(2 * BATCHES_AT_ONCE):
            try:
                ferry.load_once(route, "head")
            except OutboxError as error:
                failed.append(error.code)

    assert finishes(passes)
    assert len(failed) == 2 * BATCHES_AT_ONCE


class Gated:
    """The sample's source; all but its first batch come only when the gate is open."""

    def __init__(self, source: Source, gate: Flag) -> None:
        self._source = source
        self._gate = gate
        self.probe, self.lookup_table, self.close = source.probe, source.lookup_table, source.close

    def read(self, plan: ReadPlan, after: Cursor | None, loop: Loop) -> Iterator[RawBatch]:
        for number, raw in enumerate(self._source.read(plan, after, loop)):
            if number:
                assert self._gate.wait(WAIT_S)
            yield raw


def test_sources_that_fail_at_the_same_time_do_not_wait_for_each_other(ferry: Ferry) -> None:
    """Each holds room for the batch that the ledger refuses, and has the next one read already."""
    both, gate = Barrier(2), Flag()

    def tell(event: Event) -> None:
        if isinstance(event, BatchRead):  # told when the batch is at the ledger's door
            both.wait(WAIT_S)
            gate.set()

    route = ferry.project.route("his.patient")
    routes = (route, replace(route, id="lis.patient", source="lis"))
    project = replace(ferry.project, routes=routes)
    profile = load_profile()
    two = Ferry(
        project, ferry.outbox, ferry.destination, lambda _: Gated(ferry.source_of("his"), gate),
        (profile, profile.load_answer_codes()), ferry.clock, tell,
    )  # fmt: skip
    refuse_writing(project.outbox.path)
    failed: list[str] = []

    def load(route: Route) -> None:
        try:
            two.load_once(route, "head")
        except OutboxError as error:
            failed.append(error.code)

    threads = [Thread(target=load, args=(one,), daemon=True) for one in routes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    two.delivery.close()
    assert len(failed) == 2, "they wait for each other for ever"
