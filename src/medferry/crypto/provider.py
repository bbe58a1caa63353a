"""The contract of a crypto provider: digests and message authentication.

A provider is stateless between calls and may be used from several threads.
"""

from __future__ import annotations

from typing import Protocol

from medferry.errors import MedferryError


class UnsupportedAlgorithmError(MedferryError):
    """This provider does not know the algorithm."""

    code = "crypto.not_supported"


class CryptoProvider(Protocol):
    """Digests are raw bytes; callers choose hex or base64."""

    @property
    def name(self) -> str: ...

    def sm3(self, data: bytes) -> bytes:
        """32 bytes, GB/T 32905."""
        ...

    def hmac(self, algorithm: str, key: bytes, data: bytes) -> bytes:
        """algorithm: HMAC-SM3 or HMAC-SHA256; 32 bytes. Raises UnsupportedAlgorithmError for any other."""
        ...
