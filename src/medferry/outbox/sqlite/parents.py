"""Parents' columns for the rules that look at them: heads lead to payload chunks, and what was read last is remembered."""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Sequence

import orjson
import polars as pl

from medferry.outbox.sqlite.connection import ReadConnection
from medferry.outbox.sqlite.payload import unpacked
from medferry.outbox.sqlite.rows import PayloadFound

ROWS_MAX = 50_000  # parents remembered, some 600 bytes each: children of one time have parents of one time
CHUNKS_MAX = 24  # … and payload chunks, some 300 kilobytes each: parents of a small batch lie in few of them

Values = tuple[str | None, ...]
Lines = Sequence[bytes]


class Parents:
    """Newest sound versions by key hash, of what is committed; for any number of threads."""

    def __init__(
        self, reading: ReadConnection, rows_max: int = ROWS_MAX, chunks_max: int = CHUNKS_MAX
    ) -> None:
        self._reading = reading
        self._rows_max = rows_max
        self._chunks_max = chunks_max
        self._guard = threading.Lock()
        self._asked: dict[str, tuple[str, ...]] = {}
        self._rows: OrderedDict[int, Values] = OrderedDict()
        self._chunks: OrderedDict[int, Lines] = OrderedDict()
        self._firsts: list[int] = []

    def of(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        """See WayInLedger.parents."""
        with self._guard:
            asked = self._ever_asked(table, columns)
            rows = self._values(self._sequences(key_hashes), asked)
        return pl.DataFrame(rows, schema=dict.fromkeys(asked, pl.String), orient="row").select(columns)

    def _ever_asked(self, table: str, columns: Sequence[str]) -> tuple[str, ...]:
        """Tables with one parent ask for different columns of it and share what is remembered."""
        known = self._asked.get(table, ())
        if not set(columns) <= set(known):
            known = self._asked[table] = tuple(dict.fromkeys((*known, *columns)))
            self._rows.clear()
        return known

    def _sequences(self, key_hashes: Sequence[bytes]) -> list[int]:
        return sorted(seq for _, seq in self._reading.heads("sound_among", key_hashes))

    def _values(self, sequences: Sequence[int], columns: tuple[str, ...]) -> list[Values]:
        """Rows of ascending sequences; none of a day that has been dropped."""
        found: list[Values] = []
        days = self._reading.days() if sequences else []
        first_seq = 0
        lines: Lines = ()
        for seq in sequences:
            row = self._rows.get(seq)
            if row is None:
                if seq >= first_seq + len(lines):
                    first_seq, lines = self._lines(seq, days)
                if seq >= first_seq + len(lines):
                    continue
                row = tuple(map(orjson.loads(lines[seq - first_seq]).get, columns))
            found.append(row)
            self._rows[seq] = row
            self._rows.move_to_end(seq)
        while len(self._rows) > self._rows_max:
            self._rows.popitem(last=False)
        return found

    def _lines(self, seq: int, days: Sequence[tuple[str, int]]) -> tuple[int, Lines]:
        """First sequence and rows of the chunk that holds a sequence; no rows where its day has been dropped."""
        at = bisect_right(self._firsts, seq) - 1
        if at >= 0 and seq < self._firsts[at] + len(self._chunks[self._firsts[at]]):
            first_seq = self._firsts[at]
            self._chunks.move_to_end(first_seq)
            return first_seq, self._chunks[first_seq]
        at = bisect_right([first for _, first in days], seq) - 1
        found = self._reading.typed(PayloadFound, "payload_at", (seq,), day=days[at][0]) if at >= 0 else []
        if not found or seq >= found[0].first_seq + found[0].rows:
            return seq, ()
        first_seq, rows, codec, key_id, blob = found[0]
        lines = unpacked(codec, key_id, blob).split(b"\n")
        assert len(lines) == rows, f"the payload of sequence {seq} is damaged"
        self._chunks[first_seq] = lines
        insort(self._firsts, first_seq)
        while len(self._chunks) > self._chunks_max:
            oldest, _ = self._chunks.popitem(last=False)
            self._firsts.remove(oldest)
        return first_seq, lines
