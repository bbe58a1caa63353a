"""The standard's CSV files as the platform reads them: raw rows, one small object per table, each read when
first asked for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

import medferry
from medferry.errors import CatalogError
from medferry_sandbox.platform.holding import Severities, holding_of, needed_of

DEFAULT_FOLDER = Path(medferry.__file__).resolve().parent / "catalog" / "jiangxi"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One line of a table's fields.csv, as written; see the standard's README for the columns."""

    name: str
    name_zh: str
    type: str
    format: str
    required: str
    key: str
    code_system: str
    description_zh: str
    many: str = ""
    confidence: str = "A"
    wire_name: str = ""

    @property
    def wire(self) -> str:
        """As records name it; "" where no record carries it."""
        return "" if self.wire_name == "-" else self.wire_name or self.name

    @property
    def points_to(self) -> tuple[str, str] | None:
        """(kind, table) of an FK or REF; the column pointed to is always the other table's own key."""
        kind, _, target = self.key.partition(":")
        return (kind, target.partition(".")[0]) if target else None


@dataclass(frozen=True)
class TableWords:
    """One standard table: its line in tables.csv and its fields in order."""

    name: str
    title_zh: str
    category_zh: str
    dataset_code: str
    fields: tuple[FieldWords, ...]
    wire_name: str = ""

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Name in a record -> our name, of the fields that records name otherwise than we do."""
        return {f.wire: f.name for f in self.fields if f.wire != f.name and f.wire}

    @cached_property
    def not_sent(self) -> frozenset[str]:
        """Fields that no record carries: the platform knows them by itself, or not at all."""
        return frozenset(f.name for f in self.fields if not f.wire)

    def wire_of(self, name: str) -> str:
        """How an answer names a field."""
        field = self.by_name.get(name)
        return field.wire or name if field else name

    @cached_property
    def key_field(self) -> str:
        """The primary key column beside org_code."""
        own = [f.name for f in self.fields if f.key == "PK" and f.name != "org_code"]
        assert len(own) == 1, f"{self.name} has key columns {own}"
        return own[0]

    @cached_property
    def pointers(self) -> tuple[tuple[str, str, str], ...]:
        """(FK or REF, table pointed to, field) of each pointing field."""
        return tuple((f.points_to[0], f.points_to[1], f.name) for f in self.fields if f.points_to)

    @cached_property
    def by_name(self) -> Mapping[str, FieldWords]:
        return {field.name: field for field in self.fields}


@dataclass(frozen=True, slots=True)
class Accepted:
    """Codes that a field takes. lookalikes: a shape, how many characters at its front must be a known code's, and those."""

    known: frozenset[str]
    lookalikes: tuple[tuple[re.Pattern[str], int, set[str]], ...]

    def lists(self, code: str) -> bool:
        return code in self.known

    def takes(self, code: str) -> bool:
        return code in self.known or any(
            shape.fullmatch(code) and code[:places] in fronts for shape, places, fronts in self.lookalikes
        )


