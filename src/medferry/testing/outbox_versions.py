"""Exercises of an outbox: versions, lanes, gates. Used by exercise_outbox."""

from __future__ import annotations

from datetime import timedelta

from medferry.outbox.outbox import Outbox, Why
from medferry.records import Cursor, Outcome, State
from medferry.testing.outbox_world import (
    MakeOutbox,
    Record,
    contents,
    family,
    keyed,
    lease,
    opened,
    receipt,
    rows_by_state,
    sent,
    settle,
)

MINUTE = timedelta(minutes=1)


def put_keeps_rows_cursor_and_marks(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    rows = keyed("parent", [Record("a"), Record("b", sound=False)])
    cursor = Cursor("2026-01-15 08:30:00", ("a", 7))
    result = outbox.put(family(rows, cursor=cursor)).tables["parent"]
    assert (result.new, result.held, result.unchanged, result.superseded, result.waiting) == (2, 1, 0, 0, 0)
    outbox.close()
    outbox = make(clock)
    assert outbox.cursor("his.route", "head") == cursor
    assert outbox.cursor("his.route", "sweep") is None
    assert outbox.cursor("other", "head") is None
    assert outbox.unchanged("his.route", rows.key_hashes, rows.digests) == [True, True]
    assert outbox.unchanged("his.route", rows.key_hashes, rows.digests[::-1]) == [False, False]
    assert outbox.unchanged("other", rows.key_hashes, rows.digests) == [False, False]
    assert rows_by_state(outbox) == {State.READY: 1, State.HELD: 1}


def only_a_repetition_of_the_newest_is_skipped(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    for content, new in (("A", 1), ("A", 0), ("B", 1), ("A", 1)):
        result = outbox.put(family(keyed("parent", [Record("k", 1, content)]))).tables["parent"]
        assert (result.new, result.unchanged) == (new, 1 - new), content
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["A"]
    assert rows_by_state(outbox) == {State.LEASED: 1, State.SUPERSEDED: 2}


def a_lifted_hold_is_a_new_version(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 1, "A", sound=False)])))
    assert lease(outbox) == []
    result = outbox.put(family(keyed("parent", [Record("k", 1, "A", sound=True)]))).tables["parent"]
    assert (result.new, result.superseded) == (1, 1)
    assert sent(lease(outbox)) == [("k",)]


def strictly_older_is_superseded_on_arrival(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 5, "new")])))
    result = outbox.put(family(keyed("parent", [Record("k", 4, "old")]))).tables["parent"]
    assert (result.new, result.superseded) == (1, 1)
    held = outbox.put(family(keyed("parent", [Record("k", 3, "older", sound=False)]))).tables["parent"]
    assert (held.held, held.superseded) == (0, 1)
    result = outbox.put(family(keyed("parent", [Record("k", 5, "same time, later")]))).tables["parent"]
    assert (result.new, result.superseded) == (1, 1)
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["same time, later"]


def a_held_version_neither_goes_nor_blocks(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 1, "sound")])))
    outbox.put(family(keyed("parent", [Record("k", 2, "held", sound=False)])))
    assert rows_by_state(outbox) == {State.READY: 1, State.HELD: 1}
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["sound"]
    outbox.put(family(keyed("parent", [Record("k", 3, "held again", sound=False)])))
    assert rows_by_state(outbox) == {State.LEASED: 1, State.HELD: 1, State.SUPERSEDED: 1}
    settle(outbox, [envelope])
    outbox.put(family(keyed("parent", [Record("k", 4, "mended")])))
    assert rows_by_state(outbox) == {State.ACCEPTED: 1, State.READY: 1, State.SUPERSEDED: 2}


def a_held_version_newer_than_a_late_sound_one_stays(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 5, "held", sound=False)])))
    outbox.put(family(keyed("parent", [Record("k", 4, "late")])))
    assert rows_by_state(outbox) == {State.READY: 1, State.HELD: 1}


def versions_of_one_conflict_stay_held_together(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    rows = keyed("parent", [Record("k", 1, "one", sound=False), Record("k", 1, "other", sound=False)])
    assert outbox.put(family(rows)).tables["parent"].held == 2
    assert outbox.put(family(rows)).tables["parent"].unchanged == 2
    assert rows_by_state(outbox) == {State.HELD: 2}
    outbox.put(family(keyed("parent", [Record("k", 2, "mended")])))
    assert rows_by_state(outbox) == {State.READY: 1, State.SUPERSEDED: 2}


def two_versions_in_one_batch_are_taken_in_order(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    result = outbox.put(family(keyed("parent", [Record("k", 1, "first"), Record("k", 2, "second")]))).tables[
        "parent"
    ]
    assert (result.new, result.superseded) == (2, 1)
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["second"]


def a_version_without_a_time_comes_after_the_newest(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 5, "sound")])))
    outbox.put(family(keyed("parent", [Record("k", None, "no time", sound=False)])))
    assert rows_by_state(outbox) == {State.READY: 1, State.HELD: 1}
    outbox.put(family(keyed("parent", [Record("k", 6, "mended")])))
    assert rows_by_state(outbox) == {State.READY: 1, State.SUPERSEDED: 2}


