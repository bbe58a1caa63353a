"""Marks of source rows: equal rows under an equal recipe are recognised, everything else is worked again."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from medferry.way_in.batch import source_marks

FRAME = pl.DataFrame(
    {
        "id": [1, 2, 3],
        "name": ["甲", None, ""],
        "raw": [b"\xc1\xf5", b"", None],
        "at": [datetime(2026, 1, 15, 8), None, datetime(2026, 1, 15, 8, 0, 1)],  # noqa: DTZ001  wall time
    }
)


def test_the_same_rows_have_the_same_marks() -> None:
    assert source_marks(FRAME, ["id"], "r") == source_marks(FRAME.clone(), ["id"], "r")


def test_another_recipe_marks_every_row_anew_and_keeps_the_keys() -> None:
    one, other = source_marks(FRAME, ["id"], "r1"), source_marks(FRAME, ["id"], "r2")
    assert one.key_hashes == other.key_hashes
    assert not set(one.digests) & set(other.digests)


def test_null_and_empty_differ() -> None:
    rows = pl.DataFrame({"id": [1, 1], "name": [None, ""]}, schema={"id": pl.Int64, "name": pl.String})
    marks = source_marks(rows, ["id"])
    assert marks.key_hashes[0] == marks.key_hashes[1]
    assert marks.digests[0] != marks.digests[1]


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2, unique=True), st.integers(0, 2))
def test_a_changed_value_in_any_column_changes_its_rows_mark(values: list[str], place: int) -> None:
    columns = ["a", "b", "c"]
    before = pl.DataFrame({"id": ["k"]} | {name: [values[0]] for name in columns})
    after = before.with_columns(pl.lit(values[1]).alias(columns[place]))
    assert source_marks(before, ["id"]).digests != source_marks(after, ["id"]).digests
