"""Headers and signature of one sending, by the profile's recipe, over the bytes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from medferry.catalog.platform.profile import Profile
from medferry.crypto.provider import CryptoProvider


@dataclass(frozen=True, slots=True)
class Call:
    """One request before it is signed. `path` without host and query, base included."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    org_code: str = ""
    branch_code: str = ""
    message_id: str = ""
    content_encoding: str = ""

    @property
    def canonical_query(self) -> str:
        """Keys sorted, RFC 3986 encoding, joined by &."""
        return "&".join(
            f"{quote(name, safe='')}={quote(self.query[name], safe='')}" for name in sorted(self.query)
        )

    @property
    def target(self) -> str:
        return f"{self.path}?{self.canonical_query}" if self.query else self.path


class Signer:
    """Signs calls of one app key. Stateless between calls."""

    def __init__(self, profile: Profile, crypto: CryptoProvider, app_key: str, app_secret: str) -> None:
        self._profile = profile
        self._crypto = crypto
        self._app_key = app_key
        self._secret = app_secret.encode()

    def string_to_sign(self, call: Call, *, timestamp: str, nonce: str) -> str:
        """The text of §2.3 of the interface draft, by the profile's parts."""
        parts = {
            "method": call.method,
            "path": call.path,
            "query": call.canonical_query,
            "org_code": call.org_code,
            "app_key": self._app_key,
            "timestamp": timestamp,
            "nonce": nonce,
            "body_digest": self._crypto.sm3(call.body).hex(),
            "message_id": call.message_id,
        }
        sign = self._profile.sign
        return sign.separator.join(parts[name] for name in sign.parts)

    def headers(self, call: Call, *, timestamp: str, nonce: str, token: str) -> dict[str, str]:
        """The profile's headers, filled and signed. A header that asks for something empty is left out."""
        text = self.string_to_sign(call, timestamp=timestamp, nonce=nonce)
        sign = self._profile.sign
        known = {
            "app_key": self._app_key,
            "org_code": call.org_code,
            "branch_code": call.branch_code,
            "token": token,
            "timestamp": timestamp,
            "nonce": nonce,
            "message_id": call.message_id,
            "sign_type": sign.type,
            "sign": self._crypto.hmac(sign.type, self._secret, text.encode()).hex(),
            "spec_version": self._profile.spec_version,
            "content_encoding": call.content_encoding,
        }
        empty = [f"{{{name}}}" for name, value in known.items() if not value]
        return {
            name: template.format_map(known)
            for name, template in self._profile.headers.items()
            if not any(hole in template for hole in empty)
        }

    def token_body(self, *, timestamp: str, nonce: str) -> dict[str, str]:
        """What is posted to get a token."""
        known = dict.fromkeys(
            ("org_code", "branch_code", "token", "message_id", "sign", "content_encoding"), ""
        )
        known |= {
            "app_key": self._app_key,
            "timestamp": timestamp,
            "nonce": nonce,
            "sign_type": self._profile.sign.type,
            "spec_version": self._profile.spec_version,
        }
        return {name: template.format_map(known) for name, template in self._profile.token.body.items()}
