"""The provider in software, by the `cryptography` package.

A 密评 of level three asks for certified modules; those are other providers under the same contract.
"""

from __future__ import annotations

from typing import Final, NoReturn

from cryptography.hazmat.primitives import hashes, hmac

from medferry.crypto.provider import UnsupportedAlgorithmError

_HMAC_HASHES: Final = {"HMAC-SM3": hashes.SM3, "HMAC-SHA256": hashes.SHA256}


class SoftwareProvider:
    """SM3, HMAC-SM3 and HMAC-SHA256."""

    name = "software"

    def sm3(self, data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        return digest.finalize()

    def hmac(self, algorithm: str, key: bytes, data: bytes) -> bytes:
        kind = _HMAC_HASHES.get(algorithm)
        if kind is None:
            _refuse(algorithm)
        code = hmac.HMAC(key, kind())
        code.update(data)
        return code.finalize()


def _refuse(algorithm: str) -> NoReturn:
    raise UnsupportedAlgorithmError(
        "调用密码算法",
        fix="改用 HMAC-SM3，或配置支持该算法的密码设备",
        provider=SoftwareProvider.name,
        algorithm=algorithm,
    )
