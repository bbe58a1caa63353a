"""What lies behind a route's window, day by day of its change times: has anything changed there since it was looked at?

Of each slice the ledger keeps how many rows the source had and a digest of their keys and change times. Slices that are
otherwise now, or hold keys that never came, are read again; a route's first look only writes down how its slices are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import NamedTuple

import polars as pl

from medferry.canonical import canonical_rows, digests
from medferry.records import Cursor
from medferry.way_in.batch import as_text

_NAME = "\x00slice"  # no source has such a column
_STEPS = ((14, None), (13, 86_400_000), (10, 86_400), (0, 10_000))
"""Digits of whole numbers at least -> what one slice spans; None: as many as leave the day of a written time."""


class SliceDigest(NamedTuple):
    """What the ledger keeps of a slice. rows: how many; digest: 63 bits over keys and change times."""

    rows: int
    digest: int


@dataclass(slots=True)
class Slice:
    """Rows whose change times share a day.

    after  the place of the row before its first; None: there is none
    last   the place of its last row
    """

    name: str
    after: Cursor | None
    last: Cursor
    rows: int = 0
    digest: int = 0
    has_strangers: bool = False

    @property
    def found(self) -> SliceDigest:
        return SliceDigest(self.rows, self.digest)


class Slices:
    """Pages of places, in order, put together to slices. after: the end of a slice where the first page begins."""

    def __init__(self, key: Sequence[str], changed_at: str, after: Cursor | None = None) -> None:
        self._key, self._changed_at = key, changed_at
        self._open: Slice | None = None
        self._before = after

    def add(self, page: pl.DataFrame, known: pl.Series) -> Iterator[Slice]:
        """Slices that end with this page; the last one stays open.

        page   keys and change times
        known  Boolean per row: its key came before
        """
        columns = (*self._key, self._changed_at)
        hashes = digests(canonical_rows(as_text(page.select(columns)), columns).to_list())
        rows = page.with_columns(
            slice_name(page[self._changed_at]).alias(_NAME),
            pl.Series("\x00digest", [int.from_bytes(one[:8]) >> 1 for one in hashes], dtype=pl.Int64),
            known.alias("\x00known"),
        )
        for part in rows.partition_by(_NAME, maintain_order=True):
            name = str(part[_NAME][0])
            last = self._place(part, part.height - 1)
            if self._open is not None and self._open.name != name:
                yield self._open
                self._open = None
            if self._open is None:
                self._open = Slice(name, self._before, last)
            self._open.last = last
            self._open.rows += part.height
            self._open.digest = reduce(xor, part["\x00digest"].to_list(), self._open.digest)
            self._open.has_strangers |= not part["\x00known"].all()
            self._before = last

    def rest(self) -> Iterator[Slice]:
        """The slice that stayed open, once there are no more pages."""
        if self._open is not None:
            yield self._open

    def _place(self, page: pl.DataFrame, row: int) -> Cursor:
        texts = page.select(self._changed_at, *self._key).row(row)
        changed_at, *key = [one if isinstance(one, (str, int)) else one.isoformat() for one in texts]
        return Cursor(changed_at, tuple(key))


def slice_name(changed_at: pl.Series) -> pl.Series:
    """The slice of each change time: ten characters of a text (2026-01-15, 2026011508), a day of numbers that tell one."""
    if not changed_at.dtype.is_integer():
        return as_text(changed_at.to_frame()).to_series().str.slice(0, 10)
    digits = len(str(changed_at.abs().max() or 0))
    span = next(span for least, span in _STEPS if digits >= least)
    if span is None:
        span = 10 ** (digits - 8)
    return (changed_at // span).cast(pl.String)


def must_be_read(one: Slice, kept: Mapping[str, SliceDigest]) -> bool:
    """Whether rows of the slice came, or changed, unseen. kept: what the ledger says of the route's slices."""
    before = kept.get(one.name)
    if one.has_strangers or (before is not None and before != one.found):
        return True
    return before is None and bool(kept)  # came behind the window since the last look
