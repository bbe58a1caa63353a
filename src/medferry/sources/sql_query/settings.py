"""Settings of `type: sql_query` and what may be shown of its URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from medferry.members import Secret, Texts, project_folder
from medferry.sources.settings import SourceSettings, SourceTools
from medferry.sources.source import Source

KNOWN_BACKENDS = ("sqlite", "postgresql", "postgres", "mysql", "mariadb", "oracle", "mssql", "dm", "odbc")


def _has_password(url: str) -> bool:
    try:
        return bool(make_url(url).password)
    except (ArgumentError, ValueError):
        return False


class SqlQuerySettings(SourceSettings):
    """A database that is read with SELECTs."""

    title_zh: ClassVar[str] = "数据库，用 SELECT 分页只读"
    earlier: ClassVar[Mapping[str, str]] = {"frame_rows_max": "lookup_rows_max"}

    type: Literal["sql_query"] = "sql_query"
    url: Annotated[SecretStr, Secret(_has_password)] = Field(
        description="数据库地址，写法见 [project.md](project.md)；相对的 SQLite 路径从项目目录算起"
    )
    statement_timeout_s: float = Field(60.0, gt=0, description="数据库到这么多秒就中止语句")
    connect_timeout_s: float = Field(10.0, gt=0, description="连接的秒数")
    fast_path: Literal["auto", "off"] = Field(
        "auto", description="auto：有列式驱动且能证明读全时用它；off：只用普通驱动"
    )
    schema_name: str | None = Field(None, description="PostgreSQL 的首个模式，Oracle、达梦的当前模式")
    session_sql: Texts = Field((), description="新连接上先执行的语句，在程序自己的之后")
    lookup_rows_max: int = Field(2_000_000, ge=1, description="对照表超过这么多行就拒绝")
    integer_time: Literal["sequence", "epoch_s", "epoch_ms", "compact"] = Field(
        "sequence",
        description="`changed_at` 是整数时的意思：sequence 序列号、epoch_s 秒、epoch_ms 毫秒、compact 如 20260115082941",
    )
    integer_overlap: int = Field(0, ge=0, description="`changed_at` 是序列号时，每次回头重读多少号")
    integer_window: int = Field(0, ge=0, description="`changed_at` 是序列号时，重读最近多少号")
    oracle_client_dir: str | None = Field(
        None, description="Oracle 客户端目录：厚模式，11g 需要；不写用瘦模式"
    )
    page_form: Literal["limit", "top", "fetch"] = Field("limit", description="ODBC 数据库限制行数的写法")

    @field_validator("url")
    @classmethod
    def _a_url(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        text = value.get_secret_value()
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            # The text may hold a password, so it is not repeated.
            raise ValueError(
                "不是有效的数据库 URL，应形如 postgresql://用户:口令@主机:5432/库名 或 sqlite:///run/his.sqlite"
            ) from None
        backend = url.get_backend_name()
        if backend not in KNOWN_BACKENDS:
            raise ValueError(f"不认识的数据库类型 {backend[:20]}，可用：{'、'.join(KNOWN_BACKENDS)}")
        if backend != "sqlite" and re.search(r"[@#?\s]", f"{url.host or ''}{url.database or ''}"):
            # A piece of the password stands where the host should: it is not repeated either.
            raise ValueError(
                "用户或口令里的特殊字符要按 URL 编码：@ 写 %40，# 写 %23，: 写 %3A，/ 写 %2F，? 写 %3F，% 写 %25，空格写 %20"
            )
        folder, head = project_folder(info), "sqlite:///"
        path = text.removeprefix(head)
        if folder is None or path in ("", text, ":memory:") or path.startswith("/"):
            return value
        return SecretStr(f"{head}{(folder / path).resolve()}")

    @property
    def parsed_url(self) -> URL:
        return make_url(self.url.get_secret_value())

    @property
    def shown_url(self) -> str:
        """Where, without who and with which secret: the query part may hold passwords too and is left out."""
        url = self.parsed_url
        place = f"{url.host}:{url.port}" if url.port else (url.host or "")
        return f"{url.get_backend_name()}://{place}/{url.database or ''}"

    def wrong_query(self, query: str) -> tuple[str, str] | None:
        """See SourceSettings: one SELECT that only reads, in the database's own dialect."""
        from medferry.sources.one_select import not_one_select

        wrong = not_one_select(query, self.parsed_url.get_backend_name())
        return (wrong, "每个文件只写一条 SELECT（或 WITH … SELECT），只读不写") if wrong else None

    def open(self, tools: SourceTools) -> Source:
        """See SourceSettings."""
        from medferry.sources.sql_query.sql_query import SqlQuery

        return SqlQuery(self, tools.clock)
