"""Every record's newest accepted version, of one moment, with the columns that somebody asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from medferry.outbox.reviews import AcceptedRows
from medferry.outbox.sqlite.connection import ReadConnection
from medferry.outbox.sqlite.payload import unpacked
from medferry.outbox.sqlite.rows import Meta, PayloadFound

HEADS_PAGE = 50_000
CHUNKS_PAGE = 16
LINES_MAX = 4_096  # rows of one stream read into columns together …
BYTES_MAX = 16 * 1024 * 1024  # … and of all streams, in bytes


def accepted_rows(reading: ReadConnection, columns: Mapping[str, Sequence[str]]) -> Iterator[AcceptedRows]:
    """See LedgerReader.accepted."""
    accepted = _accepted(reading)
    lines: dict[int, list[bytes]] = {}
    size = 0
    for day, _ in reading.days():
        for stream_id, found in _found(reading, day, accepted):
            if reading.stream(stream_id).table not in columns:
                continue
            gathered = lines.setdefault(stream_id, [])
            gathered += found
            size += sum(map(len, found))
            full = list(lines) if size > BYTES_MAX else [stream_id] * (len(gathered) >= LINES_MAX)
            for one in full:
                size -= sum(map(len, lines[one]))
                yield _rows(reading, one, lines.pop(one), columns)
    for stream_id, rest in lines.items():
        yield _rows(reading, stream_id, rest, columns)


def _accepted(reading: ReadConnection) -> bytearray:
    """A bit per sequence: it is a record's newest accepted version. Ten million versions are a megabyte and a quarter."""
    with reading.snapshot("读取已接收的版本"):
        (meta,) = reading.typed(Meta, "meta")
        bits = bytearray((meta.next_seq >> 3) + 1)
        head_id = 0
        while page := reading.rows("accepted_after", (head_id, HEADS_PAGE)):
            for head_id, seq in page:  # noqa: B007  # the last one leads on
                bits[seq >> 3] |= 1 << (seq & 7)
    return bits


def _found(reading: ReadConnection, day: str, accepted: bytearray) -> Iterator[tuple[int, list[bytes]]]:
    """Stream and canonical rows of the accepted versions of each payload chunk."""
    after = -1
    while chunks := reading.typed(PayloadFound, "payload_after", (after, CHUNKS_PAGE), day=day):
        for first_seq, rows, codec, key_id, blob in chunks:
            sequences = range(first_seq, first_seq + rows)
            if not any(accepted[first_seq >> 3 : (sequences[-1] >> 3) + 1]):
                continue
            streams: dict[int, int] = dict(
                reading.rows("streams_between", (first_seq, first_seq + rows), day=day)
            )
            lines = unpacked(codec, key_id, blob).split(b"\n")
            found: dict[int, list[bytes]] = {}
            for seq, line in zip(sequences, lines, strict=True):
                if accepted[seq >> 3] >> (seq & 7) & 1:
                    found.setdefault(streams[seq], []).append(line)
            yield from found.items()
        after = chunks[-1].first_seq


def _rows(
    reading: ReadConnection, stream_id: int, lines: Sequence[bytes], columns: Mapping[str, Sequence[str]]
) -> AcceptedRows:
    stream = reading.stream(stream_id)
    wanted = columns[stream.table]
    frame = pl.read_ndjson(b"\n".join(lines), schema=dict.fromkeys(wanted, pl.String))
    assert frame.height == len(lines), f"{stream.table}: canonical rows read as {frame.height} lines"
    return AcceptedRows(stream.table, stream.campus, stream.org_code, stream.edition, frame.select(wanted))
