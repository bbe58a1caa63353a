"""What `send` says about each way a call can end: certainly not taken, nobody knows, or a reply."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from scripted_platform import Answer, Break, ScriptedPlatform, Seen, http, read_request

from medferry.catalog.platform import load_profile
from medferry.clock import ZONE, FixedClock
from medferry.crypto.software import SoftwareProvider
from medferry.destinations.errors import (
    ClockSkewed,
    EnvelopeTooLarge,
    PlatformBusy,
    PlatformUnreachable,
    RecordTooLarge,
    TokenRefused,
)
from medferry.destinations.rest import Rest
from medferry.destinations.rest_settings import RestSettings
from medferry.destinations.settings import Addresses
from medferry.errors import AnswerLost, ChannelStopped, DeliveryError, Next
from medferry.records import Envelope

NOW = datetime(2026, 1, 15, 8, 30, 0, 123000, tzinfo=ZONE)
TOKEN = http(200, {"code": "0", "access_token": "t1", "expires_in": 7200})
FINE = http(200, {"code": "0", "msg_id": "M1", "receipt_no": "R1", "result": {"accepted": 2}})


def envelope(body: bytes = b'{"records":[]}', records: int = 2) -> Envelope:
    keys = tuple(f"K{number}" for number in range(records))
    return Envelope("M1", "patient", "donghu", "36010", tuple(range(records)), keys, body, "", NOW, 1)


def rest(url: str, clock: FixedClock | None = None, **settings: object) -> Rest:
    values = {
        "url": url,
        "app_key": "jxsb-demo",
        "app_secret": "jxsb-demo-secret",
        "read_timeout_s": 2,
        **settings,
    }
    return Rest(
        RestSettings.model_validate(values),
        load_profile(),
        clock or FixedClock(NOW),
        SoftwareProvider(),
        addresses=Addresses(("36010", "36020"), {"donghu": "01"}),
    )


def data_says(answer: Answer) -> Callable[[Seen], Answer]:
    return lambda seen: TOKEN if seen.target.endswith("/auth/token") else answer


def test_a_call_carries_what_the_profile_asks_for() -> None:
    with ScriptedPlatform(data_says(FINE)) as platform:
        reply = rest(platform.url).send(envelope())
    call = platform.seen[-1]
    assert (call.method, call.target) == ("POST", "/hip/v1/data/patient?mode=sync")
    headers = call.headers
    assert headers["authorization"] == "Bearer t1"
    assert headers["x-branch-code"] == "01"
    assert headers["x-timestamp"] == "20260115083000123"
    assert headers["x-msg-id"] == "M1"
    assert "content-encoding" not in headers
    assert reply.status == 200
    assert reply.answered_at == NOW


def test_connections_are_kept_and_signatures_are_fresh() -> None:
    with ScriptedPlatform(data_says(FINE)) as platform:
        destination = rest(platform.url)
        for _ in range(5):
            destination.send(envelope())
    assert platform.connections == 1
    assert len({seen.headers["x-nonce"] for seen in platform.seen}) == 6
    assert len({seen.headers["x-sign"] for seen in platform.seen}) == 6


@pytest.mark.parametrize(
    ("status", "code", "error", "then"),
    [
        (401, "1001", TokenRefused, Next.RETRY),
        (401, "1002", TokenRefused, Next.RETRY),
        (403, "1003", ChannelStopped, Next.STOP),
        (401, "1004", ChannelStopped, Next.STOP),
        (401, "1005", ClockSkewed, Next.STOP),
        (401, "1006", PlatformBusy, Next.RETRY),
        (403, "1007", ChannelStopped, Next.STOP),
        (403, "1008", ChannelStopped, Next.STOP),
        (400, "1009", ChannelStopped, Next.STOP),
        (403, "1010", ChannelStopped, Next.STOP),
        (429, "1101", PlatformBusy, Next.RETRY),
        (429, "1102", PlatformBusy, Next.RETRY),
        (413, "1103", EnvelopeTooLarge, Next.RETRY),
        (503, "9001", PlatformBusy, Next.RETRY),
        (503, "9002", PlatformBusy, Next.RETRY),
        (500, "9003", AnswerLost, Next.RETRY),
        (500, "9999", AnswerLost, Next.RETRY),
    ],
)
def test_codes_of_the_channel(status: int, code: str, error: type[DeliveryError], then: Next) -> None:
    said = http(status, {"code": code, "message": "张三"})
    with ScriptedPlatform(data_says(said)) as platform, pytest.raises(error) as caught:
        rest(platform.url).send(envelope())
    assert type(caught.value) is error
    assert caught.value.next is then
    assert code in str(caught.value)
    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(401, b""), TokenRefused),
        (http(403, b"<html>"), ChannelStopped),
        (http(404, b"<html>"), ChannelStopped),
        (http(413, b"<html>"), EnvelopeTooLarge),
        (http(429, b""), PlatformBusy),
        (http(500, b"<html>"), AnswerLost),
        (http(500, {"detail": "Internal Server Error"}), AnswerLost),
        (http(502, b"<html>"), AnswerLost),
        (http(503, b"<html>"), AnswerLost),
        (http(503, b"<html>", Retry_After="7"), PlatformBusy),
        (http(504, b"<html>"), AnswerLost),
        (http(302, b"", Location="http://127.0.0.1:1/"), AnswerLost),
    ],
)
def test_http_without_a_business_code(answer: bytes, error: type[DeliveryError]) -> None:
    with ScriptedPlatform(data_says(answer)) as platform, pytest.raises(error) as caught:
        rest(platform.url).send(envelope())
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "answer",
    [
        Break(),
        Break(reset=True),
        Break(say=b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code":"0"'),
        Break(say=b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"cod'),
        Break(say=b"garbage\r\n\r\n"),
        Break(hold=True),
        Break(say=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", hold=True),
    ],
    ids=["closed", "reset", "half body", "half chunk", "garbage", "silent", "stops in the body"],
)
def test_broken_after_the_request_left_is_a_lost_answer(answer: Break) -> None:
    with ScriptedPlatform(data_says(answer)) as platform:
        destination = rest(platform.url, read_timeout_s=0.2)
        with pytest.raises(AnswerLost) as caught:
            destination.send(envelope())
        assert "127.0.0.1" in str(caught.value)


def test_a_cut_head_leaves_an_empty_reply_for_the_receipt_to_refuse() -> None:
    with ScriptedPlatform(data_says(Break(say=b"HTTP/1.1 200 OK\r\nContent-Le"))) as platform:
        assert rest(platform.url).send(envelope()).body == b""


def test_a_line_that_broke_is_not_used_again() -> None:
    answers: list[Answer] = [Break(say=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), FINE]
    with ScriptedPlatform(lambda seen: TOKEN if "token" in seen.target else answers.pop(0)) as platform:
        destination = rest(platform.url, in_flight_max=1)
        with pytest.raises(AnswerLost):
            destination.send(envelope())
        assert destination.send(envelope()).status == 200


def test_a_chunked_reply_is_read_whole() -> None:
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"cod\r\n7\r\ne":"0"}\r\n0\r\n\r\n'
    with ScriptedPlatform(data_says(chunked)) as platform:
        assert rest(platform.url).send(envelope()).body == b'{"code":"0"}'


def test_a_reply_without_end_is_cut() -> None:
    with (
        ScriptedPlatform(data_says(http(200, b"x" * 5000))) as platform,
        pytest.raises(AnswerLost, match="reply_bytes_max=1000"),
    ):
        rest(platform.url, reply_bytes_max=1000).send(envelope())


def test_a_closed_port_is_certain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PlatformUnreachable) as caught:
        rest(f"http://127.0.0.1:{port}").send(envelope())
    assert str(port) in str(caught.value)


def test_a_name_nobody_knows_is_certain() -> None:
    with pytest.raises(PlatformUnreachable):
        rest("http://nowhere.invalid").send(envelope())


def test_no_tls_on_the_other_side_is_certain() -> None:
    with ScriptedPlatform(lambda _: Break()) as platform, pytest.raises(PlatformUnreachable):
        rest(platform.url.replace("http:", "https:")).send(envelope())


def test_a_break_while_writing_is_certain() -> None:
    """Goal: a body that never left whole is no lost answer. Method: a peer resets while it comes."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        with line, line.makefile("rb") as incoming:
            read_request(incoming)
            line.sendall(TOKEN)
            incoming.readline()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server, pytest.raises(PlatformUnreachable):
        rest(f"http://127.0.0.1:{server.getsockname()[1]}").send(envelope(b"x" * 9_000_000))
    thread.join(5)


