"""The contract of a destination.

Call order: `probe()` before the first envelope and after an outage; `send()` and `ask()` from several
threads at once; `close()` once. The ferry decides about retries: `send` raises `DeliveryError` only when
the platform certainly did not take the envelope, `AnswerLost` when nobody knows, `ChannelStopped` when the
platform refuses us as a whole. Sending the same envelope again under the same message id leaves one copy;
time stamp, nonce, token and signature are fresh each time. `ask` changes nothing at the other side and
never raises `AnswerLost`.
A common mistake: to sign other bytes than those on the wire. Another: to take HTTP 200 for success;
`receipt` reads the body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from medferry.records import Envelope, Pack, ProbeFinding, Reply


class Destination(Protocol):
    """Where envelopes go."""

    def probe(self) -> list[ProbeFinding]: ...

    @property
    def pack(self) -> Pack: ...

    def send(self, envelope: Envelope) -> Reply: ...

    def ask(self, message_ids: Sequence[str]) -> Iterator[Reply]:
        """What became of messages; one reply each, in order."""
        ...

    def close(self) -> None: ...
