"""The standard's field list, read straight from the raw CSV: names, order, requiredness, keys. No parser of formats."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

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
    confidence: str


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
                row["name"],
                row["type"],
                row["format"],
                row["required"],
                row["key"],
                row["code_system"],
                row["confidence"],
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
def may_be_absent(table: str) -> frozenset[str]:
    """Required fields of which the table's rules.yaml says that a record without them may be right all the same."""
    page = yaml.safe_load((_EDITION / "tables" / table / "rules.yaml").read_text(encoding="utf-8"))
    return frozenset(name for names in (page.get("may_be_absent") or {}).values() for name in names)


def is_missed(table: str, name: str) -> bool:
    """Whether a record without this field is held, and does not travel with a warning."""
    field = standard_table(table).fields[name]
    if field.required != "R":
        return False
    identifies = field.key == "PK" or field.key.startswith("FK:") or name in ("created_at", "updated_at")
    return identifies or (field.confidence == "A" and name not in may_be_absent(table))


@cache
def _closed_sets() -> frozenset[str]:
    with (_EDITION / "value_sets.csv").open(encoding="utf-8-sig", newline="") as file:
        return frozenset(
            row["id"] for row in csv.DictReader(file) if row["complete"] == "yes" and row["standard"]
        )


def is_closed(set_id: str) -> bool:
    """Whether a code outside the list holds a record: the list is complete and a document closes it."""
    return set_id in _closed_sets()


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
