"""The source's columns as the mapping names them: found, trimmed once, typed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from medferry.mapping.model import FieldMapping, MappingError, TableMapping, nearest
from medferry.mapping.values import Value, as_text, blank_to_null
from medferry.mapping.verb import VERBS, ParameterKind


def columns_of(block: TableMapping) -> Iterator[str]:
    """Every source column that a table block names."""
    if block.when:
        yield block.when.column
    for one in block.fields:
        yield from columns_of_field(one)


def columns_of_field(one: FieldMapping) -> Iterator[str]:
    """Every source column that one field's mapping names."""
    yield from one.columns
    if one.when:
        yield one.when.column
    if one.lookup:
        yield from one.lookup.on
    for call in one.verbs:
        for parameter in VERBS[call.name].parameters:
            argument = call.arguments.get(parameter.name)
            if parameter.kind is ParameterKind.COLUMN and isinstance(argument, str):
                yield argument
            elif parameter.kind is ParameterKind.COLUMNS and isinstance(argument, tuple):
                yield from argument


class SourceColumns:
    """The named columns of one source schema.

    A name that differs in letter case alone is taken: to the same query PostgreSQL answers in lower case,
    Oracle in upper case.
    """

    def __init__(self, raw: pl.DataFrame, names: tuple[str, ...], route: str) -> None:
        self._real = {name: _real_name(name, raw.columns, route) for name in names}
        self._types = {name: _known_type(raw.schema[real], name, route) for name, real in self._real.items()}

    @property
    def expressions(self) -> tuple[pl.Expr, ...]:
        """Selects the columns under the mapping's names; text trimmed, '' as null."""
        return tuple(
            (blank_to_null(pl.col(real)) if isinstance(self._types[name], pl.String) else pl.col(real)).alias(
                name
            )
            for name, real in self._real.items()
        )

    def value(self, name: str) -> Value:
        return Value(pl.col(name), self._types[name])

    def text(self, name: str) -> pl.Expr:
        return as_text(pl.col(name), self._types[name])


def _real_name(name: str, real: list[str], route: str) -> str:
    if name in real:
        return name
    alike = [one for one in real if one.lower() == name.lower()]
    if len(alike) == 1:
        return alike[0]
    raise MappingError(
        "按映射读取来源列",
        route=route,
        column=name,
        nearest=nearest(name, real) or "（无相近列名）",
        fix="查询结果中没有这一列；请核对查询的列名或别名，再运行 medferry preview",
    )


def _known_type(dtype: pl.DataType, name: str, route: str) -> pl.DataType:
    if isinstance(dtype, pl.List | pl.Array | pl.Struct):
        raise MappingError(
            "按映射读取来源列",
            route=route,
            column=name,
            type=str(dtype),
            fix="请在查询中把数组或结构列转换为文本",
        )
    return dtype
