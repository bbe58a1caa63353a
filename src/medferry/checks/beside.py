"""Columns from beside the row: of the records its pointers name, and made of other rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from medferry.catalog.model import Table
from medferry.catalog.rules import Aggregate
from medferry.checks.conditions import THERE, condition
from medferry.checks.moments import moment, number, readings_of, with_readings

Frames = Mapping[str, pl.DataFrame]
"""Table name -> its rows, String columns, org_code and key among them."""

_ORG_CODE = "org_code"
_VALID = {"record_status": "1"}
_PLACE, _TIME, _THEIRS = "\x01place", "\x01time", "\x01their "  # no table has such columns
_COUNTING = frozenset({"count", "sum", "distinct"})
_DECIMALS = 6  # a price of four by a quantity of two; what is behind, the adding made


def with_pointers(
    frame: pl.DataFrame, table: Table, wanted: Iterable[tuple[str, str]], frames: Frames, *, complete: bool
) -> pl.DataFrame:
    """The frame with a column `pointer.column` for each wanted pair, in the frame's own order.

    complete  the frames hold all there is: a record that is not in them does not exist; else nobody knows
    """
    by_pointer: dict[str, set[str]] = defaultdict(set)
    for pointer, column in wanted:
        by_pointer[pointer].add(column)
    for pointer, columns in by_pointer.items():
        key = table.by_name[pointer].key
        assert key is not None
        assert key.table is not None
        assert key.column is not None
        target = frames.get(key.table)
        if target is None:
            missing = (pl.lit(None, dtype=pl.String).alias(f"{pointer}.{name}") for name in sorted(columns))
            frame = frame.with_columns(missing)
            continue
        taken = (
            pl.col(name) if name in target.columns else pl.lit(None, dtype=pl.String)
            for name in sorted(columns - {THERE})
        )
        there = target.select(
            pl.col(_ORG_CODE),
            pl.col(key.column).alias(pointer),
            *(
                one.alias(f"{pointer}.{name}")
                for one, name in zip(taken, sorted(columns - {THERE}), strict=True)
            ),
            pl.lit("T").alias(f"{pointer}.{THERE}"),
        ).unique([_ORG_CODE, pointer], keep="any")
        frame = frame.join(there, on=[_ORG_CODE, pointer], how="left", maintain_order="left")
        if complete:
            found = pl.col(f"{pointer}.{THERE}").fill_null("F")
            frame = frame.with_columns(
                pl.when(pl.col(pointer).is_not_null()).then(found).alias(f"{pointer}.{THERE}")
            )
    return frame


def with_looks(frame: pl.DataFrame, looks: Mapping[str, Aggregate], frames: Frames) -> pl.DataFrame:
    """The frame with a String column per look; null where the other table is not at hand or an own column is empty.

    Voided rows are left out unless `where` speaks of record_status. Nothing found counts 0, adds up to 0, is null else.
    """
    for name, look in looks.items():
        target = frames.get(look.table)
        if target is None:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name))
            continue
        where = look.where or {}
        counts = condition(where if "record_status" in where else {**where, **_VALID})
        made_of = _made(look)
        times = [moment(look.before[1])] if look.before else []
        rows = with_readings(target, readings_of([counts, made_of, *times])).filter(counts)
        on = look.on if _ORG_CODE in look.on.values() else {_ORG_CODE: _ORG_CODE, **look.on}
        rows = rows.drop_nulls(list(on.values()))
        if look.before:
            frame = _with_last_before(frame, name, look, rows, on)
            continue
        made = rows.group_by(list(on.values())).agg(made_of.cast(pl.String).alias(name))
        frame = frame.join(
            made, left_on=list(on), right_on=list(on.values()), how="left", maintain_order="left"
        )
        if look.function in _COUNTING:
            asked = pl.all_horizontal(pl.col(column).is_not_null() for column in on)
            frame = frame.with_columns(pl.when(asked).then(pl.col(name).fill_null("0")).alias(name))
    return frame


def _with_last_before(
    frame: pl.DataFrame, name: str, look: Aggregate, rows: pl.DataFrame, on: Mapping[str, str]
) -> pl.DataFrame:
    """The column of the last of the rows that are before the frame's own time; of equal ones, the one that came last."""
    assert look.before is not None
    assert look.column is not None
    own, theirs = (moment(time) for time in look.before)
    asking = with_readings(frame, readings_of([own])).with_row_index(_PLACE).filter(own.is_not_null())
    asked = asking.select(_PLACE, *on, own.alias(_TIME)).sort(_TIME)
    said = rows.filter(theirs.is_not_null()).select(
        *(pl.col(column).alias(f"{_THEIRS}{column}") for column in on.values()),
        theirs.alias(_TIME),
        pl.col(look.column).alias(name),
    )
    found = asked.join_asof(
        said.sort(_TIME, maintain_order=True),
        on=_TIME,
        by_left=list(on),
        by_right=[f"{_THEIRS}{column}" for column in on.values()],
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    ).select(_PLACE, name)
    return frame.with_row_index(_PLACE).join(found, on=_PLACE, how="left", maintain_order="left").drop(_PLACE)


def _made(look: Aggregate) -> pl.Expr:
    if look.column is None:
        return pl.len()
    value = pl.col(look.column)
    match look.function:
        case "sum":
            return number(look.column).sum().round(_DECIMALS)
        case "min":
            return value.min()
        case "max":
            return value.max()
        case "distinct":
            return value.drop_nulls().n_unique()
    return value.drop_nulls().first()
