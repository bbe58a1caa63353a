"""What PostgreSQL's catalogs say of an account and of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg

from medferry.records import ProbeFinding
from medferry.sources.sql_query.driver import PlanView

_WRITABLE = """
SELECT n.nspname || '.' || c.relname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
ORDER BY 1
"""
_CREATABLE = """
SELECT nspname FROM pg_catalog.pg_namespace
WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(oid, 'CREATE') ORDER BY 1
"""
_FIX = "请管理员新建只有 CONNECT、USAGE、SELECT 权限的账号"


def account_of(rows: Callable[[str], list[tuple[Any, ...]]]) -> ProbeFinding:
    """By the catalog's privileges, roles included; nothing is tried on the hospital's tables."""
    if rows("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")[0][0]:
        return ProbeFinding("只读", False, "账号是超级用户，可以写任何表（本程序的事务已设为只读）", _FIX)
    tables = [row[0] for row in rows(_WRITABLE)]
    if tables:
        shown = "、".join(tables[:3])
        return ProbeFinding("只读", False, f"账号可以写 {len(tables)} 张表，如 {shown}", _FIX)
    schemas = [row[0] for row in rows(_CREATABLE)]
    if schemas:
        return ProbeFinding("只读", False, f"账号可以在模式 {'、'.join(schemas[:3])} 中建表", _FIX)
    return ProbeFinding("只读", True, "账号对任何表都没有写权限，事务也是只读的")


def plan_of(
    connection: psycopg.Connection[tuple[Any, ...]], text: str, values: Mapping[str, object]
) -> PlanView:
    """Twice: as it would run, and with sorting and full scans forbidden, to see whether an index could give the order."""
    explained = f"EXPLAIN (FORMAT JSON) {text}".encode()
    with connection.transaction():
        usual = list(_nodes(_first(connection, explained, values)))
    with connection.transaction():
        connection.execute("SET LOCAL enable_seqscan = off")
        connection.execute("SET LOCAL enable_sort = off")
        connection.execute("SET LOCAL enable_incremental_sort = off")
        forced = list(_nodes(_first(connection, explained, values)))
    scans = [node["Relation Name"] for node in usual if node["Node Type"] == "Seq Scan"]
    counts = {name: _rows_in(connection, name) for name in scans}
    sorts = any("Sort" in node["Node Type"] for node in forced)
    parts = [
        " ".join(filter(None, (n["Node Type"], n.get("Relation Name"), n.get("Index Name")))) for n in usual
    ]
    return PlanView(counts, sorts, " ← ".join(parts))


def _first(
    connection: psycopg.Connection[tuple[Any, ...]], sql: bytes, values: Mapping[str, object]
) -> dict[str, Any]:
    row = connection.execute(sql, values).fetchone()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows_in(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> int:
    row = connection.execute(
        "SELECT max(reltuples)::bigint FROM pg_catalog.pg_class WHERE relname = %s AND relkind IN ('r', 'p')",
        (table,),
    ).fetchone()
    return max(0, int(row[0] or 0)) if row else 0
