"""Bodies on disk: chunks of canonical rows, compressed, with a bounded memory of those read last."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import RLock
from typing import NamedTuple

import zstandard

from medferry.outbox.sqlite.rows import PayloadFound

CHUNK_ROWS_MAX = 256
CACHE_BYTES_MAX = 32 * 1024 * 1024
LEVEL = 1


class PayloadDamaged(Exception):
    """What is kept is not what was put: the disk, or somebody, changed it."""


def packed(text: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(text)


def unpacked(codec: str, key_id: str, blob: bytes) -> bytes:
    assert codec == "zstd", f"payload codec {codec}"
    assert key_id == "", "this program has no keys"
    return zstandard.ZstdDecompressor().decompress(blob)


def chunks(first_seq: int, bodies: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """First sequence, rows and blob of each chunk. Canonical rows hold no line feed: it is escaped."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    for start in range(0, len(bodies), CHUNK_ROWS_MAX):
        part = bodies[start : start + CHUNK_ROWS_MAX]
        yield first_seq + start, len(part), compressor.compress(b"\n".join(part))


class Bodies:
    """Canonical rows by sequence, for any number of threads. Only committed chunks are ever asked for.

    Raises PayloadDamaged for a chunk that cannot be read any more; whether a row that can is what was put, its digest says.
    """

    def __init__(self, fetch: Callable[[int], PayloadFound | None], bytes_max: int = CACHE_BYTES_MAX) -> None:
        """`fetch` gives the row of payload_at for a sequence."""
        self._fetch = fetch
        self._bytes_max = bytes_max
        self._chunks: OrderedDict[int, _Chunk] = OrderedDict()
        self._firsts: list[int] = []
        self._bytes = 0
        self._last = _Chunk(0, [], 0)
        self._guard = RLock()

    def of(self, seq: int) -> str:
        """The row as text."""
        return self.bytes_of(seq).decode()

    def bytes_of(self, seq: int) -> bytes:
        """The row as it is kept and sent."""
        chunk = self._chunk_of(seq)
        return chunk.lines[seq - chunk.first_seq]

    def many(self, sequences: Sequence[int]) -> list[bytes]:
        """`bytes_of` of each; ascending sequences, most of them neighbours."""
        found: list[bytes] = []
        while len(found) < len(sequences):
            first = sequences[len(found)]
            chunk = self._chunk_of(first)
            start = first - chunk.first_seq
            alike = min(len(chunk.lines) - start, len(sequences) - len(found))
            if sequences[len(found) + alike - 1] != first + alike - 1:
                alike = 1  # a gap: row by row up to it
            found += chunk.lines[start : start + alike]
        return found

    def _chunk_of(self, seq: int) -> _Chunk:
        with self._guard:
            chunk = self._last
            if not chunk.first_seq <= seq < chunk.first_seq + len(chunk.lines):
                chunk = self._last = self._cached(seq) or self._read(seq)
            return chunk

    def remember(self, first_seq: int, rows: Sequence[bytes]) -> None:
        """Rows that have just been committed and will most likely leave at once: spares reading them back."""
        for start in range(0, len(rows), CHUNK_ROWS_MAX):
            lines = list(rows[start : start + CHUNK_ROWS_MAX])
            with self._guard:
                self._keep(_Chunk(first_seq + start, lines, sum(map(len, lines))))

    def _cached(self, seq: int) -> _Chunk | None:
        at = bisect_right(self._firsts, seq) - 1
        if at < 0:
            return None
        chunk = self._chunks[self._firsts[at]]
        if seq >= chunk.first_seq + len(chunk.lines):
            return None
        self._chunks.move_to_end(chunk.first_seq)
        return chunk

    def _read(self, seq: int) -> _Chunk:
        found = self._fetch(seq)
        if found is None:
            raise PayloadDamaged
        first_seq, rows, codec, key_id, blob = found
        if codec != "zstd" or key_id:
            raise PayloadDamaged
        try:
            text = unpacked(codec, key_id, blob)
        except (zstandard.ZstdError, MemoryError, TypeError) as error:
            raise PayloadDamaged from error
        chunk = _Chunk(first_seq, text.split(b"\n"), len(text))
        if len(chunk.lines) != rows or seq >= first_seq + len(chunk.lines):
            raise PayloadDamaged
        self._keep(chunk)
        return chunk

    def _keep(self, chunk: _Chunk) -> None:
        if chunk.first_seq in self._chunks:
            return
        self._chunks[chunk.first_seq] = chunk
        insort(self._firsts, chunk.first_seq)
        self._bytes += chunk.size
        while self._bytes > self._bytes_max and len(self._chunks) > 1:
            oldest, dropped = self._chunks.popitem(last=False)
            self._firsts.remove(oldest)
            self._bytes -= dropped.size


class _Chunk(NamedTuple):
    first_seq: int
    lines: list[bytes]
    size: int
