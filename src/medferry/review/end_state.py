"""The accepted rows of a moment, laid out by columns in files: every rule reads some columns of many rows, often.

The files hold patients' data: they lie beside the ledger, only their owner may look, and they go with the review.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from medferry.outbox.reviews import AcceptedRows

CAMPUS, EDITION = "campus of the record", "edition of the record"  # blanks: no table has such columns
ROWS_MAX = 50_000  # rows of all tables kept in memory before they are written


class EndState:
    """Accepted rows of tables. Use it as a context: its files are gone afterwards, also those of one that was killed."""

    def __init__(self, folder: Path, columns: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder
        self._columns = columns
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._parts: dict[str, list[Path]] = {}
        self._editions: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> EndState:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, rows: Iterable[AcceptedRows]) -> Iterator[int]:
        """Takes in all rows; says now and then how many there are."""
        total = waiting = 0
        for one in rows:
            frame = one.frame.with_columns(
                pl.lit(one.campus).alias(CAMPUS), pl.lit(one.edition).alias(EDITION)
            )
            self._waiting.setdefault(one.table, []).append(frame)
            self._editions[one.table, one.edition] += frame.height
            total += frame.height
            waiting += frame.height
            if waiting >= ROWS_MAX:
                self._flush()
                waiting = 0
                yield total
        self._flush()
        yield total

    def _flush(self) -> None:
        for table, frames in self._waiting.items():
            parts = self._parts.setdefault(table, [])
            path = self._folder / f"{table}-{len(parts):06d}.parquet"
            pl.concat(frames).write_parquet(path, compression="lz4", statistics=False)
            parts.append(path)
        self._waiting.clear()

    @property
    def tables(self) -> frozenset[str]:
        """Those that have rows."""
        return frozenset(name for name, _ in self._editions)

    def rows_of(self, table: str) -> int:
        return sum(rows for (name, _), rows in self._editions.items() if name == table)

    def editions(self) -> list[tuple[str, str, int]]:
        """Table, edition and how many rows of the table follow it."""
        return [(table, edition, rows) for (table, edition), rows in sorted(self._editions.items())]

    def scan(self, table: str) -> pl.LazyFrame:
        """All rows; none of a table that has none."""
        if table in self._parts:
            return pl.scan_parquet(self._parts[table])
        schema = dict.fromkeys((*self._columns[table], CAMPUS, EDITION), pl.String)
        return pl.LazyFrame(schema=schema)

    def portions(self, table: str, columns: Sequence[str], rows_max: int) -> Iterator[pl.DataFrame]:
        """All rows, so many at a time."""
        for part in self._parts.get(table, ()):
            yield from pl.read_parquet(part, columns=list(columns)).iter_slices(rows_max)
