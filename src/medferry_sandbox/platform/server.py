"""Starting and stopping a sandbox: in this process until a signal comes, or beside it for tests and the
demo.
"""

from __future__ import annotations

import asyncio
import json
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from medferry.clock import SystemClock
from medferry.errors import MedferryError
from medferry_sandbox.platform.control import ControlWeb
from medferry_sandbox.platform.platform import Platform
from medferry_sandbox.platform.settings import Profile, SandboxSettings
from medferry_sandbox.platform.storage import FILE_NAME
from medferry_sandbox.platform.web import DroppableProtocol, PlatformWeb

READY_S_MAX = 30.0
STOP_S_MAX = 10.0
LOG_NAME = "sandbox.log"
_BACKLOG = 2048


class SandboxError(MedferryError):
    """The sandbox cannot start or does not run."""

    code = "sandbox"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where it listens, with the ports really taken."""

    url: str
    control_url: str
    storage_path: Path


def serve(settings: SandboxSettings, announce: Callable[[Addresses], None] = lambda _: None) -> None:
    """Runs until SIGINT or SIGTERM. `announce` is called once it listens."""
    listening, control = _listen(settings.host, settings.port), _listen(settings.host, settings.control_port)
    platform = Platform(settings, SystemClock())
    addresses = Addresses(_url(listening), _url(control), platform.storage.path)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve_both(platform, settings.host, listening, control, lambda: announce(addresses)))
    finally:
        platform.storage.close()


async def _serve_both(
    platform: Platform,
    host: str,
    listening: socket.socket,
    control: socket.socket,
    announce: Callable[[], None],
) -> None:
    web = PlatformWeb(platform)
    servers = [
        _server(web.app(), http=DroppableProtocol),
        _server(ControlWeb(platform, host=host).app(), http="httptools"),
    ]
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    judge = asyncio.create_task(web.judge_in_background())
    serving = [
        asyncio.create_task(server.serve(sockets=[where]))
        for server, where in zip(servers, (listening, control), strict=True)
    ]
    announce()  # both sockets listen already: a call made now is answered
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*serving, judge, stopping], return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving)
    if judge.done():
        judge.result()  # it never ends by itself: say why it did
    stopping.cancel()
    judge.cancel()
    await asyncio.gather(judge, stopping, return_exceptions=True)


class _QuietServer(uvicorn.Server):
    """Leaves signals alone: two servers share this process and end together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: Any, http: Any) -> uvicorn.Server:
    return _QuietServer(
        uvicorn.Config(
            app, loop="none", http=http, ws="none", lifespan="off", log_level="error", access_log=False,
            backlog=_BACKLOG, timeout_keep_alive=75, timeout_graceful_shutdown=2, server_header=False,
        )
    )  # fmt: skip


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=_BACKLOG)
    except OSError as error:
        raise SandboxError(
            "启动沙箱平台", fix="换一个端口，或停掉占用它的程序", host=host, port=port
        ) from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


@dataclass(slots=True)
class RunningSandbox:
    """A sandbox beside us. `url` without `/hip/v1`; `control_url` without `/_sandbox`."""

    url: str
    control_url: str
    storage_path: Path
    process: subprocess.Popen[str]

    def stop(self) -> None:
        """Ends it, at once if it does not end by itself. May be called again."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def running_sandbox(settings: SandboxSettings) -> Iterator[RunningSandbox]:
    """Starts a sandbox in its own process, waits until it listens, stops it at the end."""
    sandbox = start_sandbox(settings)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def start_sandbox(settings: SandboxSettings) -> RunningSandbox:
    """Like `running_sandbox`, without the end: the caller calls `stop()`."""
    settings.data.mkdir(parents=True, exist_ok=True)
    log = settings.data / LOG_NAME
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "medferry_sandbox.platform.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # Ctrl+C at the terminal is for who started it, and it stops the sandbox
        )
    assert process.stdin is not None
    process.stdin.write(to_json(settings))  # not in the arguments: secrets would show in the process list
    process.stdin.close()
    line = _first_line(process)
    if not line:
        process.kill()
        process.wait()
        said = log.read_text(encoding="utf-8").strip().splitlines()
        reason = said[-1] if said else f"{READY_S_MAX:.0f} 秒内没有就绪"
        raise SandboxError("启动沙箱平台", fix=f"查看 {log}", reason=reason)
    told = json.loads(line)
    return RunningSandbox(told["url"], told["control_url"], settings.data / FILE_NAME, process)


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_S_MAX)
    return process.stdout.readline() if ready else ""


def to_json(settings: SandboxSettings) -> str:
    return json.dumps(asdict(settings), default=str)


def from_json(text: str) -> SandboxSettings:
    values = json.loads(text)
    values |= {
        "data": Path(values["data"]),
        "waivers": Path(values["waivers"]) if values["waivers"] else None,
        "checks": Path(values["checks"]) if values["checks"] else None,
        "profile": Profile(**values["profile"]),
        "edition": tuple(map(Path, values["edition"])),
        "orgs": tuple(values["orgs"]),
        "app_keys": tuple((key, secret) for key, secret in values["app_keys"]),
    }
    return SandboxSettings(**values)


def _announce_to_parent(addresses: Addresses) -> None:
    told = {"url": addresses.url, "control_url": addresses.control_url}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(from_json(sys.stdin.read()), _announce_to_parent)
