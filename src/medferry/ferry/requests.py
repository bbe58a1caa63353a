"""What people ask of a run by letter, done: held rows mapped again by new code tables, standing rows queued again.

The whole review is asked for the same way; `medferry.ferry.reviews` does it, on its own thread.
"""

from __future__ import annotations

from functools import partial

from medferry.codes_desk.read_codes import read_codes
from medferry.codes_desk.remap import Healed, heal
from medferry.errors import MedferryError
from medferry.ferry.ferry import Ferry
from medferry.ferry.mailbox import HealCodes, Mailbox, Requeue


class Requests:
    """Of one opening of a project. A letter is taken away when what it asks for is done; till then it is tried again."""

    def __init__(self, ferry: Ferry) -> None:
        self._ferry = ferry
        self._mailbox = Mailbox.of(ferry.project)

    def fulfil(self) -> None:
        """All that lie there. One that fails keeps no other from being done.

        raises  MedferryError: the first that failed
        """
        failed: list[MedferryError] = []
        for do in (self.requeue, self.heal):
            try:
                do()
            except MedferryError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def heal(self) -> Healed:
        """Reads the code tables anew and maps the rows again that were held for those named.

        raises  ProjectError for a damaged code table; SourceError, MappingError, OutboxError
        """
        letters = self._mailbox.pending(HealCodes, self._ferry.say)
        names = dict.fromkeys(one.request.codes for one in letters)
        healed = Healed()
        if letters:
            ferry = self._ferry
            by = ferry.use_codes(read_codes(ferry.project))
            reader = ferry.project.outbox.open_reader()
            try:
                healed = heal(by.project, partial(ferry.load_images, by=by), reader, names)
            finally:
                reader.close()
        self._mailbox.done(letters)
        return healed

    def requeue(self) -> int:
        """Queues refused and parked rows again; how many. A row that a newer version has overtaken stays as it is.

        raises  OutboxError
        """
        rows = 0
        for one in self._mailbox.pending(Requeue, self._ferry.say):
            rows += self._ferry.outbox.requeue(one.request.sequences, one.request.reason)
            self._mailbox.done([one])
        return rows
