"""A catalog of a few fields, written down in the test that needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from medferry.catalog.formats import parse_format
from medferry.catalog.model import Field, Key, KeyKind, Table
from medferry.catalog.scales import Scale
from medferry.catalog.valid_codes import ValidCodes
from medferry.records import StandardBatch

ORG = "12360100A00000001X"
TIME = "20260115T081000"


@dataclass(frozen=True)
class SmallValueSet:
    id: str
    codes: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    title_zh: str = ""

    @property
    def is_open(self) -> bool:
        return not self.codes

    @property
    def is_closed(self) -> bool:
        return bool(self.codes) and not self.id.startswith("open-ended")

    @property
    def valid(self) -> ValidCodes:
        return ValidCodes(self.codes)


@dataclass(frozen=True)
class SmallCatalog:
    sets: Mapping[str, Sequence[str]]
    tables: Mapping[str, Table] = field(default_factory=dict)
    edition: str = "test"
    scales: Mapping[str, Scale] = field(default_factory=dict)

    @property
    def table_names(self) -> tuple[str, ...]:
        return tuple(self.tables)

    def table(self, name: str) -> Table:
        return self.tables[name]

    def value_set(self, set_id: str) -> SmallValueSet:
        return SmallValueSet(set_id, frozenset(self.sets[set_id]))


def field_of(name: str, **words: str) -> Field:
    """Words as in fields.csv: type, format, required, value_set, description_zh, name_zh."""
    key = Key(KeyKind.PRIMARY) if words.get("key") == "PK" else None
    return Field(
        table="t", seq=1, name=name, name_zh=words.get("name_zh", name), type=words.get("type", "string"),
        format=parse_format(words.get("format", "AN..64")), required=words.get("required", "O"), key=key,
        value_set=words.get("value_set"), element_id=None, description_zh=words.get("description_zh", ""),
        source="", confidence="A",
    )  # fmt: skip


def table_of(*fields: Field) -> Table:
    """A table with its keys and times around the fields given."""
    before = (field_of("org_code", key="PK", required="R"), field_of("k", key="PK", required="R"))
    times = tuple(
        field_of(n, type="datetime", format="DT15", required="R") for n in ("created_at", "updated_at")
    )
    return Table(1, "t", "测试", "", None, "", "", 0, (*before, *fields, *times))


def batch_of(table: Table, columns: Mapping[str, Sequence[str | None]]) -> StandardBatch:
    """Rows with these columns, sound keys and times unless given, nulls elsewhere."""
    rows = len(next(iter(columns.values())))
    given: dict[str, Sequence[str | None]] = {
        "org_code": [ORG] * rows,
        table.key_field: [f"K{n}" for n in range(rows)],
        "created_at": [TIME] * rows,
        "updated_at": [TIME] * rows,
        **columns,
    }
    frame = pl.DataFrame(
        {name: given.get(name, [None] * rows) for name in table.field_names},
        schema=dict.fromkeys(table.field_names, pl.String),
    )
    miss = pl.Series("lookup_miss", [False] * rows, dtype=pl.Boolean)
    return StandardBatch(
        table.name, "donghu", "r", frame, pl.Series("origin", range(rows), dtype=pl.UInt32), miss
    )
