"""The reviews of a run, on a thread of their own: the whole at its times of day or when somebody asks, visits that have ended
every few minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from shutil import rmtree
from threading import Event as Flag

from medferry.errors import MedferryError
from medferry.events import Job, JobBack, JobFailed, ReviewEnded, VisitsReviewed
from medferry.ferry.ferry import Ferry
from medferry.ferry.mailbox import Letter, Mailbox, ReviewNow
from medferry.ferry.timetable import DailyTimes, Moment
from medferry.outbox.reader import LedgerReader
from medferry.review.ended_visits import EndedVisits
from medferry.review.review_pass import folder_of, review

LOOK_S = 2.0  # a request, or a time that has come, is looked for this often
ASKED_RETRY_S = 30.0  # a review that was asked for and failed is tried again after this long
SETTLING = timedelta(seconds=10)  # what was settled this lately may not be readable yet


class Reviews:
    """Of one opening of a project. `turn` is called again and again by one thread."""

    def __init__(self, ferry: Ferry, reader: LedgerReader) -> None:
        self._ferry = ferry
        self._reader = reader
        self._mailbox = Mailbox.of(ferry.project)
        self._failed = {Job.REVIEW, Job.VISITS_REVIEW} & ferry.failed_jobs_before
        now = Moment.of(ferry.clock)
        settings = ferry.project.review
        last = reader.last_review()
        self._whole = DailyTimes(settings.at, last.began_at if last else now.wall)
        self._asked_again_s = now.steady_s
        self._ended = EndedVisits(ferry.project, ferry.outbox, reader)
        self._every_s = settings.ended_visits_every.total_seconds() if settings.ended_visits_every else inf
        self._seen = looked_until(reader) or now.wall
        self._seen_s = self._looked_s = now.steady_s

    def turn(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """What is due, the whole before ended visits. A review that fails is tried again at its next time, one that was asked
        for in a while."""
        now = Moment.of(self._ferry.clock)
        letters = self._asked(now)
        if letters or self._whole.due_in_s(now) <= 0:
            self._whole.begin(now)
            if self._review(stopped):
                self._mailbox.done(letters)
            else:
                self._asked_again_s = now.steady_s + ASKED_RETRY_S
        elif now.steady_s - self._looked_s >= self._every_s:
            self._look(now, stopped)

    def _asked(self, now: Moment) -> list[Letter[ReviewNow]]:
        if now.steady_s < self._asked_again_s:
            return []
        try:
            return self._mailbox.pending(ReviewNow, self._ferry.say)
        except MedferryError as error:
            self._fail(Job.REVIEW, error)
            self._asked_again_s = now.steady_s + ASKED_RETRY_S
            return []

    def _review(self, stopped: Callable[[], bool]) -> bool:
        """Whether it came to its end."""
        ferry, began_s = self._ferry, self._ferry.clock.steady_s()
        try:
            done = review(ferry.project, ferry.outbox, self._reader, stopped=stopped)
        except MedferryError as error:
            self._fail(Job.REVIEW, error)
            return False
        if done.ended:
            seconds = ferry.clock.steady_s() - began_s
            self._ferry.say(ReviewEnded(done.rows, done.left_out, done.findings, seconds))
            self._back(Job.REVIEW)
        return done.ended

    def _look(self, now: Moment, stopped: Callable[[], bool]) -> None:
        """At visits that ended since the last look; a look that fails or is stopped has seen nothing."""
        since, until = self._seen, now.wall - SETTLING
        if until < since:  # somebody set the clock back: as far back as the time that has passed
            since = until - timedelta(seconds=now.steady_s - self._seen_s)
        self._looked_s = now.steady_s
        try:
            done = self._ended.look(since, until, stopped)
        except MedferryError as error:
            self._fail(Job.VISITS_REVIEW, error)
            return
        if done is None:
            return
        self._seen, self._seen_s = until, now.steady_s
        if done.visits:
            seconds = self._ferry.clock.steady_s() - now.steady_s
            self._ferry.say(
                VisitsReviewed(done.visits, done.rows, done.findings, done.left, until.isoformat(), seconds)
            )
        self._back(Job.VISITS_REVIEW)

    def _fail(self, job: Job, error: MedferryError) -> None:
        self._failed.add(job)
        self._ferry.say(JobFailed(job, error.code, error.next, str(error)))

    def _back(self, job: Job) -> None:
        if job in self._failed:
            self._failed.discard(job)
            self._ferry.say(JobBack(job))


def review_until(stop: Flag, ferry: Ferry) -> None:
    """The reviews of a run, on the caller's thread, until the flag is set."""
    outbox = ferry.project.outbox
    rmtree(folder_of(outbox.path), ignore_errors=True)  # of a run that was killed in a review
    reader = outbox.open_reader()
    try:
        reviews = Reviews(ferry, reader)
        while not stop.wait(LOOK_S):
            reviews.turn(stop.is_set)
    finally:
        reader.close()


def looked_until(reader: LedgerReader) -> datetime | None:
    """What was settled before this has been reviewed, visit by visit or with all; None: nothing has."""
    look, last = reader.run_state().visits_look, reader.last_review()
    return max([*([look.until] if look else []), *([last.began_at] if last else [])], default=None)
