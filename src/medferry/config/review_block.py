"""medferry.yaml `review:`: when the rules that read other records are judged over what the platform accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from medferry.config.nodes import Node
from medferry.config.reading import Reading

KEYS = ("at", "nightly")
AT = (time(2, 30),)  # when few people work, and behind midnight's batch jobs


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """at: times of day; empty: only by hand."""

    at: tuple[time, ...] = AT


def read_review(node: Node, reading: Reading) -> ReviewSettings:
    """The `review:` block."""
    entries = reading.block(node, "review ", KEYS)
    at = reading.clocks(entries["at"].value, "review 的 at") if "at" in entries else AT
    nightly = reading.boolean(entries["nightly"].value, "review 的 nightly") if "nightly" in entries else True
    if nightly is False and "at" in entries:
        reading.complaints.error(
            entries["at"].value.place, "nightly: false 时不会按时复核", fix="at 与 nightly 只留一个"
        )
    return ReviewSettings((at or AT) if nightly else ())
