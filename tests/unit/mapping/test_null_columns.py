"""A column without a single value has no type, and still as many rows as its neighbours."""

from __future__ import annotations

import polars as pl

from medferry.mapping.quick import decimals
from medferry.mapping.values import as_text


def test_a_column_of_nulls_keeps_its_length_behind_a_number_format() -> None:
    rows = pl.DataFrame({"known": ["a", "b", "c"], "nothing": [None, None, None]})
    text = as_text(pl.col("nothing"), rows.schema["nothing"])
    shaped = rows.select("known", decimals(text, 2, lambda expr: expr).alias("number"))
    assert shaped["number"].to_list() == [None, None, None]
