"""HTTP in front of the platform: the routes of the interface draft §2.4, checks of the envelope of every
call, faults.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from medferry_sandbox.platform.access import Call, Caller
from medferry_sandbox.platform.faults import FaultRule
from medferry_sandbox.platform.platform import SYNC, Platform, wrong_receipt
from medferry_sandbox.platform.refusal import Refusal

BASE = "/hip/v1"
_log = logging.getLogger(__name__)
TRANSPORT = "medferry.transport"
_HEARTBEAT_TEXTS = ("org_code", "node")
_LIMIT_LENGTH_MAX = 9
_JSON = "application/json; charset=utf-8"

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[Request, Call, Caller], Answer]


class DroppableProtocol(HttpToolsProtocol):
    """Shows the connection to the application, which may close it without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


class Dropped(Response):
    """No answer at all, or `body` cut in half; then the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope["extensions"][TRANSPORT]["transport"]
        if self.body:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            half = bytes(self.body)[: len(self.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass


class PlatformWeb:
    """The routes of one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._work = asyncio.Event()

    def app(self) -> Starlette:
        take = self._sink if self._platform.settings.sink else self._data
        void = self._sink if self._platform.settings.sink else self._void
        routes = [
            ("/auth/token", "POST", self._guarded(self._token, with_token=False)),
            ("/ping", "GET", self._ping),
            ("/heartbeat", "POST", self._guarded(self._heartbeat)),
            ("/data/{table}", "POST", self._guarded(take)),
            ("/data/{table}/void", "POST", self._guarded(void)),
            ("/messages/{msg_id}", "GET", self._guarded(self._message)),
            ("/receipts", "GET", self._guarded(self._receipts)),
            ("/meta/tables", "GET", self._guarded(self._tables)),
            ("/meta/tables/{table}", "GET", self._guarded(self._table)),
        ]
        return Starlette(
            routes=[Route(BASE + path, handler, methods=[method]) for path, method, handler in routes],
            exception_handlers={sqlite3.Error: self._storage_failed, Exception: self._failed},
        )

    async def judge_in_background(self) -> None:
        """Judges what mode=async took, one message after another, until cancelled."""
        self._work.set()  # what a former process left behind
        while True:
            await self._work.wait()
            self._work.clear()
            await asyncio.sleep(self._platform.profile.async_delay_ms / 1000)
            while self._platform.judge_waiting(1):
                await asyncio.sleep(0)

    def _guarded(
        self, handler: Handler, *, with_token: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """Reads the body, applies faults, admits the caller, answers refusals."""
        platform = self._platform

        async def guarded(request: Request) -> Response:
            path = request.scope["path"].removeprefix(BASE)
            platform.calls["/".join(path.split("/", 2)[:2])] += 1
            table = request.path_params.get("table", "")
            faults = platform.faults.choose(path, table, request.headers.get("x-org-code", ""))
            try:
                body = await _read_body(request, platform.profile.body_bytes_max)
            except ClientDisconnect:
                return Dropped()
            except Refusal as refusal:
                return self._refused(refusal, request)
            early = await self._misbehave([rule for rule in faults if rule.when == "before"], request)
            if early is not None:
                return early
            call = Call(
                request.method,
                request.scope["raw_path"].decode("ascii"),
                request.scope["query_string"].decode("ascii", "replace"),
                request.headers,
                body,
            )
            try:
                caller = platform.gate.admit(call, with_token=with_token)
                answer = handler(request, call, caller)
            except Refusal as refusal:
                return self._refused(refusal, request)
            late = [rule for rule in faults if rule.when == "after"]
            return await self._answer(answer, late, request, caller)

        return guarded

    async def _answer(
        self, answer: Answer, late: list[FaultRule], request: Request, caller: Caller
    ) -> Response:
        platform = self._platform
        status, headers, body = answer
        if platform.settings.answer_delay_ms and request.scope["path"].startswith(f"{BASE}/data/"):
            await asyncio.sleep(platform.settings.answer_delay_ms / 1000)
        other = await self._misbehave(late, request)
        if other is not None:
            return other
        if any(rule.kind == "wrong_receipt" for rule in late):
            body = wrong_receipt(body)
        headers |= {
            "x-server-time": platform.now_text(),
            "x-ratelimit-remaining": str(platform.gate.allowance_left(caller.app_key)),
        }
        if trace := request.headers.get("x-trace-id"):
            headers["x-trace-id"] = trace
        if any(rule.kind == "half_reply" for rule in late):
            return Dropped(body, status, headers, _JSON)
        return Response(body, status, headers, _JSON)

    async def _misbehave(self, rules: list[FaultRule], request: Request) -> Response | None:
        """Delays and revocations happen; a drop or an error status is the answer."""
        for rule in rules:
            if rule.kind == "delay":
                await asyncio.sleep(rule.delay_ms / 1000)
            elif rule.kind == "token_revoke":
                self._platform.gate.revoke_tokens()
            elif rule.kind == "drop":
                return Dropped()
            elif rule.kind == "status":
                busy = {429: "1101", 503: "9001"}.get(rule.status, "9999")
                code = "9003" if rule.when == "after" else busy
                return self._refused(
                    Refusal(code, status=rule.status, retry_after_s=rule.retry_after_s or None), request
                )
        return None

    def _refused(self, refusal: Refusal, request: Request) -> Response:
        now = self._platform.now_text()
        self._platform.calls[f"refused.{refusal.code}"] += 1
        msg_id = request.headers.get("x-msg-id", "")
        body = {"code": refusal.code, "message": refusal.message, "msg_id": msg_id, "server_time": now}
        headers = {"x-server-time": now}
        if refusal.retry_after_s is not None:
            headers["retry-after"] = str(refusal.retry_after_s)
        if trace := request.headers.get("x-trace-id"):
            headers["x-trace-id"] = trace
        return Response(orjson.dumps(body), refusal.status, headers, _JSON)

    async def _storage_failed(self, request: Request, error: Exception) -> Response:
        """9003: nobody but the storage knows whether the message was taken; the caller asks by message id."""
        _log.error("沙箱平台存储出错：%s", type(error).__name__)
        return self._refused(Refusal("9003"), request)

    async def _failed(self, request: Request, _error: Exception) -> Response:
        return self._refused(Refusal("9999"), request)

    async def _ping(self, _request: Request) -> Response:
        self._platform.calls["/ping"] += 1
        now = self._platform.now_text()
        body = {"code": "0", "message": "ok", "server_time": now}
        body |= {"spec_version": self._platform.profile.spec_version, "maintenance": ""}
        return Response(orjson.dumps(body), 200, {"x-server-time": now}, _JSON)

    def _token(self, _request: Request, _call: Call, caller: Caller) -> Answer:
        token, refresh = self._platform.gate.issue_token(caller.app_key)
        return self._plain(
            {
                "access_token": token,
                "refresh_token": refresh,
                "expires_in": self._platform.profile.token_life_s,
            }
        )

    def _heartbeat(self, _request: Request, call: Call, _caller: Caller) -> Answer:
        try:
            told = orjson.loads(call.body)
        except orjson.JSONDecodeError as error:
            raise Refusal("2001") from error
        missing = [name for name in _HEARTBEAT_TEXTS if not (isinstance(told, dict) and told.get(name))]
        if missing:
            raise Refusal("2002", f"缺少 {'、'.join(missing)}")
        self._platform.last_heartbeat = {"at": self._platform.now_text(), **told}
        return self._plain({})

    def _data(self, request: Request, call: Call, caller: Caller) -> Answer:
        mode = request.query_params.get("mode", SYNC)
        answer = self._platform.take(call, caller, table=request.path_params["table"], op="UPSERT", mode=mode)
        if answer[0] == 202:
            self._work.set()
        return answer

    def _void(self, request: Request, call: Call, caller: Caller) -> Answer:
        return self._platform.take(call, caller, table=request.path_params["table"], op="VOID", mode=SYNC)

    def _sink(self, request: Request, call: Call, _caller: Caller) -> Answer:
        return self._platform.sink(call, request.path_params["table"])

    def _message(self, request: Request, _call: Call, caller: Caller) -> Answer:
        return 200, {}, orjson.dumps(self._platform.what_became_of(request.path_params["msg_id"], caller))

    def _receipts(self, request: Request, _call: Call, caller: Caller) -> Answer:
        limit = request.query_params.get("limit", "500")
        if not (limit.isascii() and limit.isdigit() and len(limit) <= _LIMIT_LENGTH_MAX):
            raise Refusal("2002", "limit 应为整数")
        cursor = request.query_params.get("cursor", "")
        return 200, {}, orjson.dumps(self._platform.receipts(caller, cursor, int(limit)))

    def _tables(self, _request: Request, _call: Call, _caller: Caller) -> Answer:
        standard = self._platform.standard
        tables = [
            {
                "table": standard.table(name).wire_name or name,
                "title_zh": standard.table(name).title_zh,
                "dataset_code": standard.table(name).dataset_code,
                "fields": len(standard.table(name).fields),
            }
            for name in standard.table_names
        ]
        return self._plain({"spec_version": self._platform.profile.spec_version, "tables": tables})

    def _table(self, request: Request, _call: Call, _caller: Caller) -> Answer:
        name = self._platform.standard.table_called(request.path_params["table"])
        if name is None:
            raise Refusal("2005")
        words = self._platform.standard.table(name)
        fields = [
            {slot: getattr(field, slot) for slot in field.__slots__} | {"name": field.wire}
            for field in words.fields
            if field.wire
        ]
        return self._plain(
            {"table": request.path_params["table"], "title_zh": words.title_zh, "fields": fields}
        )

    def _plain(self, body: dict[str, Any]) -> Answer:
        head = {"code": "0", "message": "ok", "server_time": self._platform.now_text()}
        return 200, {}, orjson.dumps(head | body)


async def _read_body(request: Request, bytes_max: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > bytes_max:
            raise Refusal("1103", f"超过 {bytes_max} 字节")
        parts.append(part)
    return b"".join(parts)
