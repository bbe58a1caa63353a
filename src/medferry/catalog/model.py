"""The standard as the program sees it: tables, fields, formats, value sets. `load` builds, everyone reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal, Protocol

from medferry.catalog.valid_codes import ValidCodes

NOT_SENT = "-"  # in place of a field's name on the wire


class FormatKind(StrEnum):
    """What kind of text a WS format allows (WS/T 363: 数据元值的表示格式)."""

    ALNUM = "AN"  # any characters
    ALPHA = "A"  # letters, Chinese included; platforms tolerate anything but digits, see checks
    NUMBER = "N"  # digits: a code when the type is string or code, a number when decimal or integer
    DATE = "D8"  # YYYYMMDD
    TIME = "T6"  # hhmmss
    DATETIME = "DT15"  # YYYYMMDDThhmmss
    LOGICAL = "L"  # T or F
    TEXT = "text"  # any characters, no limit


@dataclass(frozen=True, slots=True)
class Format:
    """A WS format taken apart.

    text        as written: AN..50, N..10,2, D8
    length_min  characters; equal to length_max for fixed lengths, 0 for `..`
    length_max  characters of text, digits in all (no point, no sign) of numbers; None without limit
    scale       digits after the point; 0 unless written
    """

    text: str
    kind: FormatKind
    length_min: int
    length_max: int | None
    scale: int = 0

    def __str__(self) -> str:
        """The WS notation, put together from the parts."""
        if self.kind.value not in ("AN", "A", "N"):
            return self.kind.value
        up_to = "" if self.length_min == self.length_max else ".."
        return f"{self.kind.value}{up_to}{self.length_max}" + (f",{self.scale}" if self.scale else "")


class KeyKind(StrEnum):
    PRIMARY = "PK"
    PARENT = "FK"  # the parent must be accepted first
    DIRECTORY = "REF"  # should exist; a warning, never a reason to wait


@dataclass(frozen=True, slots=True)
class Key:
    """PK, or a pointer to `table.column` of the same organisation."""

    kind: KeyKind
    table: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table's fields.csv.

    value_set  the list that codes are translated into; its codes are valid, and what it says is valid beside them
    more_sets  lists whose codes the field's words allow as well: a country where a division is asked for
    many       signs that part several values in one field; empty where it holds one
    wire_name  what the platform calls it, in the platform's own writing; "" as `name`; "-" it is not sent at all
    """

    table: str
    seq: int
    name: str
    name_zh: str
    type: Literal["string", "code", "text", "boolean", "integer", "decimal", "date", "datetime"]
    format: Format
    required: Literal["R", "C", "O"]
    key: Key | None
    value_set: str | None
    element_id: str | None
    description_zh: str
    source: str
    confidence: Literal["A", "B", "C"]
    more_sets: tuple[str, ...] = ()
    many: str = ""
    wire_name: str = ""

    @property
    def wire(self) -> str | None:
        """Its name on the wire; None where it is not sent: kept and used here alone."""
        return None if self.wire_name == NOT_SENT else self.wire_name or self.name

    @property
    def value_sets(self) -> tuple[str, ...]:
        """Every list whose codes may stand in it."""
        return (self.value_set, *self.more_sets) if self.value_set else ()

    @property
    def assumed(self) -> bool:
        """依据待确认: not read in a public document."""
        return self.confidence != "A"


@dataclass(frozen=True)
class Table:
    """One standard table; its own key is (org_code, key_field).

    edition    the ledger's name of the edition it was read from: jiangxi, jiangxi+2026
    wire_name  what the platform calls it, in the platform's own writing; "" as `name`
    """

    no: int
    name: str
    title_zh: str
    category_zh: str
    dataset_code: str | None
    dataset_zh: str
    group: str
    tier: int
    fields: tuple[Field, ...]
    note_zh: str = ""
    edition: str = ""
    wire_name: str = ""

    @property
    def wire(self) -> str:
        """What the platform calls it."""
        return self.wire_name or self.name

    @cached_property
    def wire_names(self) -> Mapping[str, str | None]:
        """Fields that the platform calls otherwise, or that are not sent (None); nearly always none."""
        return {one.name: one.wire for one in self.fields if one.wire != one.name}

    @property
    def assumed(self) -> bool:
        """依据待确认: the platform's list leaves out its name or its dataset code; `note_zh` says which."""
        return bool(self.note_zh)

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def key_field(self) -> str:
        """The primary key column beside org_code."""
        primary = [f.name for f in self.fields if f.key and f.key.kind is KeyKind.PRIMARY]
        own = [name for name in primary if name != "org_code"]
        assert len(own) == 1, f"{self.name} has key columns {own}"
        return own[0]

    @cached_property
    def parents(self) -> tuple[Field, ...]:
        """Fields that name a parent record (FK)."""
        return tuple(f for f in self.fields if f.key and f.key.kind is KeyKind.PARENT)

    @cached_property
    def prefixed(self) -> tuple[str, ...]:
        """Columns that carry a campus prefix when campuses share an org_code: PK, FK, REF, never org_code."""
        return tuple(f.name for f in self.fields if f.key and f.name != "org_code")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a table in words; (table, rule_id) is its key."""

    table: str
    rule_id: str
    scope: str
    expression_zh: str
    severity: Literal["error", "warning"]
    source: str


class ValueSet(Protocol):
    """A list of codes. An open one has no list of its own; a closed one is complete and says by which document: only a
    code outside a closed one may hold a row. `valid_ids`: the lists whose codes are valid here, the one to look in first.
    """

    @property
    def id(self) -> str: ...
    @property
    def title_zh(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def is_closed(self) -> bool: ...
    @property
    def codes(self) -> frozenset[str]: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def valid_ids(self) -> tuple[str, ...]: ...
    @property
    def valid(self) -> ValidCodes: ...


class Catalog(Protocol):
    """An edition of the standard. Everything is read on first use."""

    @property
    def edition(self) -> str: ...
    @property
    def table_names(self) -> tuple[str, ...]: ...
    def table(self, name: str) -> Table: ...
    def value_set(self, set_id: str) -> ValueSet: ...
