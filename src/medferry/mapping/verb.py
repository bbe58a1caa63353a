"""The register of verbs: a verb is a function, its signature the arguments, its docstring the help page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from medferry.mapping.values import Value

Column = Annotated[Value, "column"]
"""Parameter type: the name of another source column; the verb gets its value."""
Columns = Annotated[tuple[Value, ...], "columns"]
"""Parameter type: names of other source columns."""

VerbFunction = Callable[..., Value]


class ParameterKind(StrEnum):
    """What a parameter takes, in the words of a complaint."""

    TEXT = "一段文本"
    INTEGER = "一个整数"
    TEXTS = "文本列表"
    PAIRS = "“旧值: 新值”对照"
    CHOICE = "限定值之一"
    COLUMN = "一个来源列名"
    COLUMNS = "来源列名列表"


_KINDS: Mapping[object, ParameterKind] = {
    str: ParameterKind.TEXT,
    int: ParameterKind.INTEGER,
    tuple[str, ...]: ParameterKind.TEXTS,
    Mapping[str, str]: ParameterKind.PAIRS,
    Column: ParameterKind.COLUMN,
    Columns: ParameterKind.COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: ParameterKind
    required: bool
    python_name: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """A registered verb. `makes_one`: it takes several columns and makes them one value."""

    name: str
    function: VerbFunction
    parameters: tuple[Parameter, ...]
    makes_one: bool
    help: str


VERBS: dict[str, Verb] = {}


def verb(function: VerbFunction) -> VerbFunction:
    """Registers a function under its own name; a trailing underscore, for names of built-ins, is cut."""
    name = function.__name__.removesuffix("_")
    assert name not in VERBS, f"verb {name} is registered twice"
    hints = get_type_hints(function, include_extras=True)
    first, *rest = inspect.signature(function).parameters.values()
    VERBS[name] = Verb(
        name=name,
        function=function,
        parameters=tuple(_parameter(one, hints[one.name]) for one in rest),
        makes_one=hints[first.name] == Sequence[Value],
        help=inspect.getdoc(function) or "",
    )
    return function


def _parameter(one: inspect.Parameter, hint: object) -> Parameter:
    name = one.name.removesuffix("_")
    required = one.default is inspect.Parameter.empty
    if get_origin(hint) is Literal:
        return Parameter(name, ParameterKind.CHOICE, required, one.name, tuple(get_args(hint)))
    return Parameter(name, _KINDS[hint], required, one.name)
