"""One token for all threads: fetched when first needed, renewed before it ends, by one thread at a time.

On many platforms a new token kills the old one at once; two threads logging in side by side would chase each
other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from medferry.clock import Clock
from medferry.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Token:
    """`renew_at`: from then on it is replaced before use."""

    text: str
    renew_at: datetime


def token_until(text: str, now: datetime, *, life_s: float, refresh_margin_s: float) -> Token:
    """A token that lives `life_s` from now; a short life shrinks the margin, so that it is used at all."""
    return Token(text, now + timedelta(seconds=life_s - min(refresh_margin_s, life_s / 2)))


class TokenKeeper:
    """Keeps the token that `fetch` brings. `fetch` raises DeliveryError."""

    def __init__(self, fetch: Callable[[], Token], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._fetches = 0
        self._failure: DeliveryError | None = None

    def token(self, refused: str | None = None) -> str:
        """A token to use now. `refused`: the one the platform has just refused; never handed out again.

        Threads that waited while another fetched share its success or its failure.
        """
        token = self._token
        if token is not None and self._usable(token, refused):
            return token.text
        seen = self._fetches
        with self._lock:
            token = self._token
            if token is not None and self._usable(token, refused):
                return token.text
            if self._fetches != seen and self._failure is not None:
                raise self._failure
            self._fetches += 1
            try:
                token = self._fetch()
            except DeliveryError as error:
                self._failure = error
                raise
            self._failure = None
            self._token = token
            return token.text

    def _usable(self, token: Token, refused: str | None) -> bool:
        return token.text != refused and self._clock.now() < token.renew_at
