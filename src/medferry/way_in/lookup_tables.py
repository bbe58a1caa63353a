"""Look-up frames: snapshots of other sources, kept for a while, shared by the routes of a campus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock

import polars as pl

from medferry.clock import Clock
from medferry.config.model import FrameSettings
from medferry.sources.source import Source

_Place = tuple[str, str]  # name, campus


class FrameStore:
    """Reads a frame when it is first needed and again when its `refresh` has passed.

    One reading per frame at a time; a frame is replaced whole, so a batch sees one state of it.
    """

    def __init__(
        self,
        settings: Mapping[str, Mapping[str, FrameSettings]],
        source_of: Callable[[str], Source],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._source_of = source_of
        self._clock = clock
        self._kept: dict[_Place, tuple[datetime, pl.DataFrame]] = {}
        self._locks: dict[_Place, Lock] = {
            (name, campus): Lock() for name, by_campus in settings.items() for campus in by_campus
        }

    def of(
        self, names: tuple[str, ...], campus: str, *, not_older_than: datetime | None = None
    ) -> Mapping[str, pl.DataFrame]:
        """The named frames of a campus; `not_older_than` asks for a newer reading than the usual refresh would give.

        raises SourceError when a frame's source cannot be read.
        """
        return {name: self._frame(name, campus, not_older_than) for name in names}

    def _frame(self, name: str, campus: str, not_older_than: datetime | None) -> pl.DataFrame:
        place = (name, campus)
        settings = self._settings[name][campus]
        with self._locks[place]:
            now = self._clock.now()
            kept = self._kept.get(place)
            if kept is not None:
                read_at, frame = kept
                fresh = now - read_at < settings.refresh
                if fresh and (not_older_than is None or read_at >= not_older_than):
                    return frame
            frame = self._source_of(settings.source).frame(settings.query)
            self._kept[place] = (now, frame)
            return frame
