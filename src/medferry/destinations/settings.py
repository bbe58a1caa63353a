"""What a project writes under `destination:` when its type is rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who sends. org_codes: of all campuses, the main one first; branch_codes: campus -> platform's code."""

    org_codes: tuple[str, ...]
    branch_codes: Mapping[str, str] = field(default_factory=dict)

    def org_code_of(self, message_id: str) -> str:
        """The organisation of a message, whose code begins its id; the main one where none fits."""
        fitting = [code for code in self.org_codes if message_id.startswith(code)]
        return max(fitting, key=len, default=self.org_codes[0])


class RestSettings(BaseModel):
    """url without the profile's base path; profile: a dialect of one's own, else the one of the catalog."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["rest"] = "rest"
    url: str
    app_key: str = Field(min_length=1)
    app_secret: SecretStr = Field(min_length=1)
    profile: Path | None = None
    in_flight_max: int = Field(default=8, ge=1, le=512)
    connect_timeout_s: float = Field(default=5, gt=0)
    read_timeout_s: float = Field(default=30, gt=0)
    answer_timeout_s: float = Field(default=120, gt=0)
    retry_after_s_max: float = Field(default=3600, gt=0)
    reply_bytes_max: int = Field(default=32_000_000, gt=0)
    ca_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _http_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("应为 http:// 或 https:// 开头的平台地址")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("地址里不要写账号、查询参数或 #")
        return url.rstrip("/")
