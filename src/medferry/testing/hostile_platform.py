"""What a platform may say, or withhold, that must never be more than a failed delivery.

`HOSTILE_ANSWERS` name the bytes of whole answers; `HostilePlatform` serves one of them on loopback, or drips it. Every
destination and every reader of receipts is held against them: a DeliveryError at worst, within the exchange's deadline.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType

__all__ = ["HOSTILE_ANSWERS", "HostileAnswer", "HostilePlatform"]


@dataclass(frozen=True, slots=True)
class HostileAnswer:
    """token: sent in answer to the token request; data: to everything else. endless: repeated until cut."""

    data: bytes
    token: bytes | None = None
    endless: bytes = b""


def _http(status: int, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _token(text: str = "t1", life: str = "7200") -> bytes:
    return _http(200, f'{{"code":"0","access_token":"{text}","expires_in":{life}}}'.encode())


_FINE = b'{"code":"0","msg_id":"M1","receipt_no":"R1","result":{"accepted":1}}'


def _busy(retry_after: str) -> HostileAnswer:
    return HostileAnswer(_http(429, b'{"code":"1101"}', Retry_After=retry_after))


def _dated(date: str) -> HostileAnswer:
    return HostileAnswer(_http(401, b'{"code":"1005"}', Date=date))


HOSTILE_ANSWERS: Mapping[str, HostileAnswer] = {
    "retry-after without a zone": _busy("Thu, 15 Jan 2026 00:30:20"),
    "retry-after with an absurd zone": _busy("Thu, 15 Jan 2026 00:30:20 +9999"),
    "retry-after in the year 9999": _busy("Fri, 31 Dec 9999 23:59:59 -1200"),
    "retry-after is words": _busy("in a while, perhaps, , ,"),
    "retry-after of 5,000 digits": _busy("9" * 5_000),
    "retry-after below zero": _busy("-1"),
    "retry-after not a number": _busy("NaN"),
    "date without a zone": _dated("Thu, 15 Jan 2026 00:30:20"),
    "date with an absurd zone": _dated("Thu, 15 Jan 2026 00:30:20 -9959"),
    "date in the year 0": _dated("Thu, 15 Jan 0000 00:30:20 GMT"),
    "server time of other digits": HostileAnswer(
        _http(401, b'{"code":"1005","server_time":"\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6\xd9\xa0\xd9\xa1\xd9\xa1"}')
    ),
    "token with a line end": HostileAnswer(_http(200, _FINE), _token("t1\\r\\nX-Evil: 1")),
    "token in Chinese": HostileAnswer(_http(200, _FINE), _token("令牌")),
    "token of a megabyte": HostileAnswer(_http(200, _FINE), _token("t" * 1_000_000)),
    "token is a list": HostileAnswer(_http(200, _FINE), _http(200, b'{"code":"0","access_token":["t"]}')),
    "token for ever": HostileAnswer(_http(200, _FINE), _token(life="9" * 400)),
    "token for minus a day": HostileAnswer(_http(200, _FINE), _token(life="-86400")),
    "token life is a text": HostileAnswer(_http(200, _FINE), _token(life='"soon"')),
    "not a JSON object": HostileAnswer(_http(200, b"[1,2,3]")),
    "half a JSON object": HostileAnswer(_http(200, b'{"code":"0"')),
    "not UTF-8": HostileAnswer(_http(200, '{"code":"0","message":"成功"}'.encode("gb18030"))),
    "nested 100,000 deep": HostileAnswer(_http(200, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    "code is an object": HostileAnswer(_http(200, b'{"code":{"0":"0"},"msg_id":"M1"}')),
    "code is a number beyond all": HostileAnswer(_http(200, b'{"code":' + b"9" * 5_000 + b"}")),
    "counts beyond all": HostileAnswer(
        _http(200, b'{"code":"0","msg_id":"M1","receipt_no":"R1","result":{"accepted":"' + b"9" * 5_000 + b'"}}')
    ),
    "a detail far away": HostileAnswer(
        _http(
            200,
            b'{"code":"0002","msg_id":"M1","receipt_no":"R1","result":{"accepted":0,"refused":1,"details":[{"seq":'
            + b"9" * 400 + b',"status":"REFUSED"}]}}',
        )
    ),
    "details are texts": HostileAnswer(
        _http(200, b'{"code":"0002","msg_id":"M1","receipt_no":"R1","result":{"details":["a",null,3]}}')
    ),
    "receipt number of a megabyte": HostileAnswer(
        _http(200, b'{"code":"0","msg_id":"M1","receipt_no":"' + b"R" * 1_000_000 + b'","result":{"accepted":1}}')
    ),
    "receipt number that steers a terminal": HostileAnswer(
        _http(200, b'{"code":"0","msg_id":"M1","receipt_no":"\\u001b[2J\\u202eR1","result":{"accepted":1}}')
    ),
    "another message's answer": HostileAnswer(_http(200, b'{"code":"0","msg_id":"M2","receipt_no":"R1"}')),
    "broken gzip": HostileAnswer(_http(200, b"\x1f\x8b\x08\x00broken", Content_Encoding="gzip")),
    "an encoding nobody knows": HostileAnswer(_http(200, _FINE, Content_Encoding="zstd, br, gzip")),
    "two lengths": HostileAnswer(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
    "a length below zero": HostileAnswer(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabcd"),
    "a length that is none": HostileAnswer(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabcd"),
    "a chunk size that is none": HostileAnswer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"),
    "a status that is none": HostileAnswer(b"HTTP/1.1 2x0 OK\r\n\r\n"),
    "a status beyond all": HostileAnswer(b"HTTP/1.1 99999 OK\r\nContent-Length: 0\r\n\r\n"),
    "status zero": HostileAnswer(b"HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n"),
    "another protocol": HostileAnswer(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a redirect in a circle": HostileAnswer(_http(307, b"", Location="/hip/v1/data/patient")),
    "a thousand headers": HostileAnswer(
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(1_000)) + b"Content-Length: 0\r\n\r\n"
    ),
    "a header of a megabyte": HostileAnswer(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n"),
    "headers that are no text": HostileAnswer(b"HTTP/1.1 200 OK\r\nX: \xff\xfe\x00\r\n: \r\n\r\n"),
    "endless 100 Continue": HostileAnswer(b"", endless=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless headers": HostileAnswer(b"HTTP/1.1 200 OK\r\nX: ", endless=b"a"),
    "an endless status line": HostileAnswer(b"HTTP/1.1 200 ", endless=b"O"),
    "an endless chunk size": HostileAnswer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", endless=b"0"),
    "an endless body": HostileAnswer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", endless=b" "),
    "a body without length or end": HostileAnswer(b"HTTP/1.1 200 OK\r\n\r\n{", endless=b" "),
    "silence": HostileAnswer(b""),
}  # fmt: skip


@dataclass
class HostilePlatform:
    """Serves `answer` on a loopback port of its own; a context. `drip_s`: between two pieces of what is endless."""

    answer: HostileAnswer
    drip_s: float = 0.02
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> HostilePlatform:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._door.close()

    def _open(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            try:
                for target in _requests(line):
                    if "token" in target:
                        line.sendall(self.answer.token or _token())
                    else:
                        self._say(line)
                        return
            except OSError:
                return  # the other side has cut the line: that is what is asked of it

    def _say(self, line: socket.socket) -> None:
        line.sendall(self.answer.data)
        if self.answer.data and not self.answer.endless:
            line.shutdown(socket.SHUT_WR)
        while self.answer.endless and not self._over.wait(self.drip_s):
            line.sendall(self.answer.endless)
        self._over.wait(30)


def _requests(line: socket.socket) -> Iterator[str]:
    """Targets of the requests of one connection; bodies are read and forgotten."""
    with line.makefile("rb") as incoming:
        while first := incoming.readline(65_537).decode("latin-1").split():
            size = 0
            while (header := incoming.readline(65_537).decode("latin-1").strip()) != "":
                name, _, value = header.partition(":")
                if name.lower() == "content-length":
                    size = int(value)
            incoming.read(size)
            yield first[1] if len(first) > 1 else ""
