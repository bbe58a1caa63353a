"""The standard's field list, read straight from the raw CSV: names, order, requiredness, keys. No parser of formats."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import medferry

_EDITION = Path(medferry.__file__).resolve().parent / "catalog" / "jiangxi"


@dataclass(frozen=True, slots=True)
class StandardField:
    """One line of fields.csv as written."""

    name: str
    type: str
    format: str
    required: str
    key: str
    value_set: str


@dataclass(frozen=True)
class StandardTable:
    """Fields in order, with what the truth needs of them.

    key       the table's own key column beside org_code
    parents   field -> parent table, for FK fields
    prefixed  fields that carry the campus prefix: PK, FK and REF, never org_code
    """

    name: str
    fields: dict[str, StandardField]
    key: str
    parents: dict[str, str]
    prefixed: frozenset[str]


@cache
def standard_table(name: str) -> StandardTable:
    """Raises FileNotFoundError for a table the edition does not have."""
    path = _EDITION / "tables" / name / "fields.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        fields = {
            row["name"]: StandardField(
                row["name"], row["type"], row["format"], row["required"], row["key"], row["code_system"]
            )
            for row in csv.DictReader(file)
        }
    own = [field.name for field in fields.values() if field.key == "PK" and field.name != "org_code"]
    assert len(own) == 1, f"{name}: key columns {own}"
    parents = {
        field.name: field.key.removeprefix("FK:").split(".")[0]
        for field in fields.values()
        if field.key.startswith("FK:")
    }
    prefixed = frozenset(field.name for field in fields.values() if field.key and field.name != "org_code")
    return StandardTable(name, fields, own[0], parents, prefixed)


@cache
def standard_tables() -> tuple[str, ...]:
    """The 63 table names."""
    return tuple(sorted(path.name for path in (_EDITION / "tables").iterdir() if path.is_dir()))


@cache
def value_set(set_id: str) -> dict[str, str]:
    """code -> name; empty for an open set. A field that takes several lists, parted by semicolons: of all of them."""
    if ";" in set_id:
        return {
            code: name
            for part in reversed(set_id.split(";"))
            for code, name in value_set(part.strip()).items()
        }
    path = _EDITION / "value_sets" / (set_id.replace("/", "_").replace(" ", "_") + ".csv")
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row["name_zh"] for row in csv.DictReader(file)}
