"""Source `sql_query`: any database with a SQLAlchemy URL."""

from medferry.sources.sql_query.settings import SqlQuerySettings
from medferry.sources.sql_query.sql_query import PathUsed, SqlQuery

__all__ = ["PathUsed", "SqlQuery", "SqlQuerySettings"]
