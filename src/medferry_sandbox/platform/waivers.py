"""The platform's own reader of a project's waivers file: fields whose requiredness it lifts for this
hospital.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from medferry.errors import ConfigError
from medferry_sandbox.platform.standard import Standard

NEVER_WAIVED = frozenset(
    {"org_code", "created_at", "updated_at"}
)  # whose a record is and which version of it


def read_waivers(path: Path, standard: Standard) -> frozenset[tuple[str, str]]:
    """A YAML list of {table, field, reason} -> the (table, field) pairs; raises ConfigError with every
    complaint.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            "读取豁免文件", fix="检查文件是否存在、是否为 UTF-8 编码的 YAML", file=str(path)
        ) from error
    if not isinstance(entries, list):
        raise ConfigError("读取豁免文件", fix="写成列表，每项有 table、field、reason", file=str(path))
    waived: set[tuple[str, str]] = set()
    complaints: list[str] = []
    for position, entry in enumerate(entries, start=1):
        complaint = _complaint(entry, standard)
        if complaint:
            complaints.append(f"第 {position} 项{complaint}")
        else:
            waived.add((entry["table"], entry["field"]))
    if complaints:
        raise ConfigError(
            "读取豁免文件", fix="；".join(complaints), file=str(path), complaints=len(complaints)
        )
    return frozenset(waived)


def _complaint(entry: object, standard: Standard) -> str:
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(n), str) for n in ("table", "field", "reason")
    ):
        return "须有 table、field、reason 三项文字"
    if entry["table"] not in standard.table_names:
        return f"的表 {entry['table']} 不在标准内"
    table = standard.table(entry["table"])
    if entry["field"] not in table.by_name:
        return f"的字段 {entry['table']}.{entry['field']} 不在标准内"
    if entry["field"] in NEVER_WAIVED or entry["field"] == table.key_field:
        return f"的字段 {entry['field']} 不能豁免"
    return ""