def of_one_key_never_two_are_under_way(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("parent", [Record("k", 1, "one")])))
    (first,) = lease(outbox)
    outbox.put(family(keyed("parent", [Record("k", 2, "two")])))
    assert lease(outbox) == []
    outbox.mark_unknown(first.message_id, Why("no answer"))
    assert lease(outbox) == []
    outbox.put(family(keyed("parent", [Record("k", 3, "three"), Record("other", 1)])))
    assert sent(lease(outbox)) == [("other",)]
    settle(outbox, [first])
    (second,) = lease(outbox)
    assert contents(second) == ["three"]


def what_comes_back_overtaken_does_not_go_again(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    for number, ending in enumerate(("release", "park", "refused", "again", "stale")):
        key = f"k{number}"
        outbox.put(family(keyed("parent", [Record(key, 1, "old")])))
        (first,) = lease(outbox)
        outbox.put(family(keyed("parent", [Record(key, 2, "new")])))
        if ending == "release":
            outbox.release(first.message_id, clock.now(), Why("connection refused"))
        elif ending == "park":
            outbox.park(first.message_id, Why("looks odd"))
        else:
            settle(outbox, [first], Outcome(ending))
        (second,) = lease(outbox)
        assert contents(second) == ["new"], ending
        settle(outbox, [second])
    assert rows_by_state(outbox) == {State.ACCEPTED: 5, State.SUPERSEDED: 5}


def a_child_waits_for_its_parents(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    child = Record("c", parents=(("parent", "p"), ("parent", "q")))
    grandchild = Record("g", parents=(("child", "c"),))
    outbox.put(
        family(keyed("child", [child]), keyed("grandchild", [grandchild]), keyed("parent", [Record("p")]))
    )
    assert rows_by_state(outbox) == {State.WAITING_PARENT: 2, State.READY: 1}
    settle(outbox, lease(outbox))
    assert lease(outbox) == []
    outbox.put(family(keyed("parent", [Record("q")])))
    (parent,) = lease(outbox)
    (result,) = outbox.settle([receipt(parent, Outcome.WARNED)])
    assert (result.accepted, result.woken) == (1, 1)
    (middle,) = lease(outbox)
    assert middle.table == "child"
    settle(outbox, [middle])
    assert sent(lease(outbox)) == [("g",)]
    outbox.put(family(keyed("child", [Record("late", parents=(("parent", "q"),))])))
    assert sent(lease(outbox)) == [("late",)]


def a_stale_parent_opens_the_gate_and_a_refused_one_does_not(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    children = [Record(f"c{key}", parents=(("parent", key),)) for key in "pq"]
    outbox.put(family(keyed("parent", [Record("p"), Record("q")]), keyed("child", children)))
    (parents,) = lease(outbox)
    (result,) = outbox.settle([receipt(parents, Outcome.STALE, {1: Outcome.REFUSED})])
    assert (result.stale, result.refused, result.woken) == (1, 1, 1)
    assert sent(lease(outbox)) == [("cp",)]
    assert rows_by_state(outbox)[State.WAITING_PARENT] == 1


def a_superseded_waiting_row_waits_no_more(make: MakeOutbox) -> None:
    outbox, _ = opened(make)
    outbox.put(family(keyed("child", [Record("c", 1, "old", parents=(("parent", "p"),))])))
    outbox.put(family(keyed("child", [Record("c", 2, "new", parents=(("parent", "q"),))])))
    outbox.put(family(keyed("parent", [Record("p"), Record("q")])))
    settle(outbox, lease(outbox))
    (envelope,) = lease(outbox)
    assert contents(envelope) == ["new"]


def parents_are_read_by_their_newest_sound_version(make: MakeOutbox) -> None:
    outbox, clock = opened(make)
    first = [Record("two", 1, "old"), Record("held", 1, '"quoted"\n'), Record("never", sound=False)]
    outbox.put(family(keyed("parent", first)))
    asked = keyed("parent", [*first, Record("nobody")]).key_hashes

    def read(outbox: Outbox, *columns: str) -> dict[str, tuple[str | None, ...]]:
        return {row[0]: row[1:] for row in outbox.parents("parent", asked, ["id", *columns]).iter_rows()}

    assert read(outbox, "content") == {"two": ("old",), "held": ('"quoted"\n',)}
    second = [Record("two", 3, "new"), Record("held", 3, "wrong", sound=False)]
    outbox.put(family(keyed("parent", [*second, Record("two", 2, "late")])))
    now = {"two": ("20260115T083300", None, "new"), "held": ("20260115T083100", None, '"quoted"\n')}
    assert read(outbox, "updated_at", "absent", "content") == now
    outbox.close()
    outbox = make(clock)
    assert read(outbox, "updated_at", "absent", "content") == now
    assert outbox.parents("child", asked[:0], ["id"]).height == 0


VERSIONS_EXERCISES = (
    parents_are_read_by_their_newest_sound_version,
    put_keeps_rows_cursor_and_marks,
    only_a_repetition_of_the_newest_is_skipped,
    a_lifted_hold_is_a_new_version,
    strictly_older_is_superseded_on_arrival,
    a_held_version_neither_goes_nor_blocks,
    a_held_version_newer_than_a_late_sound_one_stays,
    versions_of_one_conflict_stay_held_together,
    two_versions_in_one_batch_are_taken_in_order,
    a_version_without_a_time_comes_after_the_newest,
    of_one_key_never_two_are_under_way,
    what_comes_back_overtaken_does_not_go_again,
    a_child_waits_for_its_parents,
    a_stale_parent_opens_the_gate_and_a_refused_one_does_not,
    a_superseded_waiting_row_waits_no_more,
)
