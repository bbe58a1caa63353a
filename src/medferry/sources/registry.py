"""Sources by the `type:` a project writes: a line each."""

from __future__ import annotations

from medferry.members import Registry
from medferry.sources.settings import SourceSettings

SOURCES = Registry(
    "数据源类型",
    "medferry.sources",
    SourceSettings,  # type: ignore[type-abstract]  # only compared with, never called
    {
        "sql_query": "medferry.sources.sql_query:SqlQuerySettings",
    },
)
