"""What every source's settings have, and what the program hands a source when it opens."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from medferry.clock import Clock
from medferry.members import Settings
from medferry.sources.source import Source

ROWS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class SourceTools:
    """What a source may use of the program."""

    clock: Clock


class SourceSettings(Settings):
    """One source of a project: derive from it, name the type, add what your source needs to know.

    name           as in the project, for messages
    campus         id of the campus that the source belongs to
    reads_queries  a route says by one SELECT what it reads; if not, `query:` is no key of its routes, ReadPlan.query is
                   empty, and the source serves no look-up tables and no `count:`
    """

    given: ClassVar[frozenset[str]] = frozenset({"type", "name", "campus"})
    reads_queries: ClassVar[bool] = True

    name: str
    campus: str
    rows_max: int = Field(ROWS_MAX, ge=1, le=100_000, description="每批最多几行；路线自己可以写得更少")

    def wrong_query(self, query: str) -> tuple[str, str] | None:
        """What is wrong with a route's or a look-up table's query, and how to go on, in Chinese; None: nothing."""
        return None

    @abstractmethod
    def open(self, tools: SourceTools) -> Source:
        """The source; it connects, or listens, at its first use."""
