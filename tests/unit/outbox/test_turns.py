"""Goal: long work lets brief work go first, and is not put off for ever.
Method: real threads behind one that holds the turn until all of them wait; what is asked holds whoever wakes first.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

from medferry.outbox.sqlite.turns import OVERTAKEN_MAX, Turns


def queued(turns: Turns, waiting: int) -> None:
    """Returns once so many threads wait."""
    deadline = monotonic() + 60
    while turns.waiting < waiting:
        assert monotonic() < deadline
        os.sched_yield()


def test_a_thread_may_take_its_turn_again() -> None:
    turns = Turns()
    with turns.taken(brief=False), turns.taken(brief=True), turns.taken(brief=False):
        pass
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: turns.taken(brief=True).__enter__()).result(timeout=60) is None


def test_brief_work_goes_before_long_work_that_came_earlier() -> None:
    turns, order, leave = Turns(), list[str](), Event()

    def hold() -> None:
        with turns.taken(brief=True):
            assert leave.wait(60)

    def work(name: str, *, brief: bool) -> None:
        with turns.taken(brief=brief):
            order.append(name)

    with ThreadPoolExecutor(4) as pool:
        pool.submit(hold)
        long = pool.submit(work, "long", brief=False)
        queued(turns, 1)
        briefs = [pool.submit(work, f"brief {number}", brief=True) for number in range(2)]
        queued(turns, 3)
        leave.set()
        for one in (long, *briefs):
            one.result(timeout=60)
    assert order[-1] == "long"
    assert sorted(order[:2]) == ["brief 0", "brief 1"]


def test_long_work_insists_in_the_end() -> None:
    """Two brief threads come again as soon as they are through, for as long as the long one has not had its turn."""
    turns, done, leave = Turns(), Event(), Event()
    overtook = 0

    def again_and_again() -> None:
        nonlocal overtook
        while not done.is_set():
            with turns.taken(brief=True):
                overtook += not done.is_set()

    def hold() -> None:
        with turns.taken(brief=True):
            assert leave.wait(60)

    def long() -> None:
        with turns.taken(brief=False):
            done.set()

    with ThreadPoolExecutor(4) as pool:
        pool.submit(hold)
        waiting = pool.submit(long)
        queued(turns, 1)
        others = [pool.submit(again_and_again) for _ in range(2)]
        queued(turns, 3)
        leave.set()
        for one in (waiting, *others):
            one.result(timeout=60)
    assert 1 <= overtook <= OVERTAKEN_MAX