def test_retry_after_is_handed_on() -> None:
    for said, expected in (
        ("7", 7.0),
        ("Thu, 15 Jan 2026 00:30:20 GMT", 20.0),
        ("soon", None),
        ("99999999", 3600.0),
    ):
        answer = http(429, {"code": "1101"}, Retry_After=said)
        with ScriptedPlatform(data_says(answer)) as platform, pytest.raises(PlatformBusy) as caught:
            rest(platform.url).send(envelope())
        assert caught.value.retry_after_s == expected


def test_clock_skew_is_measured() -> None:
    answer = http(401, {"code": "1005"}, X_Server_Time="20260115082000000")
    with (
        ScriptedPlatform(data_says(answer)) as platform,
        pytest.raises(ClockSkewed, match=r"skew_s=600.*NTP"),
    ):
        rest(platform.url).send(envelope())


def test_too_large_is_halved_and_a_single_record_stops() -> None:
    with ScriptedPlatform(data_says(http(413, {"code": "1103"}))) as platform:
        with pytest.raises(EnvelopeTooLarge) as caught:
            rest(platform.url).send(envelope(records=5))
        assert caught.value.records_max == 2
        with pytest.raises(RecordTooLarge) as alone:
            rest(platform.url).send(envelope(records=1))
        assert alone.value.next is Next.PARK


