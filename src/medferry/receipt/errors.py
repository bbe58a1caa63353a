"""Replies that are no receipt."""

from __future__ import annotations

from medferry.errors import AnswerLost, ChannelStopped, DeliveryError


class ReplyNotUnderstood(AnswerLost):
    """The reply contradicts itself, the envelope or the profile; what the platform did is not guessed."""

    code = "receipt.not_understood"


class EnvelopeRefused(DeliveryError):
    """The platform took nothing of this message; its rows go again in a new one."""

    code = "receipt.envelope_refused"


class EnvelopeStopped(ChannelStopped):
    """The platform cannot take messages built like this one; every next one would be refused as well."""

    code = "receipt.envelope_stopped"
