"""Accepted rows of some visits or of some keys, found by the ledger's indices: no table is read through."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import orjson
import polars as pl

from medferry.canonical import key_hashes
from medferry.outbox.reviews import AcceptedRows, RecordKey
from medferry.outbox.sqlite.connection import ReadConnection, to_ms
from medferry.outbox.sqlite.payload import Bodies

KEYS_PAGE = 5_000


def visits_of_settled(reading: ReadConnection, since: datetime, until: datetime) -> list[RecordKey]:
    """See LedgerReader.visits_of_settled."""
    span = {"since": to_ms(since), "until": to_ms(until)}
    first_day, last_day = f"{since:%Y%m%d}", f"{until:%Y%m%d}"
    with reading.snapshot("查询就诊"):
        days = [day for day, _ in reading.days()]
        settled = [
            message_id
            for day in days
            if first_day <= day <= last_day
            for message_id in reading.values("settled_messages", span, day=day)
        ]
        found: dict[RecordKey, None] = {}
        for day, sequences in _by_day(reading, _sequences(reading, settled, days)):
            for stream_id, visit in reading.rows("visits_of_versions", (_json(sequences),), day=day):
                found[RecordKey(reading.stream(stream_id).org_code, visit)] = None
    return list(found)


def accepted_of_visits(
    reading: ReadConnection, bodies: Bodies, visits: Sequence[RecordKey], columns: Mapping[str, Sequence[str]]
) -> list[AcceptedRows]:
    """See LedgerReader.accepted_of_visits."""
    organisations: dict[str, set[str]] = {}
    for org_code, visit in visits:
        organisations.setdefault(visit, set()).add(org_code)
    named: dict[str, list[RecordKey]] = {}
    with reading.snapshot("读取就诊的记录"):
        for day, _ in reading.days():
            for stream_id, key, visit in reading.rows(
                "versions_of_visits", (_json(list(organisations)),), day=day
            ):
                stream = reading.stream(stream_id)
                if stream.table in columns and stream.org_code in organisations[visit]:
                    named.setdefault(stream.table, []).append(RecordKey(stream.org_code, key))
        return [
            rows
            for table, keys in named.items()
            for rows in _accepted(reading, bodies, table, list(dict.fromkeys(keys)), columns[table])
        ]


def accepted_among(
    reading: ReadConnection, bodies: Bodies, table: str, keys: Sequence[RecordKey], columns: Sequence[str]
) -> list[AcceptedRows]:
    """See LedgerReader.accepted_among."""
    with reading.snapshot("读取已接收的记录"):
        return list(_accepted(reading, bodies, table, keys, columns))


def _accepted(
    reading: ReadConnection, bodies: Bodies, table: str, keys: Sequence[RecordKey], columns: Sequence[str]
) -> Iterator[AcceptedRows]:
    hashes = key_hashes(table, [one.org_code for one in keys], [one.key for one in keys])
    heads = reading.heads("accepted_of_keys", hashes)
    lines: dict[int, list[bytes]] = {}
    for day, sequences in _by_day(reading, sorted(seq for _, seq in heads)):
        for seq, stream_id in reading.rows("streams_of_versions", (_json(sequences),), day=day):
            lines.setdefault(stream_id, []).append(bodies.bytes_of(seq))
    for stream_id, found in lines.items():
        stream = reading.stream(stream_id)
        frame = pl.read_ndjson(b"\n".join(found), schema=dict.fromkeys(columns, pl.String))
        yield AcceptedRows(
            stream.table, stream.campus, stream.org_code, stream.edition, frame.select(columns)
        )


def _sequences(reading: ReadConnection, message_ids: Sequence[str], days: Sequence[str]) -> list[int]:
    """What these envelopes carried. They were made lately: the newest days are looked through first."""
    left, found = set(message_ids), list[int]()
    for day in reversed(days):
        if not left:
            break
        for message_id, sequences in reading.rows("sequences_of_messages", (_json(list(left)),), day=day):
            left.discard(message_id)
            found += orjson.loads(sequences)
    return sorted(set(found))


def _by_day(reading: ReadConnection, sequences: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Ascending sequences by the day that holds them, so many at a time; none of a day that has been dropped."""
    days = reading.days()
    firsts = [first for _, first in days]
    portions: dict[str, list[int]] = {}
    for seq in sequences:
        at = bisect_right(firsts, seq) - 1
        if at >= 0:
            portions.setdefault(days[at][0], []).append(seq)
    for day, part in portions.items():
        for start in range(0, len(part), KEYS_PAGE):
            yield day, part[start : start + KEYS_PAGE]


def _json(values: Sequence[str] | Sequence[int]) -> str:
    return orjson.dumps(values).decode()
