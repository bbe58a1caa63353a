"""Canonical bytes against the plainest way to write them."""

from __future__ import annotations

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as some

from medferry.canonical import canonical_rows, key_hash, key_hashes, source_names

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


KEYS = some.lists(some.tuples(some.sampled_from(["A", "B", ""]), some.text(max_size=6)), unique=True)


@given(KEYS)
def test_every_key_has_a_name_of_its_own_that_does_not_depend_on_the_others(
    pairs: list[tuple[str, str]],
) -> None:
    names = key_hashes("visit", [org for org, _ in pairs], [key for _, key in pairs])
    assert names == [key_hash("visit", org, key) for org, key in pairs]
    assert len(set(names)) == len(pairs)
    assert {len(name) for name in names} <= {16}


def test_neighbours_names_begin_alike_and_strangers_do_not() -> None:
    """Running numbers, with a branch before or a line after; short keys; keys at random; a constant ending."""

    def beginnings(*keys: str) -> int:
        return len({name[:3] for name in key_hashes("visit", ["A"] * len(keys), keys)})

    assert beginnings(*(f"DH-{number:09}" for number in range(41_000, 42_000))) == 1
    assert beginnings("V17|1", "V17|2", "V17|9") == 1
    assert beginnings("", "7", "77", "777") == 1
    assert beginnings("V000", "V1000") == 2
    assert beginnings(*(f"{number}-2026" for number in range(100))) == 100
    assert key_hash("visit", "A", "V1000")[:3] != key_hash("visit", "B", "V1000")[:3]
    assert key_hash("visit", "A", "V1000")[:3] != key_hash("order", "A", "V1000")[:3]


def test_source_rows_names_keep_neighbours_together_too() -> None:
    names = source_names([f'{{"visit":"V-{number:06}"}}' for number in (1_000, 1_001, 1_999, 2_000)])
    assert len(set(names)) == 4
    assert [name[:3] == names[0][:3] for name in names] == [True, True, True, False]
