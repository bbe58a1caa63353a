"""When the platform counts as lost, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from medferry.errors import AnswerLost, ChannelStopped, DeliveryError


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before the next try."""

    backoff_min_s: float = 1.0  # first wait after the platform could not be reached, doubled each time …
    backoff_max_s: float = 60.0  # … up to this
    channel_retry_s: float = 300.0  # after the platform refused us as a whole
    answers_lost_max: int = 3  # in a row: then the platform counts as lost, not only an answer


@dataclass(slots=True)
class Outage:
    """Since when the platform has not answered, and when it is tried again; `since` None: it answers."""

    patience: Patience = field(default_factory=Patience)
    since: datetime | None = None
    retry_at: datetime | None = None
    backoff_s: float = 0.0
    answers_lost: int = 0
    error: DeliveryError | None = None

    def note(self, error: DeliveryError, now: datetime) -> bool:
        """Writes down an error that says something of the platform as a whole. True: from now on it counts as lost."""
        patience = self.patience
        if isinstance(error, AnswerLost) and self.since is None:
            self.answers_lost += 1
            if self.answers_lost < patience.answers_lost_max:
                return False
        if isinstance(error, ChannelStopped):
            pause_s = patience.channel_retry_s
        else:
            self.backoff_s = min(patience.backoff_max_s, max(patience.backoff_min_s, self.backoff_s * 2))
            pause_s = max(self.backoff_s, float(getattr(error, "retry_after_s", 0.0) or 0.0))
        self.retry_at = now + timedelta(seconds=pause_s)
        self.error = error
        if self.since is not None:
            return False
        self.since = now
        return True
