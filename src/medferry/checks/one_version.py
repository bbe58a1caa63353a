"""one_version: of one key, one version per batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from medferry.checks.format import DATETIME_PATTERN
from medferry.checks.registry import field_check

_ROW, _SOURCE, _CONTENT = "\x00row", "\x00source", "\x00content"  # no table has such columns


@dataclass(frozen=True, slots=True)
class Versions:
    """What the rows of one key mean to each other.

    dropped      positions that neither travel nor are held: exact copies, versions older than another's
    conflicting  positions to hold: equal, newest times with different content; rows of different source rows that say
                 different things under one key
    """

    dropped: pl.Series
    conflicting: pl.Series


@field_check("one_version", code="5001")
def one_version(changed_at: pl.Expr, org_code: str, key: str) -> pl.Expr:
    """同一批内，一个主键只有一个版本。

    更新时间最新者为准：较旧的版本、内容完全相同的重复行不发送也不拦截；
    最新时间相同而内容不同的行无法分辨先后，全部拦截。
    不同的源行（查询的 key 不同，例如只差空格、大小写）映射成同一主键、内容又不同（更新时间除外）的，分不出是谁，全部拦截：
    改映射，让主键分得开；确是同一记录的，改查询，只取一行。分批到达的，新的盖过旧的，照常发送并提醒。主键为空、更新时间缺失或写法不对的行不参与比较。

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


def compare_versions(
    frame: pl.DataFrame,
    org_code: str,
    key: str,
    changed_at: str,
    origin: pl.Series | None = None,
    source_keys: Sequence[bytes] = (),
) -> Versions:
    """Finds the rows of one key that are copies, older, or in conflict; cheap when every key comes once.

    origin, source_keys  the source row of each row, and the identity of each source row; None: nobody knows, all rows
                         of one key are versions of one record
    """
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
    strangers = _of_different_rows(single, org_code, key, changed_at, origin, source_keys)
    kept = judged.filter(~pl.col("older") | pl.col(_ROW).is_in(strangers.implode()))[_ROW]
    dropped = repeated[_ROW].filter(~repeated[_ROW].is_in(kept.implode()))
    wrong = judged.filter(pl.col("verdict").not_() | pl.col(_ROW).is_in(strangers.implode()))
    return Versions(dropped, wrong[_ROW])


def _of_different_rows(
    rows: pl.DataFrame,
    org_code: str,
    key: str,
    changed_at: str,
    origin: pl.Series | None,
    source_keys: Sequence[bytes],
) -> pl.Series:
    """Positions of rows whose key another source row gave too, with other content: two things under one name.

    A record drawn from several lines of the source says the same each time, but for when the line changed."""
    if origin is None:
        return pl.Series(_ROW, [], dtype=pl.UInt32)
    identities = [source_keys[row] for row in origin.gather(rows[_ROW]).to_list()]
    content = [name for name in rows.columns if name not in (_ROW, changed_at)]
    return (
        rows.with_columns(pl.Series(_SOURCE, identities, dtype=pl.Binary))
        .filter(pl.col(key).is_not_null() & pl.col(org_code).is_not_null())
        .with_columns(pl.struct(content).hash().alias(_CONTENT))
        .filter(
            (pl.col(_SOURCE).n_unique().over(org_code, key) > 1)
            & (pl.col(_CONTENT).n_unique().over(org_code, key) > 1)
        )[_ROW]
    )


def _older(changed_at: pl.Expr, org_code: str, key: str) -> pl.Expr:
    comparable = pl.col(key).is_not_null() & pl.col(org_code).is_not_null()
    at = pl.when(comparable & changed_at.str.contains(DATETIME_PATTERN)).then(changed_at)
    return (at < at.max().over(org_code, key)).fill_null(value=False)
