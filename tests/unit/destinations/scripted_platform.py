"""A platform of one socket and a script: says exactly the bytes a test wants, or breaks where it wants."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True)
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Break:
    """Ends the connection after `say`. reset: RST instead of FIN; hold: waits for the end of the test."""

    say: bytes = b""
    reset: bool = False
    hold: bool = False


def http(status: int, body: object = None, **headers: str) -> bytes:
    """A whole reply; `body` as JSON unless bytes. Header names with _ for -."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


Answer = bytes | Break


@dataclass
class ScriptedPlatform:
    """`answer` gets each request and says what goes back. Used as a context manager."""

    answer: Callable[[Seen], Answer]
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> ScriptedPlatform:
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as incoming:
            while request := read_request(incoming):
                self.seen.append(request)
                said = self.answer(request)
                if isinstance(said, bytes):
                    line.sendall(said)
                    continue
                line.sendall(said.say)
                if said.hold:
                    self._over.wait(10)
                if said.reset:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    line.shutdown(socket.SHUT_RDWR)
                return


def read_request(incoming: BinaryIO) -> Seen | None:
    first = incoming.readline().decode("latin-1")
    if first.count(" ") != 2:
        return None
    method, target, _ = first.split(" ")
    headers: dict[str, str] = {}
    while line := incoming.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Seen(method, target, headers, incoming.read(int(headers.get("content-length", 0))))
