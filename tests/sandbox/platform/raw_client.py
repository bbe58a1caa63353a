"""A client of the platform, written from the interface draft alone: its own signing, its own bytes."""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes, hmac

KEY, SECRET, ORG = "jxsb-demo", "jxsb-demo-secret", "12360100A00000001X"
_numbers = itertools.count(1)


def sm3_hex(data: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def sign(secret: str, text: str) -> str:
    code = hmac.HMAC(secret.encode(), hashes.SM3())
    code.update(text.encode())
    return code.finalize().hex()


def now_text() -> str:
    return datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y%m%d%H%M%S%f")[:17]


class Reply:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class RawClient:
    """Every argument that a caller may get wrong can be got wrong."""

    def __init__(self, url: str, control_url: str) -> None:
        self.host = urlsplit(url).netloc
        self.control_host = urlsplit(control_url).netloc
        self.token = ""

    def log_in(self) -> Reply:
        body = json.dumps({"app_key": KEY, "timestamp": now_text()}).encode()
        reply = self.call("POST", "/auth/token", body=body, headers={"Authorization": None})
        self.token = reply.json.get("access_token", "")
        return reply

    def call(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        msg_id: str | None = None,
        signed_with: str = SECRET,
        headers: dict[str, str | None] | None = None,
    ) -> Reply:
        """`headers` replace the right ones before signing; None leaves one out."""
        sent: dict[str, str | None] = {
            "X-App-Key": KEY,
            "X-Org-Code": ORG,
            "Authorization": f"Bearer {self.token}",
            "X-Timestamp": now_text(),
            "X-Nonce": f"n{next(_numbers)}",
            "X-Sign-Type": "HMAC-SM3",
            "X-Spec-Version": "JX-2024.1",
            "X-Msg-Id": msg_id,
        }
        sent |= headers or {}
        text = "\n".join(
            [
                method,
                f"/hip/v1{path}",
                "&".join(sorted(query.split("&"))),
                sent["X-Org-Code"] or "",
                sent["X-App-Key"] or "",
                sent["X-Timestamp"] or "",
                sent["X-Nonce"] or "",
                sm3_hex(body),
            ]
        )
        sent.setdefault("X-Sign", sign(signed_with, text))
        final = {name: value for name, value in sent.items() if value is not None}
        target = f"/hip/v1{path}" + (f"?{query}" if query else "")
        return _request(self.host, method, target, body, final)

    def send(
        self, table: str, records: list[dict[str, Any]], *, msg_id: str | None = None, **options: Any
    ) -> Reply:
        """Options: mode, header (replaces parts of the body's header), zipped, void, and those of `call`."""
        msg_id = msg_id or f"M{next(_numbers):08d}"
        mode, void = options.pop("mode", "sync"), options.pop("void", False)
        zipped, changed = options.pop("zipped", False), options.pop("header", {})
        body = pack(table, records, msg_id, "VOID" if void else "UPSERT", changed)
        headers = dict(options.pop("headers", {}))
        if zipped:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        path, query = (f"/data/{table}/void", "") if void else (f"/data/{table}", f"mode={mode}")
        return self.call("POST", path, query=query, body=body, msg_id=msg_id, headers=headers, **options)

    def ask(self, msg_id: str) -> Any:
        return self.call("GET", f"/messages/{msg_id}").json

    def control(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else b""
        reply = _request(self.control_host, method, f"/_sandbox{path}", data, {})
        return reply.json


def pack(
    table: str,
    records: list[dict[str, Any]],
    msg_id: str,
    op: str = "UPSERT",
    changed: dict[str, Any] | None = None,
) -> bytes:
    array = json.dumps(records, ensure_ascii=False, separators=(",", ":"))
    header = {
        "msg_id": msg_id,
        "spec_version": "JX-2024.1",
        "org_code": ORG,
        "branch_code": "01",
        "table": table,
        "op": op,
        "record_count": len(records),
        "digest": sm3_hex(array.encode()),
    }
    if op == "VOID":
        header |= {"void_reason": "录入错误", "operator": "1001"}
    header |= changed or {}
    header = {name: value for name, value in header.items() if value is not None}
    return f'{{"header":{json.dumps(header, ensure_ascii=False)},"records":{array}}}'.encode()


def _request(host: str, method: str, target: str, body: bytes, headers: dict[str, str]) -> Reply:
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request(method, target, body=body or None, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()
