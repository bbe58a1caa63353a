"""The notation of the hospital: how each standard field is written by each source system. One field = one line of
`layouts/<standard table>.csv`:

    field,his_donghu@brxx,his_qingshanhu@PAT_MASTER
    patient_id,.brid:int,.PAT_ID
    sex_code,.xb:code(xb),.SEX_CD:code(sex)
    birth_date,.csrq:date,.BIRTH_DT:dt14
    patient_name,.xm,.PAT_NAME:gbk

Head: `system[.variant]@MAIN_TABLE` per column. Cell: one of
    .column[:encoder(arguments)]         in the main table; `table.column` elsewhere; several joined by `+`
    ~table.field                         not stored: the query joins it from where that standard field is stored
    ~staff:field, ~dept:field            not stored: the name of the person or department whose code is in that field;
    ~title:field                         the person's title, likewise
    ~anything else                       not stored: found by a join or look-up of another kind
    =value                               not stored: the system implies it; always this value
    -                                    this source knows nothing of it
    :code(list)                          the local code of a `code_list` of this system
    :pack(place,separator)               several fields share one column, joined in order of place
The targets of the key field are the primary keys of their tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from medferry_sandbox.hospital.code_lists import CODE_LISTS
from medferry_sandbox.hospital.encoders import ENCODERS, CannotEncode, Stored
from medferry_sandbox.hospital.standard import StandardTable, standard_table

LAYOUTS = Path(__file__).parent / "layouts"
SYSTEMS = ("his_donghu", "his_qingshanhu", "lis", "emr", "res")
IMPLICIT = frozenset({"org_code", "org_name"})
"""Filled by the ferry from the campus; never stored by a source."""

_TARGET = re.compile(
    r"(?P<table>[A-Za-z_0-9]*)\.(?P<column>[A-Za-z_0-9]+)(:(?P<encoder>\w+)(\((?P<arguments>[^)]*)\))?)?"
)


class RecipeError(ValueError):
    """A recipe that cannot be read; names table, field and cell."""


@dataclass(frozen=True, slots=True)
class Target:
    """One column that a field is written to. `pack`: (place, separator) when it shares the column."""

    table: str
    column: str
    kind: str
    write: Callable[[str], Stored]
    encoder: str
    arguments: tuple[str, ...] = ()
    pack: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How one system holds one field: targets, or joined from elsewhere, or implied, or absent (all empty)."""

    targets: tuple[Target, ...] = ()
    joined: str | None = None
    constant: str | None = None

    @property
    def known(self) -> bool:
        return bool(self.targets) or self.joined is not None or self.constant is not None


@dataclass(frozen=True)
class Layout:
    """One column of a recipe: where a kind of row lives in one system."""

    system: str
    variant: str
    main: str
    cells: dict[str, Cell]

    def keys(self, key_field: str) -> dict[str, tuple[str, ...]]:
        """table -> its primary key columns: the targets of the key field."""
        found: dict[str, tuple[str, ...]] = {}
        for target in self.cells[key_field].targets:
            found[target.table] = (*found.get(target.table, ()), target.column)
        return found

    @property
    def changed_at(self) -> str | None:
        """The main table's column that holds updated_at."""
        cell = self.cells.get("updated_at", Cell())
        return next((target.column for target in cell.targets if target.table == self.main), None)


