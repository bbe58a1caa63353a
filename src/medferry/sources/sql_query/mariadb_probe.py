"""What MariaDB and MySQL say of an account and of a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from medferry.records import ProbeFinding
from medferry.sources.sql_query.driver import PlanView

_HARMLESS = {
    "USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES", "PROCESS", "REPLICATION CLIENT", "BINLOG MONITOR",
    "SHOW_ROUTINE", "LOCK TABLES",
}  # fmt: skip
_FIX = "请管理员新建只有 SELECT 权限的账号"


def account_of(grants: Sequence[str]) -> ProbeFinding:
    """SHOW GRANTS, read for privileges only: its lines hold the password's hash and are never shown."""
    writing: set[str] = set()
    roles = 0
    for line in grants:
        found = re.match(r"GRANT (.+?) ON (\S+) TO ", line)
        if found is None:
            roles += line.startswith("GRANT ")
            continue
        names = {part.strip() for part in re.sub(r"\([^)]*\)", "", found[1]).split(",")}
        writing |= {f"{name}（{found[2]}）" for name in names - _HARMLESS}
        if "WITH GRANT OPTION" in line:
            writing.add(f"GRANT OPTION（{found[2]}）")
    if writing:
        shown = "、".join(sorted(writing)[:3])
        return ProbeFinding("只读", False, f"账号有写权限：{shown}（本程序的事务已设为只读）", _FIX)
    if roles:
        return ProbeFinding("只读", False, f"账号有 {roles} 个角色，角色的权限无法核实", _FIX)
    return ProbeFinding("只读", True, "账号只有读权限，事务也是只读的")


def plan_of(rows: Sequence[Mapping[str, object]]) -> PlanView:
    """The classic EXPLAIN. `rows` of derived tables (`<derived2>`) are not tables of the hospital."""
    scans: dict[str, int] = {}
    sorts = False
    parts = []
    for row in rows:
        table, kind, extra = (_text(row.get(name)) for name in ("table", "type", "Extra"))
        sorts = sorts or "filesort" in extra
        if kind == "ALL" and table and not table.startswith("<"):
            scans[table] = int(_text(row.get("rows")) or 0)
        parts.append(" ".join(filter(None, (table, kind, _text(row.get("key")), extra))))
    return PlanView(scans, sorts, " ← ".join(parts))


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.decode() if isinstance(value, bytes) else str(value)
