"""Reading `verbs: [...]`: arguments typed by the verb's own signature, each call tried once on no data."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from medferry.config.node_reader import NodeReader
from medferry.config.nodes import Block, Listing, Node, Scalar
from medferry.mapping.model import Argument, VerbCall
from medferry.mapping.values import text_value
from medferry.mapping.verb import Parameter, ParameterKind, Verb
from medferry.mapping.verbs import VERBS

_LISTS = (ParameterKind.TEXTS, ParameterKind.COLUMNS)
_COLUMNS = (ParameterKind.COLUMN, ParameterKind.COLUMNS)


def read_verbs(node: Node, reading: NodeReader) -> tuple[VerbCall, ...]:
    """The chain in order; a wrong verb is left out after its complaint."""
    nodes = node.items if isinstance(node, Listing) else (node,)
    calls = [_read_call(one, reading) for one in nodes]
    return tuple(one for one in calls if one is not None)


def _read_call(node: Node, reading: NodeReader) -> VerbCall | None:
    if isinstance(node, Block) and len(node.entries) == 1:
        entry = next(iter(node.entries.values()))
        name_node, value = entry.key, entry.value
    elif isinstance(node, Scalar):
        name_node, value = node, None
    else:
        reading.complaints.error(node.place, "动词写法不对", expected='trim，或 {date: "%Y-%m-%d"}')
        return None
    verb = VERBS.get(name_node.text)
    if verb is None:
        reading.complaints.unknown(name_node.place, "动词", name_node.text, sorted(VERBS))
        return None
    given = {} if value is None else _arguments_by_name(verb, value, reading)
    if given is None:
        return None
    arguments: dict[str, Argument] = {}
    for parameter in verb.parameters:
        if parameter.name in given:
            argument = _typed(verb, parameter, given[parameter.name], reading)
            if argument is None:
                return None
            arguments[parameter.name] = argument
        elif parameter.required:
            reading.complaints.error(
                name_node.place,
                f"动词 {verb.name} 缺少参数 {parameter.name}",
                expected=parameter.kind.value,
                fix=verb.help,
            )
            return None
    call = VerbCall(verb.name, arguments)
    return call if _tried(verb, call, name_node, reading) else None


def _arguments_by_name(verb: Verb, value: Node, reading: NodeReader) -> dict[str, Node] | None:
    """`{verb: x}`, `{verb: [x, y]}` and `{verb: {name: x}}` all to {name: node}."""
    names = [one.name for one in verb.parameters]
    if not names:
        reading.complaints.error(value.place, f"动词 {verb.name} 不带参数", fix=f"写成 {verb.name}")
        return None
    first = verb.parameters[0]
    if isinstance(value, Block) and (
        first.kind is not ParameterKind.PAIRS or set(value.entries) <= set(names)
    ):
        for name, entry in value.entries.items():
            if name not in names:
                reading.complaints.unknown(entry.key.place, f"动词 {verb.name} 的参数", name, names)
                return None
        return {name: entry.value for name, entry in value.entries.items()}
    if isinstance(value, Listing) and first.kind not in _LISTS:
        if len(value.items) > len(names):
            reading.complaints.error(value.place, f"动词 {verb.name} 的参数太多", expected="、".join(names))
            return None
        return dict(zip(names, value.items, strict=False))
    return {first.name: value}


def _typed(verb: Verb, parameter: Parameter, node: Node, reading: NodeReader) -> Argument | None:
    what = f"动词 {verb.name} 的参数 {parameter.name} "
    if parameter.kind is ParameterKind.CHOICE:
        return reading.one_of(node, what.strip(), parameter.choices)
    if parameter.kind is ParameterKind.INTEGER:
        return reading.integer(node, what)
    readers: dict[ParameterKind, Callable[[Node, str], Argument | None]] = {
        ParameterKind.TEXT: reading.text_or_empty,
        ParameterKind.COLUMN: reading.text,
        ParameterKind.TEXTS: reading.texts,
        ParameterKind.COLUMNS: reading.texts,
        ParameterKind.PAIRS: reading.pairs,
    }
    return readers[parameter.kind](node, what)


def _tried(verb: Verb, call: VerbCall, name_node: Scalar, reading: NodeReader) -> bool:
    """Runs the verb on one null text: a bad pattern, format or number shows itself now, not at night."""
    nothing = text_value(pl.col("value"))
    arguments: dict[str, object] = {}
    for parameter in verb.parameters:
        if parameter.name in call.arguments:
            given: object = call.arguments[parameter.name]
            if parameter.kind in _COLUMNS:
                given = nothing if parameter.kind is ParameterKind.COLUMN else (nothing,)
            arguments[parameter.python_name] = given
    sample = pl.DataFrame({"value": [None, "1"]}, schema={"value": pl.String})
    try:
        made = verb.function([nothing] if verb.makes_one else nothing, **arguments)
        sample.select(made.text())
    except (ArithmeticError, ValueError, pl.exceptions.PolarsError):
        reading.complaints.error(name_node.place, f"动词 {verb.name} 的参数不可用", fix=verb.help)
        return False
    return True
