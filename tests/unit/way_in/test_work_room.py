"""Goal: however many sources load at once, only so many batches are in work together, and room that was taken always comes
back: after a whole pass, after one that ended early with a batch ahead, after one that failed.
Method: shares on threads that meet at a barrier; the skeleton's project read one row a batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread

import pytest

from medferry.cli.new import new_project
from medferry.clock import SystemClock
from medferry.config import load_project
from medferry.crypto.software import SoftwareProvider
from medferry.ferry.ferry import Ferry, open_ferry
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


def test_passes_that_fail_leave_no_room_taken(ferry: Ferry) -> None:
    route = ferry.project.route("his.patient")
    tools = ferry._tools_of(route)
    object.__setattr__(tools, "key_columns", ["GONE"])
    failed: list[str] = []

    def passes() -> None:
        for _ in range(2 * BATCHES_AT_ONCE):
            try:
                ferry.load_once(route, "head")
            except Exception as error:
                failed.append(type(error).__name__)

    assert finishes(passes)
    assert len(failed) == 2 * BATCHES_AT_ONCE
