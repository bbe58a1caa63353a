"""Goal: slices of change times are put together right over any pages, and only those that changed are read again.
Method: the same places in pages of every size; what a later look finds against what the ledger kept of the first."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from medferry.way_in.look_back import SliceDigest, Slices, must_be_read, slice_name

PLACES = pl.DataFrame({
    "id": [1, 2, 3, 4, 5],
    "at": ["2026-01-14 08:00:00", "2026-01-14 09:00:00", "2026-01-14 10:00:00", "2026-01-16 08:00:00", "2026-01-16 09:00:00"],
})  # fmt: skip


def looked(places: pl.DataFrame, rows: int, strangers: tuple[int, ...] = ()) -> dict[str, tuple[object, ...]]:
    slices = Slices(("id",), "at")
    found = []
    for page in places.iter_slices(rows):
        found += slices.add(page, ~page["id"].is_in(strangers))
    found += slices.rest()
    return {
        one.name: (one.after and one.after.key, one.last.key, one.rows, one.digest, one.has_strangers)
        for one in found
    }


def test_slices_are_the_same_by_pages_of_any_size() -> None:
    whole = looked(PLACES, 5)
    assert {name: one[:3] for name, one in whole.items()} == {
        "2026-01-14": (None, (3,), 3),
        "2026-01-16": ((3,), (5,), 2),
    }
    for rows in (1, 2, 3, 4):
        assert looked(PLACES, rows) == whole


def test_a_changed_time_and_a_new_row_change_the_digest() -> None:
    before = looked(PLACES, 5)
    moved = PLACES.with_columns(
        at=pl.when(pl.col("id") == 2).then(pl.lit("2026-01-14 09:30:00")).otherwise("at")
    )
    swapped = PLACES.with_columns(id=pl.when(pl.col("id") == 2).then(7).otherwise("id"))
    for other in (moved, swapped):
        after = looked(other, 5)
        assert after["2026-01-14"][2] == before["2026-01-14"][2]
        assert after["2026-01-14"][3] != before["2026-01-14"][3]
        assert after["2026-01-16"] == before["2026-01-16"]
    assert looked(PLACES, 2, (4,))["2026-01-16"][4]


@pytest.mark.parametrize(
    ("kept", "rows", "is_read"),
    [
        ({}, 3, False),  # the first look
        ({"2026-01-14": SliceDigest(3, 0)}, 3, None),
        ({"2026-01-13": SliceDigest(1, 1)}, 3, True),  # came behind the window since
    ],
)
def test_what_is_read_again(kept: dict[str, SliceDigest], rows: int, is_read: bool | None) -> None:
    slices = Slices(("id",), "at")
    (one,) = [*slices.add(PLACES.head(rows), pl.Series([True] * rows)), *slices.rest()]
    if is_read is None:
        assert must_be_read(one, kept)
        assert not must_be_read(one, {one.name: one.found})
    else:
        assert must_be_read(one, kept) is is_read


@pytest.mark.parametrize(
    ("times", "names"),
    [
        ([datetime(2026, 1, 14, 8), datetime(2026, 1, 15, 8)], ["2026-01-14", "2026-01-15"]),  # noqa: DTZ001 - wall time
        ([date(2026, 1, 14), date(2026, 1, 15)], ["2026-01-14", "2026-01-15"]),
        ([20260114080000, 20260114235959, 20260115000000], ["20260114", "20260114", "20260115"]),
        ([1768348800, 1768348801, 1768435200], ["20467", "20467", "20468"]),
        ([1768348800000, 1768435200000], ["20467", "20468"]),
        ([1, 9_999, 10_000], ["0", "0", "1"]),
    ],
)
def test_names_of_slices(times: list[object], names: list[str]) -> None:
    assert slice_name(pl.Series("at", times)).to_list() == names
