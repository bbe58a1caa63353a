"""Goal: nobody but this machine moves the sandbox's levers. Method: calls as a browser makes them for a strange page."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from medferry_sandbox.platform.server import RunningSandbox


def called(sandbox: RunningSandbox, body: bytes = b"", **headers: str) -> tuple[int, str]:
    place = urlsplit(sandbox.control_url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
    try:
        connection.putrequest("POST", "/_sandbox/clock", skip_host="Host" in headers)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "evil.example:80@127.0.0.1.nip.io"},
        {"Host": "[::"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_strange_page_is_not_answered(shared_sandbox: RunningSandbox, headers: dict[str, str]) -> None:
    status, said = called(shared_sandbox, b'{"shift_s": 5}', **headers)
    assert status in {400, 403}, said
    assert "shift_s" not in said


@pytest.mark.parametrize("headers", [{}, {"Host": "localhost:9"}, {"Origin": "http://localhost:8000"}])
def test_this_machine_is(shared_sandbox: RunningSandbox, headers: dict[str, str]) -> None:
    assert called(shared_sandbox, b'{"shift_s": 0}', **headers)[0] == 200


def test_a_body_has_an_end(shared_sandbox: RunningSandbox) -> None:
    assert called(shared_sandbox, Content_Length="1000001")[0] == 413
    assert called(shared_sandbox, Transfer_Encoding="chunked", Content_Length="0")[0] in {400, 413}
