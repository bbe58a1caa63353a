"""Verbs on numbers: exact, on decimal text; no value passes through a float that did not come as one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

import polars as pl

from medferry.mapping.quick import cents
from medferry.mapping.values import Value, rarely, text_value
from medferry.mapping.verb import Columns, verb

_FAST_SCALE = 9
_FAST = rf"^[+-]?[0-9]{{1,24}}(?:\.[0-9]{{1,{_FAST_SCALE}}})?$"
_DIGITS_MAX = 200
_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]*)?$"
_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$"


@verb
def number(value: Value, units: tuple[str, ...] = ()) -> Value:
    """去掉千分位逗号（每三位一个）、首尾空格、¥ 和所列单位：“1,234.50 元” → 1234.50。“2,5”“120 80”等仍不是数字的原样。"""
    text = value.text()
    bare = text.str.strip_prefix("¥").str.strip_prefix("￥").str.strip_chars()
    for unit in units:
        bare = bare.str.strip_suffix(unit).str.strip_chars_end()
    joined = bare.str.replace_all("[,，]", "")
    bare = pl.when(bare.str.contains(_THOUSANDS)).then(joined).otherwise(bare)
    return text_value(pl.when(bare.str.contains(_NUMBER)).then(bare).otherwise(text))


@verb
def scale(value: Value, by: str) -> Value:
    """乘以常数，精确：分→元写 "0.01"，千克→克写 "1000"。不是数字则原样。"""
    factor = Decimal(by)
    places = _power_of_ten(factor)
    if places is not None and places < 0:
        return text_value(cents(value.text(), -places, lambda text: _point_moved(text, places)))
    if places is not None:
        return text_value(_point_moved(value.text(), places))

    def batch(series: pl.Series) -> pl.Series:
        return rarely(series, series.is_not_null(), lambda text: _plain_product(text, factor))

    return text_value(value.text().map_batches(batch, return_dtype=pl.String))


@verb
def round_(value: Value, digits: int) -> Value:
    """四舍五入到 digits 位小数（五入，非银行家舍入）。不是数字则原样。"""

    def batch(series: pl.Series) -> pl.Series:
        longer = series.str.contains(rf"\.[0-9]{{{digits + 1},}}$").fill_null(value=False)
        return rarely(series, longer, lambda text: _rounded(text, digits))

    return text_value(value.text().map_batches(batch, return_dtype=pl.String))


@verb
def add(value: Value, columns: Columns) -> Value:
    """加上所列各列，精确；缺失的列不计，全部缺失为缺失，任一列不是数字则本列原样。"""
    parts = [value.text(), *(one.text() for one in columns)]
    names = [f"part_{place}" for place in range(len(parts))]
    row = pl.struct(part.alias(name) for part, name in zip(parts, names, strict=True))
    return text_value(row.map_batches(lambda rows: _sums(rows.struct.unnest()), return_dtype=pl.String))


def _power_of_ten(factor: Decimal) -> int | None:
    sign, digits, exponent = factor.normalize().as_tuple()
    return exponent if sign == 0 and digits == (1,) and isinstance(exponent, int) else None


def _point_moved(text: pl.Expr, places: int) -> pl.Expr:
    """The decimal point `places` to the right (negative: to the left), on the digits alone."""
    sign = text.str.extract(r"^([+-])").fill_null("")
    whole = text.str.extract(r"^[+-]?([0-9]*)").fill_null("")
    fraction = text.str.extract(r"\.([0-9]*)$").fill_null("")
    if places <= 0:
        padded = whole.str.pad_start(1 - places, "0")
        head = padded.str.head(places) if places else padded
        tail = (padded.str.tail(-places) if places else pl.lit("")) + fraction
    else:
        padded = fraction.str.pad_end(places, "0")
        head = (whole + padded.str.head(places)).str.replace(r"^0+([0-9])", "${1}")
        tail = padded.str.slice(places)
    moved = sign + head + pl.when(tail == "").then(pl.lit("")).otherwise(pl.lit(".") + tail)
    return pl.when(text.str.contains(_NUMBER)).then(moved).otherwise(text)


def _sums(parts: pl.DataFrame) -> pl.Series:
    """Sum per row of text columns; Polars decimals where exact, Python's for the few longer numbers."""
    first = parts.columns[0]
    fast = parts.select(pl.all_horizontal(pl.all().is_null() | pl.all().str.contains(_FAST))).to_series()
    exact = pl.Decimal(38, _FAST_SCALE)
    total = pl.sum_horizontal(pl.all().cast(exact, strict=False).fill_null(0)).cast(pl.String)
    tidy = total.str.strip_chars_end("0").str.strip_suffix(".")
    known = pl.any_horizontal(pl.all().is_not_null())
    sums = parts.select(pl.when(known).then(tidy).alias(first)).to_series()
    if fast.all():
        return sums
    slow = pl.Series([_sum(row) for row in parts.filter(~fast).rows()], dtype=pl.String)
    return sums.scatter((~fast).arg_true(), slow)


def _sum(row: tuple[str | None, ...]) -> str | None:
    try:
        with localcontext(prec=_DIGITS_MAX):
            return format(sum((Decimal(one) for one in row if one is not None), Decimal(0)), "f")
    except InvalidOperation:
        return row[0]


def _plain_product(text: str, factor: Decimal) -> str:
    try:
        with localcontext(prec=_DIGITS_MAX):
            return format(Decimal(text) * factor, "f")
    except InvalidOperation:
        return text


def _rounded(text: str, digits: int) -> str:
    try:
        with localcontext(prec=_DIGITS_MAX):
            return format(Decimal(text).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), "f")
    except InvalidOperation:
        return text