class Standard:
    """Reads tables.csv, tables/<table>/{fields,rules}.csv, value_sets.csv, value_sets/<id>.csv lazily."""

    def __init__(
        self,
        folders: tuple[Path, ...] = (DEFAULT_FOLDER,),
        instead: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """folders: an edition's, each laid over the next: its files in place of the next one's, its lines of the two lists
        of tables and value sets in place of those of the same name.
        instead: list -> the lists that are valid in its place, as a hospital agreed it.
        """
        self._folders = folders
        self._instead = dict(instead or {})
        self.table = cache(self._read_table)
        self.codes = cache(self._read_codes)
        self.names = cache(self._read_names)
        self.accepted = cache(self._read_accepted)
        self.severities = cache(self._read_severities)
        self.needed = cache(self._read_needed)
        self._page = cache(self._read_page)

    def agreed(self, instead: Mapping[str, tuple[str, ...]]) -> Standard:
        """The same, where these lists are valid in place of others."""
        return Standard(self._folders, {**self._instead, **instead})

    @property
    def is_as_shipped(self) -> bool:
        return self._folders == (DEFAULT_FOLDER,) and not self._instead

    def has_list(self, set_id: str) -> bool:
        return set_id in self._set_lines

    @cached_property
    def _table_lines(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        for folder in reversed(self._folders):
            for gone in self._lines_in(folder, "removed_tables.csv"):
                found.pop(gone["table"], None)
            found |= {line["table"]: line for line in self._lines_in(folder, "tables.csv")}
        return found

    @cached_property
    def _ours_of_wire(self) -> Mapping[str, str]:
        return {line.get("wire_name") or name: name for name, line in self._table_lines.items()}

    def table_called(self, wire: str) -> str | None:
        """Our name of a table that callers name so."""
        return self._ours_of_wire.get(wire)

    @property
    def table_names(self) -> tuple[str, ...]:
        return tuple(self._table_lines)

    def _read_table(self, name: str) -> TableWords:
        line = self._table_lines[name]
        fields = tuple(
            FieldWords(
                name=row["name"],
                name_zh=row["name_zh"],
                type=row["type"],
                format=row["format"],
                required=row["required"],
                key=row["key"],
                code_system=row["code_system"],
                description_zh=row["description_zh"],
                many=row.get("many") or "",
                confidence=row["confidence"],
                wire_name=row.get("wire_name") or "",
            )
            for row in self._lines(f"tables/{name}/fields.csv")
        )
        return TableWords(
            name,
            line["table_zh"],
            line["category_zh"],
            line["dataset_code"],
            fields,
            line.get("wire_name") or "",
        )

    @cached_property
    def _set_lines(self) -> Mapping[str, Mapping[str, str]]:
        rows = (row for folder in reversed(self._folders) for row in self._lines_in(folder, "value_sets.csv"))
        return {row["id"]: row for row in rows}

    @cached_property
    def _closed_sets(self) -> frozenset[str]:
        index = self._set_lines.values()
        return frozenset(row["id"] for row in index if row["complete"] == "yes" and row["standard"])

    def is_closed(self, set_id: str) -> bool:
        """Whether a code outside the lists refuses a record: each is complete and a document closes it. Lists as in
        code_system, parted by semicolons.
        """
        asked = [part.strip() for part in set_id.split(";") if part.strip()]
        return all(one in self._closed_sets for part in asked for one in self._instead.get(part, (part,)))

    @cached_property
    def scales(self) -> Mapping[str, tuple[str, str]]:
        """Field name -> the least and the most that its number can be, as written; empty for no end."""
        if self._find("scales.csv") is None:
            return {}
        return {row["name"]: (row["least"], row["most"]) for row in self._lines("scales.csv")}

    def _read_accepted(self, code_system: str) -> Accepted | None:
        """What a field with these words in code_system takes: one list or several, parted by semicolons, each with the
        lists valid beside it. None where one is an external catalogue without a list: it refuses nothing."""
        asked = [part.strip() for part in code_system.split(";") if part.strip()]
        parts: dict[str, None] = {}
        for set_id in asked:
            if set_id in self._instead:
                parts |= dict.fromkeys(self._instead[set_id])
                continue
            line = self._set_lines[set_id]
            beside = [part.strip() for part in (line.get("also") or "").split(";") if part.strip()]
            if line["entries"] == "0" and not beside and not line.get("shape"):
                return None
            parts |= dict.fromkeys([set_id, *beside])
        known = frozenset().union(*(self.codes(set_id) for set_id in parts))
        lookalikes = []
        for set_id in parts:
            if shape := self._set_lines[set_id].get("shape"):
                places = int(self._set_lines[set_id].get("known_places") or 0)
                lookalikes.append((re.compile(shape), places, {code[:places] for code in known}))
        return Accepted(known, tuple(lookalikes))

    def _read_codes(self, set_id: str) -> frozenset[str]:
        """The codes that a value set lists itself; none for an external catalogue."""
        if self._set_lines[set_id]["entries"] == "0":
            return frozenset()
        return frozenset(row["code"] for row in self._list_lines(set_id))

    def _read_names(self, set_id: str) -> Mapping[str, str]:
        """Code -> name as the value set has it; empty for an external catalogue."""
        if self._set_lines[set_id]["entries"] == "0":
            return {}
        return {row["code"]: row["name_zh"] for row in self._list_lines(set_id) if "name_zh" in row}

    def _list_lines(self, set_id: str) -> list[dict[str, str]]:
        file_name = set_id.replace("/", "_").replace(" ", "_")
        return self._lines(f"value_sets/{file_name}.csv")

    def _read_severities(self, table: str) -> Severities:
        """The rules of rules.csv, and which of them rules.yaml lets refuse."""
        if self._find(f"tables/{table}/rules.csv") is None:
            return Severities()
        rules = frozenset(row["rule_id"] for row in self._lines(f"tables/{table}/rules.csv"))
        page, names = self._page(table), self.table(table).by_name
        return Severities(
            rules, frozenset(holding_of(page, names)), frozenset(holding_of(page, names, "key"))
        )

    def _read_needed(self, table: str) -> frozenset[str]:
        """Fields without which a record is refused."""
        words = self.table(table)
        told = (self._page(table).get("may_be_absent") or {}).values()
        absent = frozenset(name for names in told for name in names)
        fields = ((f.name, f.required, f.key, f.confidence) for f in words.fields)
        return needed_of(fields, words.key_field, absent)

    def _read_page(self, table: str) -> dict[str, Any]:
        """The table's rules.yaml, every scalar a text; nothing where it has none."""
        path = self._find(f"tables/{table}/rules.yaml")
        if path is None:
            return {}
        try:
            page = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - texts only
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CatalogError(
                "读取标准文件", fix="检查安装是否完整", file=str(path), reason=type(error).__name__
            ) from error
        return page or {}

    def _find(self, name: str) -> Path | None:
        return next((path for folder in self._folders if (path := folder / name).is_file()), None)

    def _lines(self, name: str) -> list[dict[str, str]]:
        return self._lines_of(self._find(name) or self._folders[-1] / name)

    def _lines_in(self, folder: Path, name: str) -> list[dict[str, str]]:
        """Of one folder; none where it has no such file."""
        return self._lines_of(folder / name) if (folder / name).is_file() else []

    def _lines_of(self, path: Path) -> list[dict[str, str]]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        except (OSError, csv.Error, UnicodeDecodeError) as error:
            raise CatalogError(
                "读取标准文件", fix="检查安装是否完整", file=str(path), reason=type(error).__name__
            ) from error
