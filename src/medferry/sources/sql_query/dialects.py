"""Dialects that SQLAlchemy has not: 达梦 by dmPython, and any database with an ODBC driver (Caché, 人大金仓 …).

Only what a SELECT needs. Their SQL is compiled in tests; no server of theirs has been tried. 未在真实服务器上测试。
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from sqlalchemy.connectors.pyodbc import PyODBCConnector
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.default import DefaultDialect


class DmDialect(DefaultDialect):
    """达梦 8 and later: double quotes, LIMIT, question marks."""

    name = "dm"
    driver = "dmpython"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    supports_native_boolean = False

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        import importlib

        return importlib.import_module("dmPython")

    def create_connect_args(self, url: URL) -> tuple[list[Any], dict[str, Any]]:
        arguments = {
            "user": url.username,
            "password": url.password,
            "server": url.host,
            "port": url.port or 5236,
        }
        return [], {name: value for name, value in arguments.items() if value is not None}


class OdbcDialect(PyODBCConnector, DefaultDialect):
    """Whatever the ODBC driver speaks: double quotes, question marks; rows are limited as `page_form` says."""

    name = "odbc"
    default_paramstyle = "qmark"
    supports_statement_cache = True


def register() -> None:
    """Makes `dm://` and `odbc://` known to SQLAlchemy."""
    registry.register("dm", __name__, "DmDialect")
    registry.register("odbc", __name__, "OdbcDialect")
