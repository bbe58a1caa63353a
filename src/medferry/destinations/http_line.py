"""One HTTP line to one platform: a pool of kept connections, no retries, and one question answered exactly:
had the request left whole when it broke?

A server that has not got the whole body cannot have taken the message. So whatever breaks before the last
byte was handed to the system is certain; everything after it is a lost answer. Head and body are sent by one
`send` each, so after the last of them nothing is unwritten. Foreign exceptions are translated here only.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from medferry.destinations.errors import PlatformUnreachable
from medferry.destinations.exchange import Exchange, ExchangeWatch
from medferry.errors import AnswerLost

if TYPE_CHECKING:
    from http.client import _DataType

_READ_BYTES = 65_536


class _Progress(threading.local):
    """Of the calling thread's request: is anything of it still unwritten? And the exchange it belongs to."""

    unwritten = True
    exchange: Exchange | None = None


_progress = _Progress()


def _over(line: socket.socket | None) -> None:
    """The exchange of this thread goes over this connection."""
    if _progress.exchange is not None and line is not None:
        _progress.exchange.goes_over(line)


class _WatchedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        _over(line)
        return line

    def send(self, data: _DataType | str) -> None:
        _over(self.sock)
        _progress.unwritten = True
        super().send(data)
        _progress.unwritten = False


class _WatchedTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:  # before hands are shaken: that is within the exchange, too
        line = super()._new_conn()
        _over(line)
        return line

    def send(self, data: _DataType | str) -> None:
        _over(self.sock)
        _progress.unwritten = True
        super().send(data)
        _progress.unwritten = False


class _WatchedPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _WatchedConnection


class _WatchedTlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _WatchedTlsConnection


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` with lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    duration_ms: float


class HttpLine:
    """Calls one host from any number of threads; the pool keeps `connections_max` connections open.

    connect_timeout_s  until connected, TLS included
    read_timeout_s     between two pieces of the answer
    answer_timeout_s   for the whole exchange, from the first byte sent to the last one read: a platform that drips must
                       not hold a thread for ever
    """

    def __init__(
        self,
        url: str,
        *,
        connections_max: int,
        connect_timeout_s: float,
        read_timeout_s: float,
        answer_timeout_s: float,
        reply_bytes_max: int,
        ca_file: str | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.base_path = parts.path.rstrip("/")
        self._answer_timeout_s = answer_timeout_s
        self._watch = ExchangeWatch(answer_timeout_s)
        self._reply_bytes_max = reply_bytes_max
        timeout = urllib3.Timeout(connect=connect_timeout_s, read=read_timeout_s)
        self._pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            self._pool = _WatchedTlsPool(
                parts.hostname or "",
                parts.port,
                maxsize=connections_max,
                block=True,
                timeout=timeout,
                retries=False,
                ca_certs=ca_file,
                cert_reqs="CERT_REQUIRED",
            )
        else:
            self._pool = _WatchedPool(
                parts.hostname or "",
                parts.port,
                maxsize=connections_max,
                block=True,
                timeout=timeout,
                retries=False,
            )

    def call(
        self, method: str, target: str, *, body: bytes | None, headers: Mapping[str, str], doing: str
    ) -> HttpAnswer:
        """One request, once. Raises PlatformUnreachable (never left whole) or AnswerLost (nobody knows)."""
        _progress.unwritten = True
        started = time.perf_counter()
        exchange = _progress.exchange = self._watch.begin()
        try:
            answer = self._pool.urlopen(
                method,
                self.base_path + target,
                body=body,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                content = self._read(answer, doing)
            finally:
                self._watch.end(exchange)
                if exchange.is_cut or not answer.closed:
                    answer.close()  # unread bytes are left: this connection cannot be used again
                answer.release_conn()
            if exchange.is_cut:  # the end of a reply without length looks like this, too
                raise self._too_slow(doing)
        except (HTTPError, OSError) as error:
            if exchange.is_cut:
                raise self._too_slow(doing) from error
            raise self._translated(error, doing, started) from error
        finally:
            self._watch.end(exchange)
            _progress.exchange = None
        duration_ms = (time.perf_counter() - started) * 1000
        return HttpAnswer(
            answer.status, {name.lower(): text for name, text in answer.headers.items()}, content, duration_ms
        )

    def _read(self, answer: urllib3.BaseHTTPResponse, doing: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(_READ_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > self._reply_bytes_max:
                raise AnswerLost(
                    doing,
                    reply_bytes_max=self._reply_bytes_max,
                    fix="应答超长，请联系平台；程序会先查询报文结果",
                )
        return b"".join(pieces)

    def _too_slow(self, doing: str) -> PlatformUnreachable | AnswerLost:
        """The exchange was cut: certain while something of the request is unwritten, a lost answer after it."""
        limit: dict[str, object] = {"answer_timeout_s": self._answer_timeout_s}
        if _progress.unwritten:
            return PlatformUnreachable(doing, fix="平台收得过慢，请检查网络；稍后自动重试", **limit)
        return AnswerLost(doing, fix="平台应答过慢；程序会先查询报文结果", **limit)

    def _translated(self, error: Exception, doing: str, started: float) -> PlatformUnreachable | AnswerLost:
        place = {
            "host": self._pool.host,
            "port": self._pool.port,
            "reason": type(error).__name__,
            "waited_s": round(time.perf_counter() - started, 1),
        }
        if not _progress.unwritten:
            return AnswerLost(doing, fix="报文已发出但没有收到应答；程序会先查询结果，不会盲目重发", **place)
        return PlatformUnreachable(doing, fix=_advice(error), **place)

    def close(self) -> None:
        self._watch.close()
        self._pool.close()


def _advice(error: Exception) -> str:
    if isinstance(error, NameResolutionError):
        return "域名无法解析，检查平台地址与 DNS"
    if isinstance(error, SSLError):
        return "TLS 握手失败，检查证书、ca_file 与系统时间"
    if isinstance(error, NewConnectionError):
        return "这个地址、端口上没有程序应答，或被防火墙拒绝；检查平台地址、端口与网络"
    if isinstance(error, PoolTimeoutError):
        return "连接超时，检查网络、专线与防火墙"
    return "连接不上或写入中断，检查平台地址、端口与网络；数据留在本地，恢复后自动续传"
