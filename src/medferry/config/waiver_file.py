"""waivers.yaml: a list of {table, field, reason}."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.model import Catalog, KeyKind
from medferry.config.model import Waiver
from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Listing, Scalar, read_yaml
from medferry.config.text_file import is_there

_BLANK_MAX = 1_000  # bytes of a file that may be blank
NEVER_WAIVED = ("created_at", "updated_at")
KEYS = ("table", "field", "reason")


def read_waivers(
    folder: Path, environ: Mapping[str, str], catalog: Catalog, reading: NodeReader
) -> tuple[Waiver, ...]:
    """All waivers; a project without the file has none."""
    path = folder / "waivers.yaml"
    if not is_there(path) or (
        path.is_file() and path.stat().st_size < _BLANK_MAX and not path.read_bytes().strip()
    ):
        return ()
    node = read_yaml(path, "waivers.yaml", environ, reading.complaints)
    if node is None:
        return ()
    if not isinstance(node, Listing):
        reading.complaints.error(
            node.place, "豁免清单应为列表", expected="- {table: 表, field: 字段, reason: 理由}"
        )
        return ()
    found: dict[tuple[str, str], Waiver] = {}
    for item in node.items:
        entries = reading.block(item, "豁免", KEYS, required=KEYS)
        if set(entries) != set(KEYS):
            continue
        named = [node.text for key in KEYS[:2] if isinstance(node := entries[key].value, Scalar)]
        if isinstance(catalog, SwitchedCatalog) and len(named) == 2 and _is_other(catalog, *named):
            continue
        table = reading.one_of(entries["table"].value, "标准表", catalog.table_names)
        reason = reading.text(entries["reason"].value, "豁免理由 reason")
        if table is None or reason is None:
            continue
        name = reading.one_of(entries["field"].value, f"{table} 的字段", catalog.table(table).field_names)
        if name is None:
            continue
        place = entries["field"].value.place
        field = catalog.table(table).by_name[name]
        if field.key and field.key.kind is KeyKind.PRIMARY:
            reading.complaints.error(place, f"主键 {table}.{name} 不能豁免")
        elif name in NEVER_WAIVED:
            reading.complaints.error(place, f"{table}.{name} 不能豁免", fix="没有记录时间就分辨不出新旧")
        elif (table, name) in found:
            reading.complaints.error(place, f"{table}.{name} 重复豁免", fix="删去其中一处")
        else:
            found[table, name] = Waiver(table, name, reason)
    return tuple(found.values())


def _is_other(catalog: SwitchedCatalog, table: str, name: str) -> bool:
    """Of two editions side by side only the one not in force has the field."""
    today = table in catalog.table_names and name in catalog.table(table).by_name
    return not today and catalog.knows(table, name)
