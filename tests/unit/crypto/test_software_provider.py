"""Golden vectors: the platform's own test vector, GB/T 32905's examples and RFC 4231."""

from __future__ import annotations

import pytest

from medferry.crypto.provider import CryptoProvider, UnsupportedAlgorithmError
from medferry.crypto.software import SoftwareProvider

PROVIDER: CryptoProvider = SoftwareProvider()

BODY = b'{"header":{"msg_id":"M1"},"records":[]}'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (BODY, "f6b855bb9243f5bffa3f2169c39bf4356c7e2ed587ae5061227f7b1e59482be8"),
    ],
)
def test_sm3_gives_the_published_digests(data: bytes, expected: str) -> None:
    assert PROVIDER.sm3(data).hex() == expected


def test_hmac_sm3_gives_the_platform_test_vector() -> None:
    text = "\n".join(
        [
            "POST",
            "/hip/v1/data/patient",
            "mode=sync",
            "360100A0001",
            "jxsb-demo",
            "20260115083000123",
            "7f3a9c",
            PROVIDER.sm3(BODY).hex(),
        ]
    )
    code = PROVIDER.hmac("HMAC-SM3", b"jxsb-demo-secret", text.encode())
    assert code.hex() == "f2a030d751b4f6a37472f9f79d9e714931efa3d93a8d3812ee1b91a8c9968dbc"


def test_hmac_sha256_gives_rfc_4231_case_2() -> None:
    code = PROVIDER.hmac("HMAC-SHA256", b"Jefe", b"what do ya want for nothing?")
    assert code.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_what_is_not_there_is_said_plainly() -> None:
    with pytest.raises(UnsupportedAlgorithmError, match="MD5"):
        PROVIDER.hmac("MD5", b"", b"")
