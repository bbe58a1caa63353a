"""The reviews of a run, on a thread of their own: the whole at its times of day or when somebody asks, visits that have ended
every few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from shutil import rmtree
from threading import Event as Flag

from medferry.errors import MedferryError
from medferry.events import Event, Job, JobBack, JobFailed, ReviewEnded, VisitsReviewed
from medferry.ferry.ferry import Ferry
from medferry.outbox.reader import LedgerReader
from medferry.outbox.registry import open_reader
from medferry.review.ended_visits import EndedVisits
from medferry.review.nightly import next_review
from medferry.review.requests import is_requested, take_request
from medferry.review.review_pass import folder_of, review

LOOK_S = 2.0  # a request, or a time that has come, is looked for this often
SETTLING = timedelta(seconds=10)  # what was settled this lately may not be readable yet


class Reviews:
    """Of one opening of a project."""

    def __init__(self, ferry: Ferry, stop: Flag) -> None:
        self._ferry = ferry
        self._stop = stop
        self._failed = {Job.REVIEW, Job.VISITS_REVIEW} & ferry.failed_jobs_before

    def run(self) -> None:
        """Until the flag is set. A review that fails is tried again at its next time."""
        project, clock = self._ferry.project, self._ferry.clock
        rmtree(folder_of(project.outbox.path), ignore_errors=True)  # of a run that was killed in a review
        reader = open_reader(project.outbox.type, project.outbox.path)
        try:
            last = reader.last_review()
            due = next_review(project.review.at, last.began_at if last else clock.now())
            every = project.review.ended_visits_every
            ended = EndedVisits(project, self._ferry.outbox, reader)
            seen = looked_until(reader) or clock.now()
            look_at = clock.now() + every if every else None
            while not self._stop.wait(LOOK_S):
                now = clock.now()
                if is_requested(project) or (due is not None and now >= due):
                    take_request(project)
                    due = next_review(project.review.at, now)
                    self._review(reader)
                elif every and look_at is not None and now >= look_at:
                    look_at = now + every
                    seen = self._look(ended, seen)
        finally:
            reader.close()

    def _review(self, reader: LedgerReader) -> None:
        ferry, began = self._ferry, self._ferry.clock.now()
        try:
            done = review(ferry.project, ferry.outbox, reader, stopped=self._stop.is_set)
        except MedferryError as error:
            self._fail(Job.REVIEW, error)
            return
        if done.ended:
            seconds = (ferry.clock.now() - began).total_seconds()
            self._say(ReviewEnded(done.rows, done.left_out, done.findings, seconds))
            self._back(Job.REVIEW)

    def _look(self, ended: EndedVisits, since: datetime) -> datetime:
        """Until when the ended visits have been seen."""
        began = self._ferry.clock.now()
        until = began - SETTLING
        try:
            done = ended.look(since, until, self._stop.is_set) if since < until else None
        except MedferryError as error:
            self._fail(Job.VISITS_REVIEW, error)
            return since
        if done is None:
            return since
        if done.visits:
            seconds = (self._ferry.clock.now() - began).total_seconds()
            self._say(
                VisitsReviewed(done.visits, done.rows, done.findings, done.left, until.isoformat(), seconds)
            )
        self._back(Job.VISITS_REVIEW)
        return until

    def _fail(self, job: Job, error: MedferryError) -> None:
        self._failed.add(job)
        self._say(JobFailed(job, error.code, error.next, str(error)))

    def _back(self, job: Job) -> None:
        if job in self._failed:
            self._failed.discard(job)
            self._say(JobBack(job))

    def _say(self, event: Event) -> None:
        self._ferry.outbox.record([event])
        self._ferry.tell(event)


def looked_until(reader: LedgerReader) -> datetime | None:
    """What was settled before this has been reviewed, visit by visit or with all; None: nothing has."""
    look, last = reader.run_state().visits_look, reader.last_review()
    return max([*([look.until] if look else []), *([last.began_at] if last else [])], default=None)
