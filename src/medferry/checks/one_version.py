"""one_version: of one key, one version per batch."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from medferry.checks.format import DATETIME_PATTERN
from medferry.checks.registry import field_check

_ROW = "\x00row"  # no table has such a column


@dataclass(frozen=True, slots=True)
class Versions:
    """What the rows of one key mean to each other.

    dropped      positions that neither travel nor are held: exact copies, versions older than another's
    conflicting  positions to hold: equal, newest times with different content
    """

    dropped: pl.Series
    conflicting: pl.Series


@field_check("one_version", code="5001")
def one_version(changed_at: pl.Expr, org_code: str, key: str) -> pl.Expr:
    """同一批内，一个主键只有一个版本。

    更新时间最新者为准：较旧的版本、内容完全相同的重复行不发送也不拦截；
    最新时间相同而内容不同的行无法分辨先后，全部拦截。主键为空、更新时间缺失或写法不对的行不参与比较。

    changed_at     text column with the version's time, DT15; exact copies of rows are already gone
    org_code, key  names of the key columns
    returns        Boolean per row: true newest and alone, false newest and not alone, null older or
                   not comparable
    """
    time = pl.when(
        pl.col(key).is_not_null() & pl.col(org_code).is_not_null() & changed_at.str.contains(DATETIME_PATTERN)
    )
    at = time.then(changed_at)
    newest = at == at.max().over(org_code, key)
    return pl.when(newest).then(newest.sum().over(org_code, key) == 1)


def compare_versions(frame: pl.DataFrame, org_code: str, key: str, changed_at: str) -> Versions:
    """Finds the rows of one key that are copies, older, or in conflict; cheap when every key comes once."""
    nothing = pl.Series("row", [], dtype=pl.UInt32)
    if frame.height < 2 or frame[key].n_unique() == frame.height:
        return Versions(nothing, nothing)
    repeated = frame.with_row_index(_ROW).filter(pl.struct(org_code, key).is_duplicated())
    single = repeated.unique(subset=frame.columns, keep="first", maintain_order=True)
    judged = single.select(
        pl.col(_ROW),
        older=_older(pl.col(changed_at), org_code, key),
        verdict=one_version(pl.col(changed_at), org_code, key),
    )
    kept = judged.filter(~pl.col("older"))[_ROW]
    dropped = repeated[_ROW].filter(~repeated[_ROW].is_in(kept.implode()))
    return Versions(dropped, judged.filter(pl.col("verdict").not_())[_ROW])


def _older(changed_at: pl.Expr, org_code: str, key: str) -> pl.Expr:
    comparable = pl.col(key).is_not_null() & pl.col(org_code).is_not_null()
    at = pl.when(comparable & changed_at.str.contains(DATETIME_PATTERN)).then(changed_at)
    return (at < at.max().over(org_code, key)).fill_null(value=False)
