"""The control plane, on its own port: what a test or a trainer does to the platform. Never part of a real
one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from medferry_sandbox.platform.faults import FaultRefused, parse_rule
from medferry_sandbox.platform.platform import Platform

BASE = "/_sandbox"
INSPECT_MAX = 1_000
SETTLE_MAX = 100_000
SHIFT_S_MAX = 10 * 365 * 86_400


class ControlWeb:
    """The routes of one platform's control plane; bodies and answers are JSON."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

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
            routes=[Route(BASE + path, handler, methods=[method]) for path, method, handler in routes]
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


async def _object_or_list(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None


def _texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
