"""Who calls, and is it really them: app key, token, time stamp, nonce, signature, rate."""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote

from medferry.clock import ZONE, Clock
from medferry.crypto.provider import CryptoProvider
from medferry_sandbox.platform.refusal import Refusal
from medferry_sandbox.platform.settings import Profile

SIGN_TYPES = ("HMAC-SM3", "HMAC-SHA256")
_NONCE_LENGTH_MAX = 64
_ORG_LENGTH_MAX = 22


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came: `path` and `query` raw as in the request line, `headers` with lower-case names,
    `body` the bytes on the wire."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    app_key: str
    org_code: str
    branch_code: str


def wall_time(at: datetime) -> str:
    """yyyyMMddHHmmssSSS."""
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"


def canonical_query(query: str) -> str:
    """Keys sorted, RFC 3986 encoding, joined by &."""
    if not query:
        return ""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def string_to_sign(call: Call, body_sm3: str) -> str:
    """§2.3 of the interface draft; absent headers count as empty."""
    get = call.headers.get
    return "\n".join(
        (
            call.method,
            call.path,
            canonical_query(call.query),
            get("x-org-code", ""),
            get("x-app-key", ""),
            get("x-timestamp", ""),
            get("x-nonce", ""),
            body_sm3,
        )
    )


class Gate:
    """Holds credentials, tokens, nonces and the rate; all of it in memory, lost on restart as on a real
    platform.
    """

    def __init__(self, profile: Profile, clock: Clock, crypto: CryptoProvider, *, verify: bool) -> None:
        self._profile = profile
        self._clock = clock
        self._crypto = crypto
        self._verify = verify
        self._secrets: dict[str, bytes] = {}
        self._orgs: set[str] = set()
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._nonces: set[tuple[str, str]] = set()
        self._nonce_order: deque[tuple[datetime, tuple[str, str]]] = deque()
        self._allowance: dict[str, tuple[datetime, float]] = {}

    def register(self, app_keys: Mapping[str, str], orgs: set[str]) -> None:
        """Adds credentials and organisations; with no organisation at all, every one is registered."""
        self._secrets.update({key: secret.encode() for key, secret in app_keys.items()})
        self._orgs.update(orgs)

    def forget(self) -> None:
        """Credentials, organisations, tokens, nonces: all gone."""
        for kept in (
            self._secrets,
            self._orgs,
            self._tokens,
            self._nonces,
            self._nonce_order,
            self._allowance,
        ):
            kept.clear()

    def revoke_tokens(self) -> None:
        self._tokens.clear()

    def issue_token(self, app_key: str) -> tuple[str, str]:
        """(access token, refresh token); the refresh token is for show, a new token is asked for by
        signature.
        """
        if self._profile.tokens == "single":
            self._tokens = {token: kept for token, kept in self._tokens.items() if kept[0] != app_key}
        token = secrets.token_hex(24)
        self._tokens[token] = (app_key, self._clock.now() + timedelta(seconds=self._profile.token_life_s))
        return token, secrets.token_hex(24)

    def admit(self, call: Call, *, with_token: bool) -> Caller:
        """The caller, or Refusal 1001-1006, 1008, 1101."""
        caller = Caller(
            call.headers.get("x-app-key", ""),
            call.headers.get("x-org-code", ""),
            call.headers.get("x-branch-code", ""),
        )
        if not self._verify:
            return caller
        secret = self._secrets.get(caller.app_key)
        if secret is None:
            raise Refusal("1003", "X-App-Key")
        self._meter(caller.app_key)
        if with_token:
            self._check_token(call.headers.get("authorization", ""), caller.app_key)
        self._check_time(call.headers.get("x-timestamp", ""))
        nonce = call.headers.get("x-nonce", "")
        if not 1 <= len(nonce) <= _NONCE_LENGTH_MAX:
            raise Refusal("1006", f"X-Nonce 应为 1 至 {_NONCE_LENGTH_MAX} 个字符")
        self._check_signature(call, secret)
        self._note_nonce((caller.app_key, nonce))
        if caller.org_code and not self.knows_org(caller.org_code):
            raise Refusal("1008", "机构代码未登记")
        return caller

    def knows_org(self, org_code: str) -> bool:
        return org_code in self._orgs if self._orgs else 1 <= len(org_code) <= _ORG_LENGTH_MAX

    def _meter(self, app_key: str) -> None:
        """A bucket of `calls_burst`, filled by `calls_per_s`."""
        now = self._clock.now()
        rate, burst = self._profile.calls_per_s, self._profile.calls_burst
        before, left = self._allowance.get(app_key, (now, float(burst)))
        left = min(float(burst), left + max(0.0, (now - before).total_seconds()) * rate)
        if left < 1:
            raise Refusal("1101", f"每秒至多 {rate} 次", retry_after_s=1)
        self._allowance[app_key] = (now, left - 1)

    def allowance_left(self, app_key: str) -> int:
        return int(self._allowance[app_key][1]) if app_key in self._allowance else self._profile.calls_burst

    def _check_token(self, authorization: str, app_key: str) -> None:
        kind, _, token = authorization.partition(" ")
        kept = self._tokens.get(token) if kind == "Bearer" else None
        if kept is None or kept[0] != app_key:
            raise Refusal("1001")
        if self._clock.now() >= kept[1]:
            raise Refusal("1002")

    def _check_time(self, text: str) -> None:
        if not (len(text) == 17 and text.isascii() and text.isdigit()):
            raise Refusal("1005", "X-Timestamp 应为 17 位数字")
        try:
            at = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=ZONE)
        except ValueError as error:
            raise Refusal("1005", "X-Timestamp 不是有效时间") from error
        if abs((self._clock.now() - at).total_seconds()) > self._profile.skew_s_max:
            raise Refusal("1005", f"与平台时间相差超过 {self._profile.skew_s_max} 秒")

    def _check_signature(self, call: Call, secret: bytes) -> None:
        kind = call.headers.get("x-sign-type", SIGN_TYPES[0])
        if kind not in SIGN_TYPES:
            raise Refusal("1004", f"X-Sign-Type 支持 {'、'.join(SIGN_TYPES)}")
        text = string_to_sign(call, self._crypto.sm3(call.body).hex())
        expected = self._crypto.hmac(kind, secret, text.encode()).hex()
        if not hmac.compare_digest(expected.encode(), call.headers.get("x-sign", "").encode()):
            raise Refusal("1004")

    def _note_nonce(self, nonce: tuple[str, str]) -> None:
        now = self._clock.now()
        order = self._nonce_order
        while order and (order[0][0] <= now or len(order) >= self._profile.nonces_max):
            self._nonces.discard(order.popleft()[1])
        if nonce in self._nonces:
            raise Refusal("1006")
        self._nonces.add(nonce)
        order.append((now + timedelta(seconds=self._profile.nonce_life_s), nonce))
