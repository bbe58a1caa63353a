"""The control plane, on its own port: what a test or a trainer does to the platform. Never part of a real
one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from medferry_sandbox.platform.faults import FaultRefused, parse_rule
from medferry_sandbox.platform.platform import Platform

BASE = "/_sandbox"
INSPECT_MAX = 1_000
SETTLE_MAX = 100_000
BODY_BYTES_MAX = 1_000_000
_OF_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
SHIFT_S_MAX = 10 * 365 * 86_400


class ControlWeb:
    """The routes of one platform's control plane; bodies and answers are JSON."""

    def __init__(self, platform: Platform, *, host: str = "127.0.0.1") -> None:
        self._platform = platform
        self._open_to_all = host not in _OF_THIS_MACHINE

    def app(self) -> Starlette:
        routes: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("/reset", "POST", self._reset),
            ("/faults", "POST", self._add_faults),
            ("/faults", "GET", self._list_faults),
            ("/faults", "DELETE", self._clear_faults),
            ("/inspect/{table}", "GET", self._inspect),
            ("/stats", "GET", self._stats),
            ("/seed", "POST", self._seed),
            ("/clock", "POST", self._clock),
            ("/settle", "POST", self._settle),
        ]
        return Starlette(
            routes=[Route(BASE + path, handler, methods=[method]) for path, method, handler in routes],
            middleware=[Middleware(_OnlyFromHere, open_to_all=self._open_to_all)],
        )

    async def _reset(self, _request: Request) -> Response:
        self._platform.reset()
        return _json({"ok": True})

    async def _add_faults(self, request: Request) -> Response:
        """One rule or a list of them; see faults.FaultRule."""
        body = await _object_or_list(request)
        try:
            rules = [parse_rule(values) for values in (body if isinstance(body, list) else [body])]
        except (FaultRefused, AttributeError) as error:
            return _json({"ok": False, "message": str(error)}, 400)
        for rule in rules:
            self._platform.faults.add(rule)
        return _json({"ok": True, "faults": self._platform.faults.listed()})

    async def _list_faults(self, _request: Request) -> Response:
        return _json({"ok": True, "faults": self._platform.faults.listed()})

    async def _clear_faults(self, _request: Request) -> Response:
        self._platform.faults.clear()
        return _json({"ok": True})

    async def _inspect(self, request: Request) -> Response:
        """Versions of a table, or of one key with ?key=, oldest first, at most INSPECT_MAX."""
        table = request.path_params["table"]
        if table not in self._platform.standard.table_names:
            return _json({"ok": False, "message": "表不存在"}, 404)
        versions = self._platform.storage.history(table, request.query_params.get("key"), INSPECT_MAX)
        for version in versions:
            version["record"] = orjson.loads(str(version["record"]))
        return _json({"ok": True, "versions": versions})

    async def _stats(self, _request: Request) -> Response:
        return _json({"ok": True, **self._platform.statistics()})

    async def _seed(self, request: Request) -> Response:
        """{"orgs": [code, …], "app_keys": {key: secret, …}}"""
        body = await _object_or_list(request)
        orgs = body.get("orgs", []) if isinstance(body, dict) else None
        keys = body.get("app_keys", {}) if isinstance(body, dict) else None
        if not _texts(orgs) or not isinstance(keys, dict) or not _texts([*keys, *keys.values()]):
            return _json({"ok": False, "message": "orgs 应为文本列表，app_keys 应为 应用标识: 密钥"}, 400)
        self._platform.gate.register(keys, set(orgs or ()))
        return _json({"ok": True})

    async def _clock(self, request: Request) -> Response:
        """{"shift_s": seconds ahead of the machine's clock}"""
        body = await _object_or_list(request)
        shift_s = body.get("shift_s") if isinstance(body, dict) else None
        if isinstance(shift_s, bool) or not isinstance(shift_s, int) or abs(shift_s) > SHIFT_S_MAX:
            return _json({"ok": False, "message": "shift_s 应为整数秒，十年以内"}, 400)
        self._platform.clock.shift = timedelta(seconds=shift_s)
        return _json({"ok": True, "server_time": self._platform.now_text()})

    async def _settle(self, _request: Request) -> Response:
        """Judges every waiting asynchronous message now."""
        return _json({"ok": True, "judged": self._platform.judge_waiting(SETTLE_MAX)})


class _OnlyFromHere:
    """A page of somebody else's that is open in a browser on this machine does nothing to the platform: neither by a name
    that was made to mean this machine, nor from another origin. Bodies have an end."""

    def __init__(self, app: ASGIApp, *, open_to_all: bool) -> None:
        self._app = app
        self._open_to_all = open_to_all  # told to listen to other machines: then any name may be ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        named = self._open_to_all or _hostname(f"//{headers.get('host', '')}") in _OF_THIS_MACHINE
        if not named or (origin is not None and _hostname(origin) not in _OF_THIS_MACHINE):
            said = _json({"ok": False, "message": "控制口只应答本机（127.0.0.1 或 localhost）"}, 403)
            await said(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY_BYTES_MAX or "transfer-encoding" in headers:
            said = _json({"ok": False, "message": f"正文须写明长度，不超过 {BODY_BYTES_MAX} 字节"}, 413)
            await said(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def _object_or_list(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None


def _texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
