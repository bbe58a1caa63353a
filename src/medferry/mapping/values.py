"""A value on its way through a verb chain: a Polars expression and the type that it has by now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

DT15 = "%Y%m%dT%H%M%S"
D8 = "%Y%m%d"
T6 = "%H%M%S"
_SECONDS_PER_DAY = 86_400

_DATE = r"([0-9]{4})[-/]?([0-9]{2})[-/]?([0-9]{2})"
_CLOCK = r"([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?:[.,][0-9]+)?"
_DATE_AND_CLOCK = rf"^{_DATE}[ T]?{_CLOCK}$"
_DATE_AND_MINUTE = rf"^{_DATE}[ T]([0-9]{{2}}):([0-9]{{2}})$"
_DATE_MAYBE_CLOCK = rf"^{_DATE}(?:[ T]?{_CLOCK}|[ T][0-9]{{2}}:[0-9]{{2}})?$"


@dataclass(frozen=True, slots=True)
class Value:
    """`expr` yields one value per row, of type `dtype`; text is trimmed and never empty."""

    expr: pl.Expr
    dtype: pl.DataType

    def text(self) -> pl.Expr:
        """As text: dates and times as ISO text, numbers exactly and without exponent, trimmed, '' as null."""
        return as_text(self.expr, self.dtype)


def text_value(expr: pl.Expr) -> Value:
    return Value(expr, pl.String())


def blank_to_null(expr: pl.Expr) -> pl.Expr:
    """Trimmed text (any Unicode white space); empty text becomes null."""
    return expr.str.strip_chars().replace("", None)


def as_text(expr: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """`Value.text` for an expression of a known type."""
    if isinstance(dtype, pl.String):
        return expr
    if isinstance(dtype, pl.Null):
        return expr.cast(pl.String)  # a literal null would be one row behind `map_batches`
    if dtype.is_temporal():
        return _temporal_text(expr, dtype)
    if dtype.is_float():
        return expr.map_batches(_floats_plain, return_dtype=pl.String)
    if isinstance(dtype, pl.Binary | pl.Object):
        plain = _utf8 if isinstance(dtype, pl.Binary) else _plain
        return blank_to_null(expr.map_elements(plain, return_dtype=pl.String, skip_nulls=True))
    text = expr.cast(pl.String)
    return text if dtype.is_numeric() else blank_to_null(text)


def _temporal_text(expr: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return wall_time(expr, dtype).dt.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(dtype, pl.Date):
        return expr.dt.strftime("%Y-%m-%d")
    clock = clock_of_duration(expr) if isinstance(dtype, pl.Duration) else expr
    return clock.dt.strftime("%H:%M:%S")


def wall_time(expr: pl.Expr, dtype: pl.Datetime) -> pl.Expr:
    """Naive wall time: an aware column is read in Asia/Shanghai, a naive one is left alone."""
    if dtype.time_zone is None:
        return expr
    return expr.dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None)


def clock_of_duration(expr: pl.Expr) -> pl.Expr:
    """Time of day from a Duration (how some drivers hand over TIME); null outside 0 to 24 h."""
    micros = expr.dt.total_microseconds()
    inside = (micros >= 0) & (micros < _SECONDS_PER_DAY * 1_000_000)
    return pl.when(inside).then(micros * 1_000).cast(pl.Time)


def datetime_of(value: Value) -> pl.Expr:
    """Datetime of a typed value or of text in ISO or WS form, a date from midnight; else null."""
    if isinstance(value.dtype, pl.Datetime):
        return wall_time(value.expr, value.dtype).cast(pl.Datetime("us"))
    if isinstance(value.dtype, pl.Date):
        return value.expr.cast(pl.Datetime("us"))
    text = ws_datetime(value.text())
    whole = pl.when(text.str.len_bytes() == 8).then(text + "T000000").otherwise(text)
    return whole.str.strptime(pl.Datetime("us"), DT15, strict=False, exact=True)


def ws_datetime(text: pl.Expr) -> pl.Expr:
    """Text in an ISO or WS form to DT15; a plain date to D8; anything else unchanged. Fractions are cut."""
    whole = text.str.replace(_DATE_AND_CLOCK, "${1}${2}${3}T${4}${5}${6}")
    minutes = whole.str.replace(_DATE_AND_MINUTE, "${1}${2}${3}T${4}${5}00")
    return minutes.str.replace(rf"^{_DATE}$", "${1}${2}${3}")


def ws_date(text: pl.Expr) -> pl.Expr:
    """Text in an ISO or WS form to D8, a time of day is cut; anything else unchanged."""
    return text.str.replace(_DATE_MAYBE_CLOCK, "${1}${2}${3}")


def ws_time(text: pl.Expr) -> pl.Expr:
    """Text in an ISO or WS form to T6, a date before it is cut; anything else unchanged."""
    whole = text.str.replace(rf"^(?:{_DATE}[ T])?{_CLOCK}$", "${4}${5}${6}")
    return whole.str.replace(r"^([0-9]{2}):([0-9]{2})$", "${1}${2}00")


def rarely(series: pl.Series, dirty: pl.Series, mend: object) -> pl.Series:
    """`series` with `mend` applied to the few values where `dirty`; the rest is untouched."""
    assert callable(mend)
    if not dirty.any():
        return series
    mended = pl.Series([mend(one) for one in series.filter(dirty)], dtype=pl.String)
    places = dirty.arg_true()
    return series.scatter(places, mended)


def _floats_plain(numbers: pl.Series) -> pl.Series:
    text = numbers.cast(pl.String).str.strip_suffix(".0")  # a code kept in a float column: 1, not 1.0
    return rarely(text, text.str.contains("e", literal=True).fill_null(value=False), plain_decimal)


def plain_decimal(text: str) -> str:
    """A number without exponent; text that is no number as it is."""
    try:
        return format(Decimal(text), "f")
    except InvalidOperation:
        return text


def _plain(value: object) -> str:
    return str(value)


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
