"""medferry.yaml `review:`: when the rules that read other records are judged over what the platform accepted: all of it at
night, the visits that have ended every few minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Entry, Node

KEYS = ("at", "nightly", "ended_visits_every", "ended_visits")
AT = (time(2, 30),)  # when few people work, and behind midnight's batch jobs
ENDED_VISITS_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """When.

    at                  times of day of the whole review; empty: only by hand
    ended_visits_every  how often visits that have ended are reviewed; None: never
    """

    at: tuple[time, ...] = AT
    ended_visits_every: timedelta | None = ENDED_VISITS_EVERY


def read_review(node: Node, reading: NodeReader) -> ReviewSettings:
    """The `review:` block."""
    entries = reading.block(node, "review ", KEYS)
    at = reading.clocks(entries["at"].value, "review 的 at") if "at" in entries else AT
    every = ENDED_VISITS_EVERY
    if "ended_visits_every" in entries:
        every = reading.duration(entries["ended_visits_every"].value, "review 的 ended_visits_every") or every
    return ReviewSettings(
        at=(at or AT) if _is_on(entries, "nightly", "at", reading) else (),
        ended_visits_every=every if _is_on(entries, "ended_visits", "ended_visits_every", reading) else None,
    )


def _is_on(entries: Mapping[str, Entry], switch: str, when: str, reading: NodeReader) -> bool:
    """Not switched off; a time for what is switched off is a mistake."""
    if switch not in entries or reading.boolean(entries[switch].value, f"review 的 {switch}") is not False:
        return True
    if when in entries:
        reading.complaints.error(
            entries[when].value.place,
            f"{switch}: false 时 {when} 不起作用",
            fix=f"{when} 与 {switch} 只留一个",
        )
    return False
