"""The platform itself, without HTTP: what it knows, and what it answers to each kind of call."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import orjson

from medferry.clock import Clock
from medferry.crypto.software import SoftwareProvider
from medferry_sandbox.platform.access import Call, Caller, Gate, wall_time
from medferry_sandbox.platform.envelope import beginning, read_contents, unpacked
from medferry_sandbox.platform.faults import Faults
from medferry_sandbox.platform.intake import Intake
from medferry_sandbox.platform.project_checks import ProjectChecks, read_project_checks
from medferry_sandbox.platform.project_codings import ProjectCodings, read_project_codings
from medferry_sandbox.platform.refusal import Refusal
from medferry_sandbox.platform.settings import SandboxSettings
from medferry_sandbox.platform.standard import Standard
from medferry_sandbox.platform.storage import Counts, Message, Storage
from medferry_sandbox.platform.validate import looks_suspicious
from medferry_sandbox.platform.waivers import read_waivers

SYNC: Final = "sync"
ASYNC: Final = "async"
MSG_ID_LENGTH_MAX: Final = 64
RECEIPTS_MAX: Final = 500
_CURSOR: Final = re.compile("[0-9a-z]{0,11}")  # longer ones exceed what SQLite counts


class ShiftedClock:
    """A clock that can be put forward or back: tests of expiry need no waiting."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.shift = timedelta(0)

    def now(self) -> datetime:
        return self._clock.now() + self.shift

    def steady_s(self) -> float:
        return self._clock.steady_s()


