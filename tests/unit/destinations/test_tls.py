"""TLS: a known authority is spoken to, an unknown one is certainly not."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scripted_platform import http, read_request

from medferry.destinations.errors import PlatformUnreachable
from medferry.destinations.http_line import HttpLine


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "platform")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "platform.pem", folder / "platform.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, key_file


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    pem, key_file = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        try:
            with context.wrap_socket(line, server_side=True) as secured, secured.makefile("rb") as incoming:
                while read_request(incoming):
                    secured.sendall(http(200, {"code": "0"}))
        except OSError:
            line.close()  # the client did not trust us

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server:
        yield f"https://127.0.0.1:{server.getsockname()[1]}", pem
    thread.join(5)


def line(url: str, ca_file: str | None) -> HttpLine:
    return HttpLine(
        url,
        connections_max=1,
        connect_timeout_s=5,
        read_timeout_s=5,
        answer_timeout_s=5,
        reply_bytes_max=1000,
        ca_file=ca_file,
    )


def test_a_known_authority_is_spoken_to(tls: tuple[str, Path]) -> None:
    url, pem = tls
    opened = line(url, str(pem))
    for _ in range(2):
        assert opened.call("POST", "/x", body=b"{}", headers={}, doing="测试").body == b'{"code": "0"}'
    opened.close()


def test_an_unknown_authority_gets_nothing(tls: tuple[str, Path]) -> None:
    with pytest.raises(PlatformUnreachable, match="证书"):
        line(tls[0], None).call("POST", "/x", body=b"{}", headers={}, doing="测试")
