"""A query's columns and how driver values become series: the type follows the declared type, never the page's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

import polars as pl

TEMPORAL = (pl.Datetime, pl.Date)
_DAY_FIRST = -719_162  # 0001-01-01 in days of 1970
_DAY_LAST = 2_932_896  # 9999-12-31
_EXACT_BELOW = 2.0**53  # above, a float no longer tells two whole numbers apart
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the query gives it.

    declared       the database's own name of the type, "" when it has none (a computed SQLite column)
    orders_itself  the server orders it as time, whatever we carry it as
    """

    name: str
    dtype: pl.DataType
    declared: str = ""
    orders_itself: bool = False


class FastPathUnfit(Exception):
    """This page cannot be carried faithfully by the columnar driver: the plain driver reads it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def text_from_bytes(name: str, values: Sequence[bytes | None]) -> pl.Series:
    r"""UTF-8 text; bytes that are not UTF-8 stay visible as \xNN, for nothing may be lost and no row may kill a batch."""
    raw = pl.Series(name, values, dtype=pl.Binary)
    try:
        return raw.cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series(
            name,
            [None if v is None else v.decode("utf-8", "backslashreplace") for v in values],
            dtype=pl.String,
        )


def temporal_from_text(series: pl.Series, dtype: pl.DataType) -> pl.Series:
    """ISO text to Date or Datetime; the whole series stays text when one value has no place there (infinity, BC)."""
    fmt = "%Y-%m-%d" if dtype == pl.Date else "%Y-%m-%d %H:%M:%S%.f"
    bare = series.drop_nulls()
    # The pattern first: a lenient parser would take "10000-01-01" or "0044-03-15 BC" for something else.
    if not bare.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]{8,15})?$").all():
        return series
    try:
        if dtype == pl.Date:
            return series.str.to_date(fmt)
        return series.str.to_datetime(fmt, time_unit="us")
    except pl.exceptions.PolarsError:
        return series


def outside_calendar(series: pl.Series) -> bool:
    """A Date or Datetime[us] series holds a value before year 1 or after 9999: infinity and BC come that way."""
    numbers = series.to_physical()
    low, high = numbers.min(), numbers.max()
    if low is None or high is None:
        return False
    unit = 1 if series.dtype == pl.Date else _DAY_US
    assert isinstance(low, int)
    assert isinstance(high, int)
    return low < _DAY_FIRST * unit or high >= (_DAY_LAST + 1) * unit


def text_from_numbers(name: str, values: Sequence[object]) -> pl.Series | None:
    """Whole numbers and fractions of one column as text, 12 and 12.5; None where the column holds anything else."""
    try:
        numbers = pl.Series(name, values, dtype=pl.Float64, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return None
    exact = numbers.drop_nulls().abs().max()
    if exact is not None and not (isinstance(exact, float) and exact < _EXACT_BELOW):
        return None
    frame = pl.DataFrame({"x": numbers})
    whole = pl.col("x") == pl.col("x").floor()
    shown = (
        pl.when(whole).then(pl.col("x").cast(pl.Int64).cast(pl.String)).otherwise(pl.col("x").cast(pl.String))
    )
    return frame.select(shown.alias(name)).to_series()


def series_from_objects(name: str, values: Sequence[object], dtype: pl.DataType) -> pl.Series:
    """Python objects of a plain driver to the declared type; to text when one does not fit."""
    try:
        if dtype == pl.Binary:
            return pl.Series(name, [_as_bytes(v) for v in values], dtype=dtype)
        if dtype == pl.String:
            return pl.Series(name, [_as_text(v) for v in values], dtype=dtype)
        return pl.Series(name, values, dtype=dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return pl.Series(name, [_as_text(v) for v in values], dtype=pl.String)


def shortest_singles(series: pl.Series) -> pl.Series:
    """Numbers of a 4-byte column in the fewest digits that mean the same 4 bytes: 123456.78, not 123456.78125."""
    return series.cast(pl.Float32).cast(pl.String).cast(pl.Float64)


def _as_bytes(value: object) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    return str(value).encode()


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, float):
        return plain_float(value)
    if isinstance(value, Decimal):
        return format(value, "f")  # never 1E+2
    return str(value)


def plain_float(value: float) -> str:
    """The shortest text that reads back as the same number: 12.5; whole numbers without `.0`."""
    return (
        str(int(value)) if value.is_integer() and abs(value) < 2**53 and str(value) != "-0.0" else repr(value)
    )


def spelled_as(names: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Each name as the query gives it: PostgreSQL writes ord_sn for ORD_SN. A name that is not there stays as it is."""
    real = [column.name for column in columns]
    found = {}
    for name in names:
        alike = [one for one in real if one.casefold() == name.casefold()]
        found[name] = name if name in real or len(alike) != 1 else alike[0]
    return found


def wrong_columns(placed_by: Sequence[str], columns: Sequence[Column]) -> tuple[str, str] | None:
    """Why a query's columns cannot be read by key and change time: reason and remedy; None: they can."""
    names = [column.name for column in columns]
    if (wrong := wrong_names(names)) is not None:
        return wrong
    for wanted in placed_by:
        if wanted not in names:
            folded = {name.casefold(): name for name in names}
            near = [folded[n] for n in get_close_matches(wanted.casefold(), list(folded), n=1, cutoff=0.5)]
            fix = f"查询给出的列是：{'、'.join(names)}" + (f"；最接近的是 {near[0]}" if near else "")
            return f"查询没有给出列 {wanted}", fix
    for column in columns:
        if column.name in placed_by and column.dtype in (pl.Float64, pl.Binary, pl.Boolean):
            return (
                f"列 {column.name} 的类型 {column.dtype} 不能排出先后",
                "在查询中用 CAST 把它变成文本或整数",
            )
    return None


def wrong_names(names: Sequence[str]) -> tuple[str, str] | None:
    """Two columns of one name: reason and remedy; None: there are none.

    SQLite itself renames the second `id` of a derived table to `id:1`; an alias like 比例1:1 has no such first."""
    twice = sorted({
        name for name in names if names.count(name) > 1 or (name.endswith(":1") and name[:-2] in names)
    })  # fmt: skip
    return (f"查询给出同名的列 {'、'.join(twice)}", "用 AS 给其中一个改名") if twice else None