@dataclass(frozen=True)
class Recipe:
    """One standard table as this hospital stores it.

    faults    "kind:field,field kind:field": what may be planted, see faults.py; kinds missing bad_code checksum
              full_width blanks gbk
    corrects  free-text field that a same-day correction in wave 2 may change; must not be joined by others
    cancels   rows may be cancelled in wave 2 (record_status 2); only for tables without children or sums
    late      rows may be committed late: released in wave 2 with a changed_at in the past; only for leaf tables
    layout    the notation above, when it does not stand in its file
    """

    table: str
    faults: str = ""
    corrects: str = ""
    cancels: bool = False
    late: bool = False
    layout: str | None = None
    standard: StandardTable = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "standard", standard_table(self.table))

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        text = self.layout
        if text is None:
            text = (LAYOUTS / f"{self.table}.csv").read_text(encoding="utf-8")
        head, *body = csv.reader(text.splitlines())
        if head[0] != "field":
            raise RecipeError(f"{self.table}: the first line is `field,system@table,…`, not {head}")
        layouts = tuple(self._head(text) for text in head[1:])
        for name, *cells in body:
            if name not in self.standard.fields:
                raise RecipeError(f"{self.table}.{name}: the standard has no such field")
            if len(cells) != len(layouts):
                raise RecipeError(f"{self.table}.{name}: {len(cells)} cells, expected {len(layouts)}")
            for layout, text in zip(layouts, cells, strict=True):
                if name in layout.cells:
                    raise RecipeError(f"{self.table}.{name}: written twice")
                layout.cells[name] = _cell(text, layout, f"{self.table}.{name}")
        return layouts

    def _head(self, text: str) -> Layout:
        place, at, main = text.partition("@")
        system, _, variant = place.partition(".")
        if not at or system not in SYSTEMS:
            raise RecipeError(
                f"{self.table}: head {text!r} is not system[.variant]@TABLE with one of {SYSTEMS}"
            )
        return Layout(system, variant, main, {})

    @cached_property
    def fault_fields(self) -> tuple[tuple[str, str], ...]:
        """(kind, field) pairs that may be planted."""
        pairs = []
        for group in self.faults.split():
            kind, _, names = group.partition(":")
            pairs += [(kind, name) for name in names.split(",")]
        return tuple(pairs)

    def complaints(self) -> list[str]:
        """Everything wrong with the recipe, one line each."""
        found = []
        for layout in self.layouts:
            place = f"{self.table} ({layout.system}{'.' if layout.variant else ''}{layout.variant})"
            for name, known in self.standard.fields.items():
                if (
                    name not in IMPLICIT
                    and known.required == "R"
                    and not layout.cells.get(name, Cell()).known
                ):
                    found.append(f"{place}: required field {name} has no cell")
            key_tables = layout.keys(self.standard.key) if self.standard.key in layout.cells else {}
            stored = {target.table for cell in layout.cells.values() for target in cell.targets}
            for table in sorted(stored - set(key_tables)):
                found.append(f"{place}: table {table} has no key: name it in the line of {self.standard.key}")
        unknown = {name for _, name in self.fault_fields} | ({self.corrects} if self.corrects else set())
        found += [
            f"{self.table}: {name} in faults or corrects is no field"
            for name in unknown - set(self.standard.fields)
        ]
        return found


def _cell(text: str, layout: Layout, place: str) -> Cell:
    if text == "-":
        return Cell()
    if text.startswith("~"):
        return Cell(joined=text[1:])
    if text.startswith("="):
        return Cell(constant=text[1:])
    return Cell(targets=tuple(_target(part, layout, place) for part in text.split("+")))


def _target(text: str, layout: Layout, place: str) -> Target:
    match = _TARGET.fullmatch(text)
    if match is None:
        raise RecipeError(f"{place}: cannot read {text!r}; a target is [table].column[:encoder(arguments)]")
    name = match["encoder"] or "text"
    arguments = tuple(match["arguments"].split(",")) if match["arguments"] is not None else ()
    table = match["table"] or layout.main
    if name == "pack":
        return Target(table, match["column"], "text", str, name, arguments, (int(arguments[0]), arguments[1]))
    if name == "code":
        return Target(
            table, match["column"], "text", _code_writer(layout.system, arguments[0], place), name, arguments
        )
    if name not in ENCODERS:
        raise RecipeError(
            f"{place}: unknown encoder {name!r}; known: {', '.join(sorted(ENCODERS))}, code, pack"
        )
    known = ENCODERS[name]
    write = _with_arguments(known.write, arguments) if arguments else known.write
    return Target(table, match["column"], known.kind, write, name, arguments)


def _with_arguments(write: Callable[..., Stored], arguments: tuple[str, ...]) -> Callable[[str], Stored]:
    return lambda value: write(value, *arguments)


def _code_writer(system: str, name: str, place: str) -> Callable[[str], Stored]:
    if (system, name) not in CODE_LISTS:
        raise RecipeError(f"{place}: no code_list {system}, {name}")
    return partial(_write_code, CODE_LISTS[system, name].to_local, f"{system}_{name}")


def _write_code(to_local: dict[str, str], name: str, value: str) -> Stored:
    if value not in to_local:
        raise CannotEncode(f"code_list {name} has no local code for {value}")
    return to_local[value]
