"""The contract of a crypto provider: digests, message authentication, signatures, ciphers.

Keys live where the provider keeps them and are named by id. A provider is
stateless between calls and may be used from several threads.
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

    def supports(self, algorithm: str) -> bool:
        """algorithm: SM3, HMAC-SM3, HMAC-SHA256, SM2-SM3, SM4-GCM, SM4-CBC."""
        ...

    def sm3(self, data: bytes) -> bytes:
        """32 bytes, GB/T 32905."""
        ...

    def hmac(self, algorithm: str, key: bytes, data: bytes) -> bytes:
        """algorithm: HMAC-SM3 or HMAC-SHA256; 32 bytes. Raises UnsupportedAlgorithmError for any other."""
        ...

    def sign_sm2(self, data: bytes, key_id: str) -> bytes:
        """DER signature of SM2-SM3 by a key the provider keeps."""
        ...

    def encrypt_sm4(self, data: bytes, key_id: str) -> bytes:
        """SM4-GCM: nonce, cipher text and tag in one."""
        ...

    def decrypt_sm4(self, data: bytes, key_id: str) -> bytes: ...
