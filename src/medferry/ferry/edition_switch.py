"""A run that passes the day on which an edition changes over ends by itself, to be opened anew with the new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from math import inf

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.clock import ZONE
from medferry.config.model import Project
from medferry.errors import MedferryError
from medferry.events import EditionSwitched, Job, JobBack, JobFailed
from medferry.ferry.ferry import Ferry
from medferry.ferry.timetable import Moment

RETRY = timedelta(minutes=10)


class EditionSwitch:
    """Of one opening of a project.

    reload    reads the project anew, with the editions of the day it is called
    switched  this opening follows one that ended because its edition changed over. Told here, not when that was noticed:
              until the one before has ended, rows are still kept under the old edition
    project   what `reload` gave, once the switch is due
    """

    def __init__(self, ferry: Ferry, reload: Callable[[], Project], *, switched: bool = False) -> None:
        self._ferry = ferry
        self._reload = reload
        self._at = switch_at(ferry.project)
        self._retry_s = -inf
        self.project: Project | None = None
        if Job.EDITION_SWITCH in ferry.failed_jobs_before:
            self._ferry.say(JobBack(Job.EDITION_SWITCH))  # it is opened now
        if switched:
            self._ferry.say(EditionSwitched(ferry.project.catalog.edition, f"{ferry.clock.now():%Y%m%d}"))

    def is_due(self) -> bool:
        """The day has come and the project can be opened anew. While it cannot, the run goes on as it is: it is told why, and
        tried again."""
        now = Moment.of(self._ferry.clock)
        if self._at is None or now.wall < self._at or now.steady_s < self._retry_s:
            return False
        try:
            self.project = self._reload()
        except MedferryError as error:
            self._ferry.say(JobFailed(Job.EDITION_SWITCH, error.code, error.next, str(error)))
            self._retry_s = now.steady_s + RETRY.total_seconds()
            return False
        return True


def switch_at(project: Project) -> datetime | None:
    """The beginning of the next day on which a table changes over; None: there is none."""
    catalog = project.catalog
    day = catalog.next_switch() if isinstance(catalog, SwitchedCatalog) else None
    return None if day is None else datetime.combine(day, time(), ZONE)