def test_an_oversize_body_does_not_leave() -> None:
    with ScriptedPlatform(data_says(FINE)) as platform:
        with pytest.raises(EnvelopeTooLarge):
            rest(platform.url).send(envelope(b"x" * 10_000_001))
        assert platform.seen == []


class TokenPlatform:
    """Issues t1, t2 …; only the newest is valid."""

    def __init__(self, life_s: int = 7200) -> None:
        self.issued = 0
        self.life_s = life_s
        self.valid = ""

    def __call__(self, seen: Seen) -> Answer:
        if seen.target.endswith("/auth/token"):
            self.issued += 1
            self.valid = f"t{self.issued}"
            return http(200, {"code": "0", "access_token": self.valid, "expires_in": self.life_s})
        return (
            FINE if seen.headers["authorization"] == f"Bearer {self.valid}" else http(401, {"code": "1002"})
        )


def test_a_refused_token_is_renewed_once_for_all_threads() -> None:
    """Goal: one refresh at a time. Method: the platform forgets its token while eight threads send."""
    tokens = TokenPlatform()
    with ScriptedPlatform(tokens) as platform:
        destination = rest(platform.url)
        destination.send(envelope())
        tokens.valid = "forgotten"
        gate = threading.Barrier(8)

        def send() -> int:
            gate.wait()
            return destination.send(envelope()).status

        with ThreadPoolExecutor(8) as pool:
            assert [done.result() for done in [pool.submit(send) for _ in range(8)]] == [200] * 8
    assert tokens.issued == 2
    assert {seen.headers["x-msg-id"] for seen in platform.seen if "/data/" in seen.target} == {"M1"}
    nonces = [seen.headers["x-nonce"] for seen in platform.seen]
    assert len(nonces) == len(set(nonces))


def test_a_token_is_renewed_before_it_ends() -> None:
    clock, tokens = FixedClock(NOW), TokenPlatform()
    with ScriptedPlatform(tokens) as platform:
        destination = rest(platform.url, clock)
        destination.send(envelope())
        clock.advance(timedelta(seconds=6899))
        destination.send(envelope())
        assert tokens.issued == 1
        clock.advance(timedelta(seconds=2))
        destination.send(envelope())
        assert tokens.issued == 2
    assert not [seen for seen in platform.seen if seen.headers.get("authorization") == "Bearer forgotten"]


def test_a_silent_token_endpoint_is_certain_for_the_envelope() -> None:
    with ScriptedPlatform(lambda _: Break()) as platform, pytest.raises(PlatformUnreachable):
        rest(platform.url).send(envelope())


def test_a_wrong_secret_stops_at_the_token() -> None:
    with ScriptedPlatform(lambda _: http(401, {"code": "1004"})) as platform:
        with pytest.raises(ChannelStopped) as caught:
            rest(platform.url).send(envelope())
        findings = {finding.subject: finding for finding in rest(platform.url).probe()}
    assert "jxsb-demo-secret" not in str(caught.value)
    assert not findings["令牌"].ok


def test_ask_names_the_organisation_of_the_message_and_never_loses_an_answer() -> None:
    said = http(200, {"code": "0", "state": "NOT_SEEN"})
    with ScriptedPlatform(data_says(said)) as platform:
        replies = list(rest(platform.url).ask(["36020-7", "36010-8", "x/y"]))
        asked = [(seen.target, seen.headers["x-org-code"]) for seen in platform.seen[1:]]
    assert [reply.message_id for reply in replies] == ["36020-7", "36010-8", "x/y"]
    assert asked == [
        ("/hip/v1/messages/36020-7", "36020"),
        ("/hip/v1/messages/36010-8", "36010"),
        ("/hip/v1/messages/x%2Fy", "36010"),
    ]
    for answer in (Break(), http(500, b"")):
        with ScriptedPlatform(data_says(answer)) as platform, pytest.raises(PlatformUnreachable):
            list(rest(platform.url).ask(["M1"]))


def test_probe_reports_in_words() -> None:
    ping = http(200, {"code": "0", "server_time": "20260115083500123", "spec_version": "JX-2025.1"})
    with ScriptedPlatform(data_says(ping)) as platform:
        findings = {finding.subject: finding for finding in rest(platform.url).probe()}
    assert findings["平台连接"].ok
    assert not findings["时钟"].ok
    assert "慢 300.0 秒" in findings["时钟"].text
    assert not findings["规范版本"].ok
    assert findings["令牌"].ok
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (down,) = rest(f"http://127.0.0.1:{port}").probe()
    assert not down.ok
    assert down.fix
