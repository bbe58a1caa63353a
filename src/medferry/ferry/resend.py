"""Rows that stand still, refused or parked, are sent again because a person says so.

The ledger has one writing process: while `medferry run` holds it, it is asked by a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from medferry.clock import Clock
from medferry.config.model import Project
from medferry.ferry.ferry import tiers_of
from medferry.ferry.mailbox import ROWS_MAX, Mailbox, Requeue
from medferry.outbox.errors import LedgerHeld
from medferry.outbox.reader import ResendReader
from medferry.outbox.settings import OutboxTools
from medferry.records import State

STANDING = (State.REFUSED, State.PARKED)


def standing(reader: ResendReader, table: str, keys: Iterable[str] = ()) -> list[int]:
    """Sequences of a table's refused and parked versions: of these records, or of all where none is named."""
    named = list(keys)
    if not named:
        return sorted(seq for state in STANDING for seq in reader.sequences_in(table, state, ROWS_MAX))
    return sorted(
        version.seq
        for key in named
        for found in reader.find_keys(table=table, key=key)
        for version in reader.versions_of(found.table, found.org_code, found.key)
        if version.state in STANDING
    )


def resend(project: Project, sequences: Sequence[int], reason: str, clock: Clock) -> int | None:
    """Queues rows again, here and now; None where a running `medferry run` was asked to.

    returns  rows queued; less than asked for where a newer version has come meanwhile
    raises   OutboxError
    """
    try:
        with ExitStack() as stack:
            outbox = project.outbox.open(OutboxTools(clock, tiers_of(project), project.name))
            stack.callback(outbox.close)
            return outbox.requeue(sequences, reason)
    except LedgerHeld:
        mailbox = Mailbox.of(project)
        for first in range(0, len(sequences), ROWS_MAX):
            mailbox.put(Requeue(tuple(sequences[first : first + ROWS_MAX]), reason), clock)
        return None
