"""A source row kept as text, types included, so that it can be mapped again as if it had just been read.

An image is JSON: `{"types": {column: type, …}, "row": {column: text, …}}`: every column in the source's order, nulls
absent from `row`. Bytes are hexadecimal, dates and times ISO where that loses nothing, else the number behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import orjson
import polars as pl

from medferry.errors import OutboxError

_PLAIN: Mapping[str, pl.DataType] = {
    str(kind): kind
    for kind in (
        pl.String(), pl.Binary(), pl.Boolean(), pl.Null(), pl.Date(), pl.Time(), pl.Float32(), pl.Float64(),
        pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.Int128(),
        pl.UInt8(), pl.UInt16(), pl.UInt32(), pl.UInt64(),
    )
}  # fmt: skip
_FRACTION = {"ms": "%.3f", "us": "%.6f", "ns": "%.9f"}
_UNITS: Mapping[str, Literal["ms", "us", "ns"]] = {"ms": "ms", "us": "us", "ns": "ns"}
_DECIMAL = re.compile(r"Decimal ([0-9]+) ([0-9]+)")
_TEMPORAL = re.compile(r"(Datetime|Duration) (ms|us|ns) ?(.*)")


def source_images(frame: pl.DataFrame) -> list[str]:
    """The image of each row; a column of a type that no source gives is kept as text."""
    names = {name: _type_name(kind) for name, kind in frame.schema.items()}
    head = b'{"types":' + orjson.dumps({name: kind or "String" for name, kind in names.items()}) + b',"row":'
    texts = frame.select(_to_text(pl.col(name), frame.schema[name]) for name in names)
    return [
        (head + orjson.dumps({name: text for name, text in row.items() if text is not None}) + b"}").decode()
        for row in texts.iter_rows(named=True)
    ]


def rows_of_images(images: Sequence[str], needed: Iterable[str] = ()) -> list[tuple[list[int], pl.DataFrame]]:
    """The rows behind images: per set of columns the positions in `images` and a frame in their order.

    needed  columns that must be there even where an image of an older version, which kept neither nulls nor types,
            does not name them
    raises  OutboxError: a text is no image
    """
    groups: dict[str, tuple[dict[str, str], list[int], list[dict[str, str]]]] = {}
    for position, image in enumerate(images):
        types, row = _parts(image, needed)
        _, positions, rows = groups.setdefault(orjson.dumps(types).decode(), (types, [], []))
        positions.append(position)
        rows.append(row)
    return [(positions, _frame(types, rows)) for types, positions, rows in groups.values()]


def _parts(image: str, needed: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    try:
        said = orjson.loads(image)
    except orjson.JSONDecodeError as error:
        raise OutboxError("读取扣留行的来源行", fix="等下一次清扫从来源重新读取") from error
    if isinstance(said, dict) and said.keys() == {"types", "row"} and isinstance(said["types"], dict):
        return said["types"], said["row"]
    if not isinstance(said, dict):
        raise OutboxError("读取扣留行的来源行", fix="等下一次清扫从来源重新读取")
    there = {name.lower() for name in said}
    missing = [name for name in needed if name.lower() not in there]
    return dict.fromkeys([*said, *missing], "String"), said


def _frame(types: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    texts = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in types}, schema=dict.fromkeys(types, pl.String)
    )
    return texts.select(_from_text(pl.col(name), kind).alias(name) for name, kind in types.items())


def _type_name(kind: pl.DataType) -> str | None:
    """How an image names a type; None for one that it keeps as text."""
    if isinstance(kind, pl.Datetime):
        return f"Datetime {kind.time_unit} {kind.time_zone or ''}".strip()
    if isinstance(kind, pl.Duration):
        return f"Duration {kind.time_unit}"
    if isinstance(kind, pl.Decimal):
        return f"Decimal {kind.precision} {kind.scale}"
    return str(kind) if str(kind) in _PLAIN else None


def _to_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.String):
        return column
    if isinstance(kind, pl.Binary):
        return column.bin.encode("hex")
    if isinstance(kind, pl.Datetime) and kind.time_zone is None:
        return column.dt.to_string(f"%Y-%m-%dT%H:%M:%S{_FRACTION[kind.time_unit]}")
    if isinstance(kind, pl.Datetime | pl.Duration | pl.Time):
        return column.to_physical().cast(pl.String)
    return column.cast(pl.String)


def _from_text(text: pl.Expr, name: str) -> pl.Expr:
    temporal, decimal = _TEMPORAL.fullmatch(name), _DECIMAL.fullmatch(name)
    if temporal:
        return _temporal(text, *temporal.groups())
    if decimal:
        return text.cast(pl.Decimal(int(decimal[1]), int(decimal[2])))
    kind = _PLAIN[name]
    if isinstance(kind, pl.Binary):
        return text.str.decode("hex")
    if isinstance(kind, pl.Boolean):
        return text == "true"
    if isinstance(kind, pl.Time | pl.Date):
        return text.cast(pl.Int64).cast(kind) if isinstance(kind, pl.Time) else text.str.to_date("%Y-%m-%d")
    return text.cast(kind)


def _temporal(text: pl.Expr, what: str, unit_name: str, zone: str) -> pl.Expr:
    unit = _UNITS[unit_name]
    if what == "Duration":
        return text.cast(pl.Int64).cast(pl.Duration(unit))
    if zone:
        return text.cast(pl.Int64).cast(pl.Datetime(unit, "UTC")).dt.convert_time_zone(zone)
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit=unit)
