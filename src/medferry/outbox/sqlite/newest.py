"""Every record's newest version, table by table, with its row and its findings: what scores and reports read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from medferry.outbox.reader import NEWEST_FINDINGS_SCHEMA, NEWEST_SCHEMA, NewestRows
from medferry.outbox.sqlite.connection import ReadConnection
from medferry.outbox.sqlite.payload import Bodies
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
_STATES = pl.Enum([state.value for state in State])
_ZONE = "Asia/Shanghai"
PAGE_ROWS = 20_000


def newest_rows(
    reading: ReadConnection, bodies: Bodies, tables: Sequence[str] | None, since: str, rows_max: int
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
            keys = pl.Series("key", _keys(reading, sequences), dtype=pl.String)
            yield NewestRows(name, _shown(rows.with_columns(keys, texts)), _findings(reading, sequences))


def _index(reading: ReadConnection, days: Sequence[str]) -> pl.DataFrame:
    """All versions of these days that nobody withdrew, with the first batch of the route that brought them."""
    frames = [page for day in days for page in _pages(reading, day)]
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


def _pages(reading: ReadConnection, day: str) -> Iterator[pl.DataFrame]:
    """The day's versions as narrow columns: keys hashed (64 bits: two of 10 million keys meet once in 300,000 walks)."""
    after = 0
    while True:
        found = reading.rows("walk_versions", (after, PAGE_ROWS), day=day)
        page = pl.DataFrame(found, schema=_INDEX_SCHEMA, orient="row")
        yield page.with_columns(pl.col("key").hash(), pl.col("state").cast(_STATES))
        if len(found) < PAGE_ROWS:
            return
        after = found[-1][0]


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
        pl.col("state").cast(pl.String),
        pl.when(pl.col("source_time") > 0).then(text).otherwise(pl.lit("")).alias("source_time"),
        moment("put_at"),
        moment("began_at"),
        moment("state_at"),
    ).select(list(NEWEST_SCHEMA))


def _keys(reading: ReadConnection, sequences: Sequence[int]) -> list[str]:
    found: dict[int, str] = {}
    asked = json.dumps(list(sequences))
    for day in _days_of(reading, sequences):
        found.update(reading.rows("keys_among", (asked,), day=day))
    return [found[seq] for seq in sequences]


def _days_of(reading: ReadConnection, sequences: Sequence[int]) -> list[str]:
    """Days that hold some of these ascending sequences."""
    days = reading.days()
    ends = [start for _, start in days[1:]] + [2**62]
    return [
        day
        for (day, start), end in zip(days, ends, strict=True)
        if start <= sequences[-1] and end > sequences[0]
    ]


def _findings(reading: ReadConnection, sequences: Sequence[int]) -> pl.DataFrame:
    """Findings of these versions; `row` counts in the order of the sequences."""
    found = []
    for day in _days_of(reading, sequences):
        found += reading.rows("findings_between", (sequences[0], sequences[-1]), day=day)
    frame = pl.DataFrame(
        found,
        schema={"seq": pl.Int64, **dict.fromkeys(list(NEWEST_FINDINGS_SCHEMA)[1:], pl.String)},
        orient="row",
    )
    places = pl.DataFrame({"seq": sequences}, schema={"seq": pl.Int64}).with_row_index("row")
    return frame.join(places, on="seq", how="inner").sort("row").select(list(NEWEST_FINDINGS_SCHEMA))
