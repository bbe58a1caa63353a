"""What a run must remember beyond its own process: what is broken since when and why, and how
far ended visits have been seen.

The ledger keeps it beside the journal: `Outbox.record` brings both up to date in one transaction, from the same events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from medferry.events import Job


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not work now.

    since  it has failed ever since
    at     when it failed last
    text   what people read of the last failure
    """

    since: datetime
    at: datetime
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class VisitsLook:
    """The last look at ended visits that found any; what was settled before `until` has been seen."""

    until: datetime
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class RunState:
    """As it is now, by whichever run it came to be so. platform: None while it answers.

    notices  of routes that work, and whose source wants a look
    """

    platform: Trouble | None = None
    routes: Mapping[str, Trouble] = field(default_factory=dict)
    jobs: Mapping[Job, Trouble] = field(default_factory=dict)
    notices: Mapping[str, Trouble] = field(default_factory=dict)
    visits_look: VisitsLook | None = None
