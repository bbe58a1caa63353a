"""Settings of `type: rest`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from medferry.destinations.destination import Destination
from medferry.destinations.settings import DestinationSettings, DestinationTools
from medferry.members import ProjectFile, Secret


class RestSettings(DestinationSettings):
    """A platform that takes JSON over HTTP."""

    title_zh: ClassVar[str] = "HTTP 上的 JSON，每次调用带令牌与签名"

    type: Literal["rest"] = "rest"
    url: str = Field(description="平台地址，`http://` 或 `https://` 开头，不含方言里的基础路径")
    app_key: str = Field(min_length=1, description="平台发的应用编号")
    app_secret: Annotated[SecretStr, Secret()] = Field(min_length=1, description="平台发的口令，用于签名")
    connect_timeout_s: float = Field(5, gt=0, description="连接的秒数")
    read_timeout_s: float = Field(30, gt=0, description="应答中静默的秒数")
    answer_timeout_s: float = Field(120, gt=0, description="整个应答的秒数")
    retry_after_s_max: float = Field(3600, gt=0, description="平台说请等时，最多等的秒数")
    reply_bytes_max: int = Field(32_000_000, gt=0, description="一份应答最多几字节")
    ca_file: ProjectFile | None = Field(None, description="平台用自签证书时，其 CA 证书文件")

    @field_validator("url")
    @classmethod
    def _http_address(cls, url: str) -> str:
        parts = urlsplit(url)
        with_more = parts.username or parts.password or parts.query or parts.fragment
        if parts.scheme not in ("http", "https") or not parts.hostname or with_more:
            raise ValueError("不是平台地址：应以 http:// 或 https:// 开头，不含账号、查询参数与 #")
        return url.rstrip("/")

    def open(self, tools: DestinationTools) -> Destination:
        """See DestinationSettings."""
        from medferry.catalog.platform.profile import load_profile
        from medferry.destinations.rest import Rest

        return Rest(self, load_profile(self.profile), tools.clock, tools.crypto, addresses=tools.addresses)
