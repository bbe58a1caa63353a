"""Arithmetic of cursors."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from medferry.records import Cursor
from medferry.sources.source import ReadPlan
from medferry.sources.sql_query.position import (
    IntegerMeaning,
    moment,
    newer,
    reached,
    shifted,
    start_of,
    surely_apart,
)

NOW = datetime(2026, 1, 20, 12, 0, 0)  # noqa: DTZ001 - wall time
PLAN = ReadPlan("r", "c", "SELECT 1", ("id",), "t", timedelta(minutes=5), timedelta(days=3), 10)


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("2026-01-15 08:29:41", "2026-01-15 08:24:41"),
        ("2026-01-15T00:02:00.123", "2026-01-14T23:57:00.123"),
        ("2026-01-15 08:29:41.123456789", "2026-01-15 08:24:41.123456000"),
        ("20260115082941", "20260115082441"),
        ("20260115T082941", "20260115T082441"),
        ("202601150829", "202601150824"),
        ("2026/01/15 08:29", "2026/01/15 08:24"),
        ("2026-01-15", "2026-01-14"),
        ("20260101", "20251231"),
        ("2026-01-15T08:29:41Z", "2026-01-15T08:24:41Z"),
        ("2026-01-15 08:29:41+08:00", "2026-01-15 08:24:41+08:00"),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00"),
        ("不是时间", "不是时间"),
        ("0001-01-01 00:00:00", None),
    ],
)
def test_shifted_keeps_the_spelling(text: str, earlier: str | None) -> None:
    assert shifted(text, timedelta(minutes=5)) == earlier


def test_moment_reads_no_time_where_none_is_told() -> None:
    assert moment("20261315082941") is None
    assert moment("２０２６-01-15") is None
    assert moment(1_768_436_981) is None
    assert moment(1_768_436_981, "epoch_s") == datetime(2026, 1, 15, 8, 29, 41)  # noqa: DTZ001


def test_start_of_whole_numbers() -> None:
    after = Cursor(1_768_436_981, (7,))
    assert start_of(PLAN, after, "head", NOW, IntegerMeaning()).after == after
    assert start_of(PLAN, after, "head", NOW, IntegerMeaning(overlap=10)).from_changed_at == 1_768_436_971
    assert start_of(PLAN, after, "head", NOW, IntegerMeaning("epoch_s")).from_changed_at == 1_768_436_681
    assert start_of(PLAN, after, "head", NOW, IntegerMeaning("epoch_ms")).from_changed_at == 1_768_136_981
    assert start_of(PLAN, after, "sweep", NOW, IntegerMeaning(window=1000)).from_changed_at == 1_768_435_981


def test_a_sweep_cut_short_long_ago_goes_on_where_it_was() -> None:
    meaning = IntegerMeaning()
    old, recent = Cursor("2025-01-01 00:00:00", (1,)), Cursor("2026-01-20 11:59:00", (1,))
    assert start_of(PLAN, old, "sweep", NOW, meaning).from_changed_at == "2025-01-01 00:00:00"
    assert start_of(PLAN, recent, "sweep", NOW, meaning).from_changed_at == "2026-01-17 12:00:00"


def test_the_cursor_never_goes_back_nor_into_the_future() -> None:
    frame = pl.DataFrame(
        {"id": [1, 2, 3], "t": ["2026-01-20 08:00:00", "2026-01-20 09:00:00", "9999-12-31 00:00:00"]}
    )
    began = Cursor("2026-01-20 09:00:00", (9,))
    assert reached(frame, PLAN, began, NOW, overlapped=True, time="sequence") == began
    assert reached(frame, PLAN, None, NOW, overlapped=False, time="sequence") == Cursor(
        "2026-01-20 09:00:00", (2,)
    )
    future = frame.tail(1)
    assert reached(future, PLAN, None, NOW, overlapped=False, time="sequence") is None


def test_newer_compares_times_and_not_spellings() -> None:
    assert newer("2026-01-20T09:00:00", "2026-01-20 08:59:59.5")
    assert not newer("2026-01-20T09:00:00", "2026-01-20 09:00:00")
    assert newer(10, 9)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (("Abc ",), ("aBC",), False),
        (("A-1",), ("A1",), False),  # some collations skip signs
        (("é",), ("e",), False),
        (("ß",), ("s",), False),
        (("𠮷",), ("𠮶",), False),
        (("ａ1",), ("b2",), False),
        (("A1",), ("A2",), True),
        (("é", 2), ("é", 3), True),
    ],
)
def test_only_plain_letters_and_digits_tell_places_apart(
    one: tuple[str | int, ...], other: tuple[str | int, ...], apart: bool
) -> None:
    assert surely_apart(Cursor(1, one), Cursor(1, other)) is apart
    assert surely_apart(Cursor(1, one), Cursor(2, one))
