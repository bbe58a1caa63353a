"""The catalog's format as the last step: exact, and never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from functools import partial
from typing import Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medferry.catalog.model import Field, Format, FormatKind
from medferry.mapping.formats import into_format, number_text
from medferry.mapping.quick import decimals
from medferry.mapping.values import Value

Type = Literal["string", "code", "text", "boolean", "integer", "decimal", "date", "datetime"]


def _field(type_: Type, kind: FormatKind, shape: tuple[int, int | None, int] = (0, None, 0)) -> Field:
    form = Format("", kind, *shape)
    return Field("t", 1, "f", "字段", type_, form, "O", None, None, None, "", "", "A")


DT15 = _field("datetime", FormatKind.DATETIME)
D8 = _field("date", FormatKind.DATE)
T6 = _field("string", FormatKind.TIME)
L = _field("boolean", FormatKind.LOGICAL)
MONEY = _field("decimal", FormatKind.NUMBER, (0, 10, 2))
WHOLE = _field("integer", FormatKind.NUMBER, (0, 3, 0))
N2 = _field("code", FormatKind.NUMBER, (2, 2, 0))
TEXT = _field("string", FormatKind.ALNUM, (0, 50, 0))


def shaped(series: pl.Series, field: Field) -> list[str | None]:
    frame = series.alias("x").to_frame()
    value = Value(pl.col("x"), series.dtype)
    return frame.select(into_format(value, field).alias("y"))["y"].to_list()


@pytest.mark.parametrize(
    ("field", "given_text", "expected"),
    [
        (DT15, "2026-01-15 08:10:00", "20260115T081000"),
        (DT15, "2026/01/15T08:10:00.123", "20260115T081000"),
        (DT15, "2026-01-15 08:10", "20260115T081000"),
        (DT15, "20260115081000", "20260115T081000"),
        (DT15, "20260115T081000", "20260115T081000"),
        (DT15, "2026-01-15", "20260115"),
        (DT15, "0000-00-00 00:00:00", "00000000T000000"),
        (DT15, "昨天", "昨天"),
        (D8, "2026-01-15", "20260115"),
        (D8, "2026-01-15 08:10:00", "20260115"),
        (D8, "20260115T081000", "20260115"),
        (D8, "2026-1-5", "2026-1-5"),
        (T6, "08:10", "081000"),
        (T6, "2026-01-15 08:10:01", "081001"),
        (L, "是", "T"),
        (L, "N", "F"),
        (L, "有", "有"),
        (MONEY, "12.5", "12.50"),
        (MONEY, "+007", "7.00"),
        (MONEY, ".5", "0.50"),
        (MONEY, "-3", "-3.00"),
        (MONEY, "-0.000", "0.00"),
        (MONEY, "1.999", "1.999"),
        (MONEY, "1.500000", "1.50"),
        (MONEY, "1e3", "1e3"),
        (MONEY, "１2", "１2"),
        (MONEY, "12元", "12元"),
        (WHOLE, "05", "5"),
        (WHOLE, "5.0", "5"),
        (WHOLE, "5.5", "5.5"),
        (N2, "1", "1"),
        (TEXT, "007", "007"),
    ],
)
def test_text(field: Field, given_text: str, expected: str) -> None:
    """Alone, and beside a value of the common form, which takes another way."""
    assert shaped(pl.Series([given_text]), field) == [expected]
    assert shaped(pl.Series([given_text, None, "2026-01-15 08:10:00", "3"]), field)[:2] == [expected, None]


def test_typed_columns() -> None:
    moment = datetime(2026, 1, 15, 8, 10, 9)  # noqa: DTZ001 - record times are naive wall time
    assert shaped(pl.Series([moment, None]), DT15) == ["20260115T081009", None]
    assert shaped(pl.Series([moment.replace(year=1)]), DT15) == ["00010115T081009"]
    assert shaped(pl.Series([moment]), D8) == ["20260115"]
    assert shaped(pl.Series([moment]), T6) == ["081009"]
    assert shaped(pl.Series([datetime(2026, 1, 15, 0, 10, tzinfo=UTC)]), DT15) == ["20260115T081000"]
    assert shaped(pl.Series([date(2026, 1, 15)]), D8) == ["20260115"]
    assert shaped(pl.Series([date(2026, 1, 15)]), DT15) == ["20260115"]  # midnight is not invented
    assert shaped(pl.Series([time(8, 10)]), T6) == ["081000"]
    assert shaped(pl.Series([timedelta(hours=8), timedelta(days=-1)]), T6) == ["080000", None]
    assert shaped(pl.Series([True, False, None]), L) == ["T", "F", None]
    assert shaped(pl.Series([1, 0]), L) == ["T", "F"]
    assert shaped(pl.Series([1, 12]), N2) == ["01", "12"]
    assert shaped(pl.Series([5]), MONEY) == ["5.00"]
    assert shaped(pl.Series([1.5, 1e16, 36.900000000000006, 1e-7]), MONEY) == [
        "1.50", "10000000000000000.00", "36.900000000000006", "0.0000001",
    ]  # fmt: skip
    assert shaped(pl.Series([Decimal("1.5"), Decimal("-0.01")]), MONEY) == ["1.50", "-0.01"]
    assert shaped(pl.Series([Decimal("1.005")]), MONEY) == ["1.005"]
    assert shaped(pl.Series([None]), MONEY) == [None]


def test_38_digits_keep_every_one() -> None:
    long = "12345678901234567890123456789012345678"
    assert shaped(pl.Series([Decimal(long)], dtype=pl.Decimal(38, 0)), TEXT) == [long]
    assert shaped(pl.Series(["5." + "0" * 5_000]), MONEY) == ["5.00"]
    assert shaped(pl.Series([long + ".50", "1"]), MONEY) == [long + ".50", "1.00"]


NUMBERS = (
    st.decimals(allow_nan=False, allow_infinity=False, places=None)
    .map(lambda one: format(one, "f"))
    .filter(lambda text: len(text) < 80)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20), st.integers(0, 6))
def test_canonical_decimals_are_exact(texts: list[str], scale: int) -> None:
    """Goal: the canonical text is the same number, with `scale` digits, or the text itself.
    Method: decimal.Decimal as the judge, over numbers of any length, in columns of mixed forms."""
    frame = pl.DataFrame({"x": texts})
    made = frame.select(decimals(pl.col("x"), scale, partial(number_text, scale=scale)))["x"].to_list()
    for text, one in zip(texts, made, strict=True):
        with localcontext(prec=200):
            exact = Decimal(text)
            fits = exact == exact.quantize(Decimal(1).scaleb(-scale))
            shortest = format(exact.quantize(Decimal(1).scaleb(-scale)), "f")
        assert one == (shortest.removeprefix("-") if exact == 0 else shortest if fits else text)
