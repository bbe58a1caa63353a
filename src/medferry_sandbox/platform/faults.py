"""Misbehaviour on command. Which calls are hit is decided by counting and by seed, never by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any, Final

KINDS: Final = ("delay", "status", "drop", "half_reply", "token_revoke", "wrong_receipt")
WHENS: Final = ("before", "after")
DELAY_MS_MAX: Final = 600_000


class FaultRefused(ValueError):
    """A fault rule that cannot be understood; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule.

    kind           delay | status | drop (connection closed without an answer) | half_reply (half of the
                   answer, then closed) | token_revoke (all tokens die) | wrong_receipt (the answer names
                   another message)
    when           before: the platform has not taken the message; after: it has
    table, org     only calls for this table, of this organisation; empty: all
    path           only calls whose path starts so, `/hip/v1` left out; default: data endpoints
    skip, count    leaves the first `skip` matching calls alone, then hits `count` of them; 0: no end
    ratio, seed    hits this share of the matching calls
    delay_ms, status, retry_after_s   of kind delay and status
    """

    kind: str
    when: str = "before"
    table: str = ""
    org: str = ""
    path: str = "/data/"
    skip: int = 0
    count: int = 0
    ratio: float = 1.0
    seed: int = 0
    delay_ms: int = 0
    status: int = 503
    retry_after_s: int = 0

    def hits(self, position: int) -> bool:
        """Whether the position-th matching call (from 0) is among the ratio."""
        if self.ratio >= 1:
            return True
        drawn = blake2b(f"{self.seed}/{position}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn) < self.ratio * 2**64


def parse_rule(values: Mapping[str, Any]) -> FaultRule:
    """A rule from its JSON object; raises FaultRefused."""
    known = {
        f.name: str if f.name in ("kind", "when", "table", "org", "path") else f.default
        for f in fields(FaultRule)
    }
    for name, value in values.items():
        if name not in known:
            raise FaultRefused(f"没有故障参数 {name}，可用：{'、'.join(known)}")
        wanted = (str,) if known[name] is str else (int, float) if name == "ratio" else (int,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise FaultRefused(f"故障参数 {name} 类型不对")
    if values.get("kind") not in KINDS:
        raise FaultRefused(f"kind 只能是 {'、'.join(KINDS)}")
    rule = FaultRule(**values)
    if rule.when not in WHENS:
        raise FaultRefused(f"when 只能是 {'、'.join(WHENS)}")
    if not 0 <= rule.delay_ms <= DELAY_MS_MAX:
        raise FaultRefused(f"delay_ms 应在 0 至 {DELAY_MS_MAX} 之间")
    if rule.kind == "status" and not 400 <= rule.status <= 599:
        raise FaultRefused("status 应在 400 至 599 之间")
    return rule


class Faults:
    """The rules in force and how often each was met."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._met: list[int] = []
        self._hit: list[int] = []

    def add(self, rule: FaultRule) -> None:
        self._rules.append(rule)
        self._met.append(0)
        self._hit.append(0)

    def clear(self) -> None:
        self._rules.clear()
        self._met.clear()
        self._hit.clear()

    def listed(self) -> list[dict[str, Any]]:
        return [
            {f.name: getattr(rule, f.name) for f in fields(rule)} | {"met": met, "hit": hit}
            for rule, met, hit in zip(self._rules, self._met, self._hit, strict=True)
        ]

    def choose(self, path: str, table: str, org: str) -> list[FaultRule]:
        """The rules that hit this call, in the order they were given."""
        chosen = []
        for index, rule in enumerate(self._rules):
            if not path.startswith(rule.path) or (rule.table or table) != table or (rule.org or org) != org:
                continue
            position = self._met[index] - rule.skip
            self._met[index] += 1
            if position < 0 or (rule.count and self._hit[index] >= rule.count) or not rule.hits(position):
                continue
            self._hit[index] += 1
            chosen.append(rule)
        return chosen
