"""Settings of `type: sql_query` and what may be shown of its URL."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


class SqlQuerySettings(BaseModel):
    """A database that is read with SELECTs.

    url                  SQLAlchemy URL: sqlite, postgresql, mariadb/mysql; oracle, mssql, dm, odbc untested on servers
    statement_timeout_s  the database ends a statement after this long
    rows_max             rows a batch at most; a route's plan may ask for fewer
    fast_path            auto: columnar driver where one has passed the exercise suite; off: the plain driver
    schema_name          first schema of the search path (PostgreSQL), or current schema (Oracle, dm)
    session_sql          statements run once on each new connection, after ours
    lookup_rows_max      a look-up table with more rows is refused
    integer_time         what a whole-number changed_at means; a sequence has no time, so overlap and window are numbers
    oracle_client_dir    folder of an Oracle client: thick mode, needed for 11g; absent: thin mode
    page_form            how an `odbc` database limits rows
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["sql_query"] = "sql_query"
    name: str
    campus: str
    url: SecretStr
    statement_timeout_s: float = Field(default=60.0, gt=0)
    connect_timeout_s: float = Field(default=10.0, gt=0)
    rows_max: int = Field(default=5000, ge=1, le=100_000)
    fast_path: Literal["auto", "off"] = "auto"
    schema_name: str | None = None
    session_sql: tuple[str, ...] = ()
    lookup_rows_max: int = Field(default=2_000_000, ge=1)
    integer_time: Literal["sequence", "epoch_s", "epoch_ms"] = "sequence"
    integer_overlap: int = Field(default=0, ge=0)
    integer_window: int = Field(default=0, ge=0)
    oracle_client_dir: str | None = None
    page_form: Literal["limit", "top", "fetch"] = "limit"

    @field_validator("url")
    @classmethod
    def _a_url(cls, value: SecretStr) -> SecretStr:
        try:
            make_url(value.get_secret_value())
        except (ArgumentError, ValueError):
            # The text may hold a password, so it is not repeated.
            raise ValueError("不是有效的数据库 URL，应形如 postgresql://用户:口令@主机:5432/库名") from None
        return value

    @property
    def parsed_url(self) -> URL:
        return make_url(self.url.get_secret_value())

    @property
    def shown_url(self) -> str:
        """Where, without who and with which secret: the query part may hold passwords too and is left out."""
        url = self.parsed_url
        place = f"{url.host}:{url.port}" if url.port else (url.host or "")
        return f"{url.get_backend_name()}://{place}/{url.database or ''}"
