"""Sources by their `type:`."""

from __future__ import annotations

from medferry.clock import Clock
from medferry.sources.source import Source
from medferry.sources.sql_query import SqlQuery, SqlQuerySettings

SOURCE_SETTINGS = {"sql_query": SqlQuerySettings}
"""`type:` -> the settings a project file may give."""


def open_source(settings: SqlQuerySettings, clock: Clock) -> Source:
    """The source that the settings ask for; it connects at its first use."""
    return SqlQuery(settings, clock)
