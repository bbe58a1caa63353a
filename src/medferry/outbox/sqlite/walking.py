"""Every record's newest version, table by table, with its row and its findings: what scores and reports read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from medferry.outbox.reader import NEWEST_FINDINGS_SCHEMA, NEWEST_SCHEMA, NewestRows
from medferry.outbox.sqlite.payload import Bodies
from medferry.outbox.sqlite.reading import Reading
from medferry.records import State

_INDEX_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "seq": pl.Int64,
    "stream_id": pl.Int32,
    "key": pl.String,
    "source_time": pl.Int64,
    "route_id": pl.Int32,
    "put_at": pl.Int64,
    "state": pl.String,
    "state_at": pl.Int64,
}
_ZONE = "Asia/Shanghai"


def newest_rows(
    reading: Reading, bodies: Bodies, tables: Sequence[str] | None, since: str, rows_max: int
) -> Iterator[NewestRows]:
    """See LedgerReader.newest."""
    days = [day for day, _ in reading.days() if day >= since]
    if not days:
        return
    index = _newest(_index(reading, days))
    streams = {one: reading.stream(one) for one in index["stream_id"].unique().to_list()}
    names = {stream_id: stream.table for stream_id, stream in streams.items()}
    placed = index.with_columns(
        table=pl.col("stream_id").replace_strict(names, return_dtype=pl.String),
        campus=pl.col("stream_id").replace_strict(
            {one: stream.campus for one, stream in streams.items()}, return_dtype=pl.String
        ),
        org_code=pl.col("stream_id").replace_strict(
            {one: stream.org_code for one, stream in streams.items()}, return_dtype=pl.String
        ),
    )
    present = set(names.values())
    for name in sorted(present) if tables is None else [one for one in tables if one in present]:
        part = placed.filter(pl.col("table") == name).sort("seq")
        for start in range(0, part.height, rows_max):
            rows = part.slice(start, rows_max)
            sequences = rows["seq"].to_list()
            texts = pl.Series("body", [bodies.of(seq) for seq in sequences], dtype=pl.String)
            yield NewestRows(name, _shown(rows.with_columns(texts)), _findings(reading, sequences))


def _index(reading: Reading, days: Sequence[str]) -> pl.DataFrame:
    """All versions of these days that nobody withdrew, with the first batch of the route that brought them."""
    frames = [
        pl.DataFrame(reading.rows("walk_versions", day=day), schema=_INDEX_SCHEMA, orient="row")
        for day in days
    ]
    began: dict[int, int] = {}
    for day, _ in reading.days():
        for route_id, put_at in reading.rows("first_batches", day=day):
            began[route_id] = min(put_at, began.get(route_id, put_at))
    first = pl.DataFrame(
        {"route_id": list(began), "began_at": list(began.values())},
        schema={"route_id": pl.Int32, "began_at": pl.Int64},
    )
    index = pl.concat(frames).filter(pl.col("state") != State.VOIDED.value)
    return index.join(first, on="route_id", how="left")


def _newest(index: pl.DataFrame) -> pl.DataFrame:
    """One row per record: newest by (source time, sequence), and whether any of its versions was accepted."""
    key = ["stream_id", "key"]
    accepted = index.filter(pl.col("state") == State.ACCEPTED.value).select(key).unique()
    newest = index.sort("source_time", "seq").unique(key, keep="last", maintain_order=False)
    return newest.join(accepted.with_columns(accepted=pl.lit(True)), on=key, how="left").with_columns(
        pl.col("accepted").fill_null(False)
    )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Times as date-times, states as texts, in the contract's columns."""

    def moment(name: str) -> pl.Expr:
        at = pl.when(pl.col(name) > 0).then(pl.col(name))
        return at.cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(_ZONE).alias(name)

    digits = pl.col("source_time").cast(pl.String).str.zfill(14)
    text = digits.str.head(8) + pl.lit("T") + digits.str.tail(6)
    return rows.with_columns(
        pl.when(pl.col("source_time") > 0).then(text).otherwise(pl.lit("")).alias("source_time"),
        moment("put_at"),
        moment("began_at"),
        moment("state_at"),
    ).select(list(NEWEST_SCHEMA))


def _findings(reading: Reading, sequences: Sequence[int]) -> pl.DataFrame:
    """Findings of these versions; `row` counts in the order of the sequences."""
    first, last = sequences[0], sequences[-1]
    days = reading.days()
    ends = [start for _, start in days[1:]] + [2**62]
    found = []
    for (day, start), end in zip(days, ends, strict=True):
        if start <= last and end > first:
            found += reading.rows("findings_between", (first, last), day=day)
    frame = pl.DataFrame(
        found,
        schema={"seq": pl.Int64, **dict.fromkeys(list(NEWEST_FINDINGS_SCHEMA)[1:], pl.String)},
        orient="row",
    )
    places = pl.DataFrame({"seq": sequences}, schema={"seq": pl.Int64}).with_row_index("row")
    return frame.join(places, on="seq", how="inner").sort("row").select(list(NEWEST_FINDINGS_SCHEMA))
