"""One field's expression: input, verbs, codes, default, format, guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import polars as pl

from medferry.catalog.model import Field
from medferry.mapping.columns import SourceColumns
from medferry.mapping.formats import into_format
from medferry.mapping.lookups import LookupJoin
from medferry.mapping.model import CodeTable, FieldMapping, VerbCall
from medferry.mapping.quick import translated
from medferry.mapping.ready import guard_expression
from medferry.mapping.values import Value, text_value
from medferry.mapping.verb import ParameterKind
from medferry.mapping.verbs import VERBS


def field_expression(
    mapped: FieldMapping,
    standard: Field,
    *,
    source: SourceColumns,
    codes: Mapping[str, CodeTable],
    joins: Sequence[LookupJoin],
    types: Mapping[str, pl.DataType],
) -> pl.Expr:
    """Text in the standard's format, one per row. `types` are those of look-up columns."""
    value = _coded(chain(_inputs(mapped, source, joins, types), mapped.verbs, source), mapped, codes)
    expr = into_format(value, standard)
    if mapped.default is not None:
        expr = expr.fill_null(pl.lit(mapped.default))
    if mapped.when is not None:
        expr = pl.when(guard_expression(mapped.when, source.text(mapped.when.column))).then(expr)
    return expr


def chain(values: list[Value], calls: Sequence[VerbCall], source: SourceColumns) -> Value:
    """The value after all verbs. Several inputs are made one by the first verb that can."""
    for call in calls:
        verb = VERBS[call.name]
        arguments = {
            parameter.python_name: _argument(parameter.kind, call.arguments[parameter.name], source)
            for parameter in verb.parameters
            if parameter.name in call.arguments
        }
        values = [verb.function(values if verb.makes_one else values[0], **arguments)]
    assert len(values) == 1, "several columns and no verb that makes them one"
    return values[0]


def _argument(kind: ParameterKind, argument: object, source: SourceColumns) -> object:
    if kind is ParameterKind.COLUMN:
        return source.value(cast(str, argument))
    if kind is ParameterKind.COLUMNS:
        return tuple(source.value(one) for one in cast(tuple[str, ...], argument))
    return argument


def _inputs(
    mapped: FieldMapping, source: SourceColumns, joins: Sequence[LookupJoin], types: Mapping[str, pl.DataType]
) -> list[Value]:
    if mapped.lookup is not None:
        name = LookupJoin.find(joins, mapped.lookup).column(mapped.lookup.take)
        return [Value(pl.col(name), types[name])]
    if mapped.columns:
        return [source.value(name) for name in mapped.columns]
    # As many as there are rows: a literal of length one is not broadcast again behind a verb or a format.
    return [text_value(pl.repeat(mapped.constant, pl.len(), dtype=pl.String))]


def _coded(value: Value, mapped: FieldMapping, codes: Mapping[str, CodeTable]) -> Value:
    if mapped.codes is None:
        return value
    return text_value(translated(value.text(), codes[mapped.codes].standard_of))
