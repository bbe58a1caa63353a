"""How one sandbox runs: where, for whom, and as which kind of platform."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

import yaml

from medferry.errors import ConfigError

DEMO_APP_KEY = "jxsb-demo"
DEMO_APP_SECRET = "jxsb-demo-secret"  # noqa: S105  the demo's, printed on start on purpose

Atomic = Literal["EACH", "ALL"]
Details = Literal["all", "exceptions"]
Tokens = Literal["several", "single"]
Rules = Literal["all", "fields"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What varies between real platforms.

    atomic   EACH: every record for itself; ALL: one refused record refuses its message
    details  exceptions: only records that were not plainly accepted are listed; all: every record
    tokens   several: tokens live side by side; single: a new token kills the old one
    rules    all: the rules between fields and about parents are judged on arrival; fields: only each field by itself
    """

    spec_version: str = "JX-2024.1"
    records_max: int = 200
    async_records_max: int = 5_000
    atomic: Atomic = "EACH"
    details: Details = "exceptions"
    tokens: Tokens = "several"
    rules: Rules = "all"
    token_life_s: int = 7_200
    skew_s_max: int = 300
    nonce_life_s: int = 600
    nonces_max: int = 2_000_000
    body_bytes_max: int = 10_000_000
    unpacked_bytes_max: int = 50_000_000
    calls_per_s: int = 100_000
    calls_burst: int = 100_000
    async_delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """`port` and `control_port` 0: a free one. `orgs` empty: any organisation of 1 to 22 characters is
    registered.

    edition          folders of the edition it follows, each laid over the next; empty: as shipped
    checks           a project's medferry.yaml, whose `checks:` and `codings:` hold here too
    sink             accepts everything, checks and keeps nothing, counts only
    verify           check token, time, nonce and signature
    answer_delay_ms  every answer of the data endpoints waits so long, as a busy platform's would
    """

    data: Path
    port: int = 8600
    control_port: int = 8601
    host: str = "127.0.0.1"
    profile: Profile = field(default_factory=Profile)
    waivers: Path | None = None
    checks: Path | None = None
    edition: tuple[Path, ...] = ()
    orgs: tuple[str, ...] = ()
    app_keys: tuple[tuple[str, str], ...] = ((DEMO_APP_KEY, DEMO_APP_SECRET),)
    sink: bool = False
    verify: bool = True
    answer_delay_ms: int = 0


_CHOICES = {
    "atomic": get_args(Atomic),
    "details": get_args(Details),
    "tokens": get_args(Tokens),
    "rules": get_args(Rules),
}


def read_profile(path: Path) -> Profile:
    """A YAML mapping of Profile's names; raises ConfigError with every complaint."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            "读取沙箱平台配置", fix="检查文件是否存在、是否为 UTF-8 编码的 YAML", file=str(path)
        ) from error
    known = {f.name: type(f.default) for f in fields(Profile)}
    complaints = []
    if not isinstance(values, dict):
        values, complaints = {}, ["应写成“名称: 值”的形式"]
    for name, value in values.items():
        if name not in known:
            complaints.append(f"没有配置项 {name}，可用：{'、'.join(known)}")
        elif name in _CHOICES and value not in _CHOICES[name]:
            complaints.append(f"{name} 只能是 {'、'.join(_CHOICES[name])}")
        elif type(value) is not known[name] or (isinstance(value, int) and value < 0):
            complaints.append(f"{name} 应为{'不小于 0 的整数' if known[name] is int else '文本'}")
    if complaints:
        raise ConfigError("读取沙箱平台配置", fix="；".join(complaints), file=str(path))
    return Profile(**values)