class Platform:
    """One sandbox. Every method runs on the server's one thread; none waits for anything but its own disk."""

    def __init__(self, settings: SandboxSettings, clock: Clock) -> None:
        self.settings = settings
        self.profile = settings.profile
        self.clock = ShiftedClock(clock)
        self.standard = Standard(settings.edition) if settings.edition else Standard()
        waived = read_waivers(settings.waivers, self.standard) if settings.waivers else frozenset()
        agreed = read_project_checks(settings.checks, self.standard) if settings.checks else ProjectChecks()
        codings = (
            read_project_codings(settings.checks, self.standard) if settings.checks else ProjectCodings()
        )
        self.storage = Storage(settings.data)
        self.crypto = SoftwareProvider()
        self.gate = Gate(self.profile, self.clock, self.crypto, verify=settings.verify)
        self.intake = Intake(self.standard, self.storage, self.profile, waived, agreed, codings)
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.last_heartbeat: dict[str, Any] = {}
        self._receipts = 0
        self.seed_defaults()

    def seed_defaults(self) -> None:
        self.gate.register(dict(self.settings.app_keys), set(self.settings.orgs))

    def reset(self) -> None:
        """As on the first day."""
        self.storage.reset()
        self.faults.clear()
        self.gate.forget()
        self.seed_defaults()
        self.clock.shift = timedelta(0)
        self.calls.clear()
        self.last_heartbeat = {}

    def now_text(self) -> str:
        return wall_time(self.clock.now())

    def take(
        self, call: Call, caller: Caller, *, table: str, op: str, mode: str
    ) -> tuple[int, dict[str, str], bytes]:
        """A data or void message: (HTTP status, reply headers, reply body). Answered after commit."""
        called, own = table, self.standard.table_called(table)
        if own is None:
            raise Refusal("2005")
        table = own
        if not caller.org_code:
            raise Refusal("1008", "缺少 X-Org-Code")
        if mode not in (SYNC, ASYNC):
            raise Refusal("2002", "mode 只能是 sync 或 async")
        if call.headers.get("x-enc-type", "NONE") != "NONE":
            raise Refusal("1009", "X-Enc-Type 只支持 NONE")
        if call.headers.get("x-spec-version", "") != self.profile.spec_version:
            raise Refusal("2004", f"X-Spec-Version 应为 {self.profile.spec_version}")
        msg_id = call.headers.get("x-msg-id", "")
        if not 1 <= len(msg_id) <= MSG_ID_LENGTH_MAX:
            raise Refusal("2002", f"X-Msg-Id 应为 1 至 {MSG_ID_LENGTH_MAX} 个字符")
        data = unpacked(call.body, call.headers.get("content-encoding", ""), self.profile)
        sha = sha256(f"{call.path}\n".encode() + data).digest()
        known = self.storage.message(msg_id)
        if known is not None:
            if known.content_sha != sha or known.app_key != caller.app_key:
                raise Refusal("2006")
            self.calls["duplicates"] += 1
            return self._again(known)
        contents = read_contents(
            data,
            expected={"msg_id": msg_id, "org_code": caller.org_code, "table": called, "op": op},
            records_max=self.profile.records_max if mode == SYNC else self.profile.async_records_max,
            profile=self.profile,
            crypto=self.crypto,
        )
        message = Message(
            msg_id=msg_id,
            app_key=caller.app_key,
            org_code=caller.org_code,
            branch_code=str(contents.header.get("branch_code") or caller.branch_code),
            table=table,
            op=op,
            mode=mode,
            content_sha=sha,
            state="RECEIVED",
            receipt_no=self._receipt_no(),
            reply=None,
            body=data if mode == ASYNC else None,
            record_count=len(contents.records),
            received_at=self.now_text(),
        )
        with self.storage.transaction():
            self.storage.keep_message(message)
            if mode == SYNC:
                reply = self._judge(message, contents.records, looks_suspicious(data))
        if mode == ASYNC:
            reply = self._received(message)
        return 202 if mode == ASYNC else 200, _reply_headers(message), reply

    def judge_waiting(self, limit: int) -> int:
        """Judges messages taken by mode=async, oldest first; one transaction each. Returns how many."""
        waiting = self.storage.waiting(limit)
        for message in waiting:
            assert message.body is not None, "a waiting message keeps its body"
            records = orjson.loads(message.body)["records"]
            with self.storage.transaction():
                self._judge(message, records, looks_suspicious(message.body))
        return len(waiting)

    def _judge(self, message: Message, records: list[dict[str, Any]], suspicious: bool) -> bytes:
        at = self.now_text()
        counts, details = self.intake.take(message, records, suspicious=suspicious, at=at)
        code, text = _verdict(counts)
        reply = orjson.dumps(
            {
                "code": code,
                "message": text,
                "msg_id": message.msg_id,
                "receipt_no": message.receipt_no,
                "state": "DONE",
                "received_at": message.received_at,
                "server_time": at,
                "result": {
                    "accepted": counts.accepted,
                    "rejected": counts.refused,
                    "warned": counts.warned,
                    "stale": counts.stale,
                },
                "details": details,
            }
        )
        self.storage.finish_message(message.msg_id, reply, counts, at)
        return reply

    def _received(self, message: Message, code: str = "0") -> bytes:
        return orjson.dumps(
            {
                "code": code,
                "message": "已收到，处理结果稍后查询",
                "msg_id": message.msg_id,
                "receipt_no": message.receipt_no,
                "state": "RECEIVED",
                "received_at": message.received_at,
                "server_time": self.now_text(),
            }
        )

    def _again(self, known: Message) -> tuple[int, dict[str, str], bytes]:
        """2007: the old receipt with the old details."""
        if known.reply is None:
            return 202, _reply_headers(known), self._received(known, "2007")
        old = orjson.loads(known.reply) | {"code": "2007", "message": "重复报文，返回原回执"}
        return 200, _reply_headers(known), orjson.dumps(old | {"server_time": self.now_text()})

    def what_became_of(self, msg_id: str, caller: Caller) -> dict[str, Any]:
        """NOT_SEEN, RECEIVED, or DONE with the reply as it was sent; others' messages are not seen."""
        known = self.storage.message(msg_id)
        answer: dict[str, Any] = {
            "code": "0",
            "message": "ok",
            "msg_id": msg_id,
            "server_time": self.now_text(),
        }
        if known is None or known.app_key != caller.app_key:
            return answer | {"state": "NOT_SEEN"}
        answer |= {"state": known.state, "receipt_no": known.receipt_no, "received_at": known.received_at}
        if known.reply is not None:
            answer["receipt"] = orjson.loads(known.reply)
        return answer

    def receipts(self, caller: Caller, cursor: str, limit: int) -> dict[str, Any]:
        """Business receipts in the order they were made, after an opaque cursor; read again, they come
        again.
        """
        if not _CURSOR.fullmatch(cursor):
            raise Refusal("2002", "cursor 不是平台给出的")
        after = int(cursor, 36) if cursor else 0
        rows = self.storage.receipts(caller.app_key, after, min(max(limit, 1), RECEIPTS_MAX))
        last = rows[-1][0] if rows else after
        return {
            "code": "0",
            "message": "ok",
            "receipts": [orjson.loads(reply) for _, reply in rows],
            "next_cursor": _base36(last),
            "server_time": self.now_text(),
        }

    def sink(self, call: Call, table: str) -> tuple[int, dict[str, str], bytes]:
        """Accepts whatever comes; reads only the record count, which stands at the beginning."""
        rows = _announced_count(beginning(call.body, call.headers.get("content-encoding", "")))
        self.calls["sink_rows"] += rows
        self.calls[f"sink_rows.{table}"] += rows
        msg_id, receipt_no, now = call.headers.get("x-msg-id", ""), self._receipt_no(), self.now_text()
        reply: dict[str, Any] = {"code": "0", "message": "ok", "msg_id": msg_id, "receipt_no": receipt_no}
        reply |= {"state": "DONE", "received_at": now, "server_time": now}
        reply |= {"result": {"accepted": rows, "rejected": 0, "warned": 0, "stale": 0}, "details": []}
        if self.profile.details == "all":
            reply["details"] = [{"seq": seq, "status": "ACCEPTED"} for seq in range(1, rows + 1)]
        return 200, {"x-msg-id": msg_id, "x-receipt-no": receipt_no}, orjson.dumps(reply)

    def statistics(self) -> dict[str, Any]:
        return {
            "tables": self.storage.statistics(),
            "calls": dict(self.calls),
            "last_heartbeat": self.last_heartbeat,
        }

    def _receipt_no(self) -> str:
        self._receipts += 1
        return f"R{self.now_text()}{self._receipts % 1_000_000:06d}"


def wrong_receipt(reply: bytes) -> bytes:
    """The same answer, naming another message: a fault on command."""
    answer = orjson.loads(reply)
    return orjson.dumps(
        answer | {"msg_id": f"{answer.get('msg_id', '')}X", "receipt_no": "R00000000000000000000000"}
    )


def _verdict(counts: Counts) -> tuple[str, str]:
    if counts.refused:
        return "2", "部分接收" if counts.accepted or counts.stale else "全部拒收"
    return ("1", "接收，有警告") if counts.warned else ("0", "ok")


def _reply_headers(message: Message) -> dict[str, str]:
    return {"x-msg-id": message.msg_id, "x-receipt-no": message.receipt_no}


def _announced_count(data: bytes) -> int:
    start = data.find(b'"record_count":')
    digits = data[start + 15 : start + 25].split(b",")[0].strip(b" }") if start >= 0 else b""
    return int(digits) if digits.isdigit() else 0


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text
