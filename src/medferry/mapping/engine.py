"""Raw batch in, standard batches out: pure and columnar. Compiled once per route, applied to every batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from medferry.catalog.model import Catalog, Table
from medferry.mapping.chain import field_expression
from medferry.mapping.columns import SourceColumns, columns_of
from medferry.mapping.last_few import LastFew
from medferry.mapping.lookups import LookupJoin, PreparedTables, joined
from medferry.mapping.model import Campus, CodeTable, FieldMapping, Guard, TableMapping
from medferry.mapping.ready import guard_expression
from medferry.records import StandardBatch

_ROW = "row of the raw batch"  # blanks keep helper columns apart from any column of a database
_MISS = "look-up missed"

PLANS_MAX = (
    32  # of a route, the latest: sources have one schema, or a few where a page's column holds nulls only
)

_Schema = tuple[tuple[str, pl.DataType], ...]


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A route's table blocks with everything they need. It remembers how it was done for the last schemas of the source,
    and the last prepared form of each look-up table; it remembers no result, and threads may share it."""

    route: str
    campus: Campus
    blocks: tuple[tuple[TableMapping, Table], ...]
    codes: Mapping[str, CodeTable]
    joins: tuple[LookupJoin, ...]
    _plans: LastFew[_Schema, _RoutePlan] = field(
        default_factory=lambda: LastFew(PLANS_MAX), compare=False, repr=False
    )
    _tables: PreparedTables = field(default_factory=PreparedTables, compare=False, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every source column that the mapping names, in order of first use."""
        found: dict[str, None] = {}
        for block, _ in self.blocks:
            found.update(dict.fromkeys(columns_of(block)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _BlockPlan:
    table: Table
    emitted: pl.Expr | None
    fields: tuple[pl.Expr, ...]


@dataclass(frozen=True, slots=True)
class _RoutePlan:
    source: tuple[pl.Expr, ...]
    blocks: tuple[_BlockPlan, ...]


def compile_mapping(
    route: str,
    mappings: Sequence[TableMapping],
    catalog: Catalog,
    campus: Campus,
    codes: Mapping[str, CodeTable],
) -> CompiledMapping:
    """Binds the blocks of a route to tables, campus and code tables.

    raises  nothing for what `medferry.config` accepted: names were looked up when the project was loaded
    """
    blocks = tuple((one, catalog.table(one.table)) for one in mappings)
    lookups = [one.lookup for block, _ in blocks for one in block.fields if one.lookup]
    return CompiledMapping(route, campus, blocks, codes, LookupJoin.of(lookups))


def apply_mapping(
    raw: pl.DataFrame, compiled: CompiledMapping, lookup_tables: Mapping[str, pl.DataFrame]
) -> list[StandardBatch]:
    """The rows of every table that a raw batch becomes, one batch per table, in the order of the mapping.

    raw      columns as the source gave them
    lookup_tables  those of the route's campus, by name
    returns  StandardBatch per table; a table whose every row is guarded away comes with no rows
    raises   MappingError: a column or a look-up table that the mapping names is not there
    """
    answers = [compiled._tables.of(join, lookup_tables, compiled.route) for join in compiled.joins]
    taken = {name: dtype for frame in answers for name, dtype in frame.schema.items()}
    schema = (*raw.schema.items(), *taken.items())
    plan = compiled._plans.of(schema, lambda: _plan(raw, taken, compiled))
    named = raw.with_row_index(_ROW).select(pl.col(_ROW), *plan.source)
    rows = joined(named, compiled.joins, answers)
    by_table: dict[str, list[pl.DataFrame]] = {}
    tables: dict[str, Table] = {}
    for block in plan.blocks:
        chosen = rows if block.emitted is None else rows.filter(block.emitted)
        tables[block.table.name] = block.table
        by_table.setdefault(block.table.name, []).append(chosen.select(block.fields))
    return [_batch(tables[name], parts, compiled) for name, parts in by_table.items()]


def _batch(table: Table, parts: list[pl.DataFrame], compiled: CompiledMapping) -> StandardBatch:
    rows = parts[0] if len(parts) == 1 else pl.concat(parts).sort(_ROW, maintain_order=True)
    if rows.height > 1 and rows[table.key_field].n_unique() < rows.height:
        # A join repeats the parent's row for each child; equal rows are one row.
        rows = rows.unique(subset=list(table.field_names), keep="first", maintain_order=True)
    return StandardBatch(
        table=table.name,
        campus=compiled.campus.id,
        route=compiled.route,
        frame=rows.select(table.field_names),
        origin=rows[_ROW].alias("origin"),
        lookup_miss=rows[_MISS].alias("lookup_miss"),
    )


def _plan(raw: pl.DataFrame, taken: Mapping[str, pl.DataType], compiled: CompiledMapping) -> _RoutePlan:
    source = SourceColumns(raw, compiled.columns, compiled.route)
    blocks = tuple(_block_plan(block, table, source, taken, compiled) for block, table in compiled.blocks)
    return _RoutePlan(source.expressions, blocks)


def _block_plan(
    block: TableMapping,
    table: Table,
    source: SourceColumns,
    taken: Mapping[str, pl.DataType],
    compiled: CompiledMapping,
) -> _BlockPlan:
    by_name = {one.name: one for one in block.fields}
    fixed = {"org_code": compiled.campus.org_code, "org_name": compiled.campus.org_name}
    prefixed = frozenset(table.prefixed) if compiled.campus.prefix else frozenset()
    fields: list[pl.Expr] = []
    for standard in table.fields:
        mapped = by_name.get(standard.name)
        if standard.name in fixed:
            expr: pl.Expr = _constant(fixed[standard.name])
        elif mapped is None:
            expr = _constant(None)
        else:
            expr = field_expression(
                mapped, standard, source=source, codes=compiled.codes, joins=compiled.joins, types=taken
            )
        if standard.name in prefixed:
            expr = pl.lit(compiled.campus.prefix) + expr
        fields.append(expr.alias(standard.name))
    fields += [pl.col(_ROW).cast(pl.UInt32), _missed(block.fields, source, compiled).alias(_MISS)]
    return _BlockPlan(table, _guard(block.when, source), tuple(fields))


def _constant(value: str | None) -> pl.Expr:
    return pl.lit(value, dtype=pl.String)  # a select with the row index beside it repeats it for every row


def _guard(guard: Guard | None, source: SourceColumns) -> pl.Expr | None:
    return None if guard is None else guard_expression(guard, source.text(guard.column))


def _missed(fields: Sequence[FieldMapping], source: SourceColumns, compiled: CompiledMapping) -> pl.Expr:
    """True where a look-up had its key and found nothing, in a field that was meant to be filled."""
    missed: list[pl.Expr] = [pl.col(_ROW).is_null()]
    for one in fields:
        if one.lookup is None:
            continue
        miss = pl.col(LookupJoin.find(compiled.joins, one.lookup).miss)
        guard = _guard(one.when, source)
        missed.append(miss if guard is None else miss & guard)
    return pl.any_horizontal(missed)
