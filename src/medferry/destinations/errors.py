"""What can go wrong on the way to a platform; each type says what happens next."""

from __future__ import annotations

from medferry.errors import ChannelStopped, DeliveryError, Next


class PlatformUnreachable(DeliveryError):
    """The request never left whole: refused, no such name, no TLS, broken while writing."""

    code = "deliver.unreachable"


class PlatformBusy(DeliveryError):
    """The platform said: not now. `retry_after_s` is what it asked for, None when it named nothing."""

    code = "deliver.busy"

    def __init__(
        self, doing: str, *, fix: str = "", retry_after_s: float | None = None, **values: object
    ) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(doing, fix=fix, **values)


class EnvelopeTooLarge(DeliveryError):
    """The platform takes less at once. `records_max`: how many to try next, at least 1."""

    code = "deliver.too_large"

    def __init__(self, doing: str, *, records_max: int, fix: str = "", **values: object) -> None:
        self.records_max = records_max
        super().__init__(doing, fix=fix, records_max=records_max, **values)


class RecordTooLarge(EnvelopeTooLarge):
    """One record alone is over the platform's limit: smaller envelopes do not help; neighbours go on."""

    code = "deliver.record_too_large"
    next = Next.PARK


class TokenRefused(DeliveryError):
    """A brand-new token was refused as well; most often another program uses the same app key."""

    code = "deliver.token_refused"


class ClockSkewed(ChannelStopped):
    """The platform refuses our time stamps."""

    code = "deliver.clock_skewed"
