"""Rows that stand still, refused or parked, are sent again because a person says so.

The ledger has one writing process: while `medferry run` holds it, the request is left as a file beside it, and the run
takes it away. A file names sequences of the ledger and the reason, never a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from medferry.clock import Clock
from medferry.codes_desk.requests import FOLDER, is_held_by_another
from medferry.config.model import Project
from medferry.errors import OutboxError
from medferry.ferry.ferry import tiers_of
from medferry.outbox.outbox import PersonsLedger
from medferry.outbox.reader import ResendReader
from medferry.outbox.registry import open_outbox
from medferry.records import State

STANDING = (State.REFUSED, State.PARKED)
ROWS_MAX = 100_000  # of one request
_PATTERN = "resend-*.json"


@dataclass(frozen=True, slots=True)
class Resend:
    """A request as it lies beside the ledger."""

    path: Path
    sequences: Sequence[int]
    reason: str


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
            outbox = open_outbox(
                project.outbox.type, project.outbox.path, clock, tiers_of(project), project.name
            )
            stack.callback(outbox.close)
            return outbox.requeue(sequences, reason)
    except OutboxError as error:
        if not is_held_by_another(error):
            raise
    _leave(project, sequences, reason, clock)
    return None


def pending(project: Project) -> list[Resend]:
    """Requests not yet fulfilled, oldest first; what is no request is left where it is."""
    found = []
    for path in sorted((project.outbox.path.parent / FOLDER).glob(_PATTERN)):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, dict) and isinstance(said.get("sequences"), list):
            found.append(Resend(path, [int(seq) for seq in said["sequences"]], str(said.get("reason", ""))))
    return found


def fulfil(outbox: PersonsLedger, requests: Sequence[Resend]) -> int:
    """Queues the rows of requests and removes the requests; one that was cut off in between only finds less to do."""
    rows = 0
    for one in requests:
        rows += outbox.requeue(one.sequences, one.reason)
        one.path.unlink(missing_ok=True)
    return rows


def _leave(project: Project, sequences: Sequence[int], reason: str, clock: Clock) -> None:
    folder = project.outbox.path.parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"resend-{clock.now():%Y%m%d%H%M%S%f}.json"
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"sequences": list(sequences), "reason": reason}), encoding="utf-8")
    new.replace(path)
