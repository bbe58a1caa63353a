"""From records to source rows: what each database holds after a wave. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from medferry_sandbox.hospital.encoders import CannotEncode, Stored
from medferry_sandbox.hospital.recipe import RecipeError, Target
from medferry_sandbox.hospital.world import Native, Record, Row, Version, World, all_recipes, database

TableName = tuple[str, str]
"""(database, table)"""
EMPTY_TEXT_SYSTEM = "his_qingshanhu"
"""This system writes '' where others write NULL."""


@dataclass
class SourceTable:
    """kinds: column -> text, int or blob; changed_at: columns that deserve an index in front of the key."""

    key: tuple[str, ...]
    kinds: dict[str, str] = field(default_factory=dict)
    changed_at: set[str] = field(default_factory=set)


def source_schema(world: World) -> dict[TableName, SourceTable]:
    """Every table of every database."""
    schema: dict[TableName, SourceTable] = {}
    for campus in world.campuses:
        for recipe in all_recipes().values():
            for layout in recipe.layouts:
                if layout.system.startswith("his_") and layout.system != campus.his:
                    continue
                place = database(layout.system, campus)
                for table, columns in layout.keys(recipe.standard.key).items():
                    known = schema.setdefault((place, table), SourceTable(columns))
                    if known.key != columns:
                        raise RecipeError(
                            f"{recipe.table}: {place}.{table} has the key {known.key}, here {columns}"
                        )
                for cell in layout.cells.values():
                    for target in cell.targets:
                        schema[place, target.table].kinds[target.column] = target.kind
                if layout.changed_at:
                    schema[place, layout.main].changed_at.add(layout.changed_at)
    for native in world.natives:
        known = schema.setdefault((native.system, native.table), SourceTable(native.key))
        for column, value in native.row.items():
            if value is not None or column not in known.kinds:
                known.kinds[column] = (
                    "int" if isinstance(value, int) else "blob" if isinstance(value, bytes) else "text"
                )
    return schema


def source_rows(
    world: World, wave: int, records: Iterable[Record] | None = None, natives: Iterable[Native] | None = None
) -> dict[TableName, dict[tuple[Stored, ...], Row]]:
    """(database, table) -> key -> row, after the wave. Records that share a row are merged."""
    state: dict[TableName, dict[tuple[Stored, ...], Row]] = {}
    for native in world.natives if natives is None else natives:
        if native.wave <= wave:
            key = tuple(native.row[column] for column in native.key)
            state.setdefault((native.system, native.table), {}).setdefault(key, {}).update(native.row)
    for record in world.records.values() if records is None else records:
        version = record.latest(wave)
        if version is not None:
            for name, (key, row) in encode(record, version).items():
                state.setdefault(name, {}).setdefault(key, {}).update(row)
    return state


def encode(record: Record, version: Version) -> dict[TableName, tuple[tuple[Stored, ...], Row]]:
    """One version as the rows its system writes."""
    layout = record.layout
    place = database(layout.system, record.campus)
    rows: dict[str, Row] = {}
    shared: dict[tuple[str, str], tuple[str, list[tuple[int, str]]]] = {}
    for name, cell in layout.cells.items():
        value = version.facts.get(name)
        for target in cell.targets:
            row = rows.setdefault(target.table, {})
            if target.pack is not None:
                order, separator = target.pack
                shared.setdefault((target.table, target.column), (separator, []))[1].append(
                    (order, value or "")
                )
            elif name in version.overrides:
                row[target.column] = version.overrides[name]
            else:
                row[target.column] = _written(record, name, target, value)
    for (table, column), (separator, parts) in shared.items():
        texts = [text for _, text in sorted(parts)]
        rows[table][column] = separator.join(texts) if any(texts) else None
    keys = layout.keys(record.recipe.standard.key)
    return {
        (place, table): (tuple(row[column] for column in keys[table]), row) for table, row in rows.items()
    }


def _written(record: Record, name: str, target: Target, value: str | None) -> Stored:
    if value is None:
        return "" if target.kind == "text" and record.layout.system == EMPTY_TEXT_SYSTEM else None
    try:
        return target.write(value)
    except CannotEncode as wrong:
        raise RecipeError(
            f"{record.recipe.table}.{name} into {target.table}.{target.column}: {wrong}"
        ) from wrong
