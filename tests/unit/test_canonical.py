"""Canonical bytes against the plainest way to write them."""

from __future__ import annotations

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as some

from medferry.canonical import canonical_rows

TEXTS = (
    some.none()
    | some.sampled_from(["", "a", '"q', "b\\", "一\n二", "\x1f", '{"x":1}', "𠮷", ","])
    | some.text(max_size=4)
)


@given(
    some.integers(1, 5).flatmap(lambda width: some.lists(some.tuples(*[TEXTS] * width), max_size=6)),
    some.booleans(),
)
def test_rows_are_json_without_nulls_in_the_order_of_columns(
    rows: list[tuple[str | None, ...]], first_full: bool
) -> None:
    width = len(rows[0]) if rows else 2
    names = [f"c{n}" for n in range(width)]
    if first_full:
        rows = [("x", *row[1:]) for row in rows]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    expected = [
        json.dumps(
            {name: text for name, text in zip(names, row, strict=True) if text is not None},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row in rows
    ]
    assert canonical_rows(frame, names).to_list() == expected
