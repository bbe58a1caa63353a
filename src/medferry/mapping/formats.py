"""The last step of every field: the catalog's format. Text that cannot be brought into it stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from medferry.catalog.model import Field, Format, FormatKind
from medferry.mapping.quick import days, decimals, moments, translated
from medferry.mapping.values import (
    D8,
    DT15,
    T6,
    Value,
    clock_of_duration,
    wall_time,
    ws_date,
    ws_datetime,
    ws_time,
)

_LOGICAL = {
    "1": "T", "0": "F", "是": "T", "否": "F", "Y": "T", "N": "F", "y": "T", "n": "F", "T": "T", "F": "F",
    "t": "T", "f": "F", "true": "T", "false": "F", "TRUE": "T", "FALSE": "F",
    "True": "T", "False": "F",
}  # fmt: skip
_PLAIN_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$"
_DIGITS_MAX = 38


def into_format(value: Value, field: Field) -> pl.Expr:
    """Text in the field's format, or the text as it is where it does not fit; null stays null.

    source  WS/T 363 notation of fields.csv, see ARCHITECTURE.md "Standard text"
    """
    shaped_by_kind = _BY_KIND.get(field.format.kind)
    if shaped_by_kind is not None:
        return shaped_by_kind(value)
    if field.type in ("decimal", "integer"):
        return _number(value, 0 if field.type == "integer" else field.format.scale)
    if value.dtype.is_integer() and _is_fixed(field.format):
        assert field.format.length_max is not None
        return value.text().str.zfill(field.format.length_max)
    return value.text()


def _is_fixed(form: Format) -> bool:
    return form.length_max is not None and form.length_min == form.length_max


def _date(value: Value) -> pl.Expr:
    if isinstance(value.dtype, pl.Date):
        return value.expr.dt.strftime(D8)
    if isinstance(value.dtype, pl.Datetime):
        return wall_time(value.expr, value.dtype).dt.strftime(D8)
    return days(value.text(), ws_date)


def _datetime(value: Value) -> pl.Expr:
    if isinstance(value.dtype, pl.Datetime):
        return wall_time(value.expr, value.dtype).dt.strftime(DT15)
    if isinstance(value.dtype, pl.Date):
        return value.expr.dt.strftime(D8)  # a date is no moment: midnight is not invented, the check finds it
    return moments(value.text(), ws_datetime)


def _time(value: Value) -> pl.Expr:
    if isinstance(value.dtype, pl.Time):
        return value.expr.dt.strftime(T6)
    if isinstance(value.dtype, pl.Datetime):
        return wall_time(value.expr, value.dtype).dt.strftime(T6)
    if isinstance(value.dtype, pl.Duration):
        return clock_of_duration(value.expr).dt.strftime(T6)
    return ws_time(value.text())


def _logical(value: Value) -> pl.Expr:
    if isinstance(value.dtype, pl.Boolean):
        return pl.when(value.expr).then(pl.lit("T")).when(value.expr.not_()).then(pl.lit("F"))
    return translated(value.text(), _LOGICAL)


def _number(value: Value, scale: int) -> pl.Expr:
    dtype = value.dtype
    if dtype.is_integer():
        text = value.text()
        return text + pl.lit("." + "0" * scale) if scale else text
    if (
        isinstance(dtype, pl.Decimal)
        and dtype.scale <= scale
        and (dtype.precision or 0) + scale <= _DIGITS_MAX
    ):
        return value.expr.cast(pl.Decimal(_DIGITS_MAX, scale)).cast(pl.String)
    return decimals(value.text(), scale, partial(number_text, scale=scale))


def number_text(text: pl.Expr, scale: int) -> pl.Expr:
    """Canonical decimal text with exactly `scale` digits after the point if nothing is lost, else as it is.

    Works on the digits alone, so 38 digits and more keep every one of them. -0 becomes 0.
    """
    bare = text.str.strip_prefix("+").str.strip_prefix("-")
    whole = bare.str.replace(r"\..*$", "").str.strip_chars_start("0")
    fraction = bare.str.extract(r"\.([0-9]*)$").fill_null("").str.strip_chars_end("0")
    whole = pl.when(whole == "").then(pl.lit("0")).otherwise(whole)
    is_zero = (whole == "0") & (fraction == "")
    sign = pl.when(text.str.starts_with("-") & ~is_zero).then(pl.lit("-")).otherwise(pl.lit(""))
    shaped = sign + whole
    if scale:
        shaped = shaped + pl.lit(".") + fraction.str.pad_end(scale, "0")
    fits = text.str.contains(_PLAIN_NUMBER) & (fraction.str.len_bytes() <= scale)
    return pl.when(fits).then(shaped).otherwise(text)


_BY_KIND: Mapping[FormatKind, Callable[[Value], pl.Expr]] = {
    FormatKind.DATE: _date,
    FormatKind.DATETIME: _datetime,
    FormatKind.TIME: _time,
    FormatKind.LOGICAL: _logical,
}
