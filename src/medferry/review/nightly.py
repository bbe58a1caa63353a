"""When a review is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta


def next_review(at: Sequence[time], after: datetime) -> datetime | None:
    """The first of these times of day behind a moment; None: there is none.

    after  the beginning of the last review: one that was missed while nothing ran is due at once
    """
    moments = [
        after.replace(hour=one.hour, minute=one.minute, second=one.second, microsecond=0) for one in at
    ]
    return min((one if one > after else one + timedelta(days=1) for one in moments), default=None)
