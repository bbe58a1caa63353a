"""Look-up tables: small results read whole from other sources, kept for a while, shared by the routes of a campus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from threading import Lock

import polars as pl

from medferry.clock import Clock
from medferry.config.model import LookupTableSettings
from medferry.sources.source import Source

_Place = tuple[str, str]  # name, campus


class LookupTables:
    """Reads a table when it is first needed and again when its `refresh` has passed.

    One reading per table at a time; a table is replaced whole, so a batch sees one state of it.
    """

    def __init__(
        self,
        settings: Mapping[str, Mapping[str, LookupTableSettings]],
        source_of: Callable[[str], Source],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._source_of = source_of
        self._clock = clock
        self._kept: dict[_Place, tuple[float, pl.DataFrame]] = {}
        self._locks: dict[_Place, Lock] = {
            (name, campus): Lock() for name, by_campus in settings.items() for campus in by_campus
        }

    def of(
        self, names: tuple[str, ...], campus: str, *, not_older_than_s: float = -inf
    ) -> Mapping[str, pl.DataFrame]:
        """The named tables of a campus.

        not_older_than_s  of the clock's steady seconds; asks for a newer reading than the usual refresh would give
        raises            SourceError: a table's source cannot be read
        """
        return {name: self._table(name, campus, not_older_than_s) for name in names}

    def _table(self, name: str, campus: str, not_older_than_s: float) -> pl.DataFrame:
        place = (name, campus)
        settings = self._settings[name][campus]
        with self._locks[place]:
            now_s = self._clock.steady_s()
            kept = self._kept.get(place)
            if kept is not None:
                read_at_s, table = kept
                if now_s - read_at_s < settings.refresh.total_seconds() and read_at_s >= not_older_than_s:
                    return table
            table = self._source_of(settings.source).lookup_table(settings.query)
            self._kept[place] = (now_s, table)
            return table
