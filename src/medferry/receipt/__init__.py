"""The platform's answer -> a verdict per row. Pure functions; never a guess."""

from medferry.receipt.asked import Asked, AskedState, read_answer
from medferry.receipt.errors import EnvelopeRefused, EnvelopeStopped, ReplyNotUnderstood
from medferry.receipt.reply import read_reply

__all__ = [
    "Asked",
    "AskedState",
    "EnvelopeRefused",
    "EnvelopeStopped",
    "ReplyNotUnderstood",
    "read_answer",
    "read_reply",
]
