"""Rules made ready to run: entries of rules.yaml become specs, specs become expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from difflib import get_close_matches
from functools import cache
from inspect import signature
from typing import Literal

import polars as pl

from medferry.catalog.model import Catalog, KeyKind, Table
from medferry.catalog.rules import Aggregate, Condition, Reason, RuleEntry, Scope, rule_book_of
from medferry.catalog.valid_codes import together
from medferry.checks.conditions import THERE, columns_of, condition, judges_nulls
from medferry.checks.findings import Mark
from medferry.checks.moments import fields_read, readings_of
from medferry.checks.registry import Check, checks_by_name
from medferry.records import Severity

HOLDING: tuple[Scope, ...] = ("row", "batch", "parent")
"""Scopes that `run_checks` judges; the others are judged by `run_later` and never hold a row."""

_NEAR_TO_FAR: tuple[Scope, ...] = ("row", "batch", "parent", "directory", "later")
_ONE_EACH = frozenset({"filled", "empty"})


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule of a table: a registered rule kind with its arguments.

    check      name of the rule kind
    args       its arguments, by name: fields and parameters
    field      the field that a finding names
    rule_id    id in rules.yaml; None for rules that the engine derives
    severity   what a wrong row suffers: ERROR or WARNING
    unknown    what happens to a row that the rule cannot judge although `field` has a value
    when       judged only where this is true; elsewhere fine
    looks      name -> column made of other rows
    scope      as declared; None: derived from what is read
    by_engine  the fields' own checks find it already
    line       of rules.yaml
    holds_because  why a wrong row may be held; rules of rules.yaml without it are warnings
    """

    check: str
    args: Mapping[str, object]
    field: str
    rule_id: str | None = None
    severity: Severity = Severity.ERROR
    unknown: Literal["travels", "holds"] = "travels"
    when: Condition | None = None
    looks: Mapping[str, Aggregate] = made_by(default_factory=dict)
    scope: Scope | None = None
    by_engine: bool = False
    line: int = 0
    holds_because: Reason | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to run.

    applies   where it judges; None: everywhere
    inner     the check alone
    verdict   `inner` where it applies, true elsewhere
    asks      name of the condition, the same for all rules that have it
    answer    the verdict, where the condition is a column named `asks`
    pointers  (field, column of the record it names) that must be joined first as `field.column`
    readings  moments and numbers that the verdict reads, see `with_readings`
    silent    nothing can be found, nothing counted, in a batch where `field` is wholly empty
    """

    spec: RuleSpec
    mark: Mark
    verdict: pl.Expr
    waivable: bool
    scope: Scope
    inner: pl.Expr
    answer: pl.Expr
    applies: pl.Expr | None = None
    asks: str | None = None
    pointers: tuple[tuple[str, str], ...] = ()
    silent: bool = False
    readings: tuple[str, ...] = ()


def compile_rules(table: Table, catalog: Catalog) -> tuple[list[Rule], list[tuple[int, str]]]:
    """All rules of the table's rules.yaml, active or not, of every scope; and complaints, with their lines."""
    specs, complaints = _specs(table, catalog)
    rules: list[Rule] = []
    for spec in specs:
        made = compile_rule(spec, table, catalog)
        if isinstance(made, str):
            complaints.append((spec.line, made))
        else:
            rules.append(made)
    return rules, complaints


def specs_of_book(table: Table, catalog: Catalog) -> tuple[RuleSpec, ...]:
    """The table's rules.yaml as specs; entries that cannot be read are left to lint."""
    return tuple(_specs(table, catalog)[0])


def _specs(table: Table, catalog: Catalog) -> tuple[list[RuleSpec], list[tuple[int, str]]]:
    book = rule_book_of(catalog, table.name)
    specs: list[RuleSpec] = []
    complaints: list[tuple[int, str]] = []
    for entry in (*book.entries, *book.required_when):
        holds = entry.holds_because is not None and entry.severity != "warning"
        try:
            for args in _arguments(entry, table, catalog):
                specs.append(
                    RuleSpec(
                        check=entry.kind,
                        args=args,
                        field=entry.field or _first_field(args, table),
                        rule_id=entry.rule_id,
                        severity=Severity.ERROR if holds else Severity.WARNING,
                        when=entry.when,
                        looks=entry.looks,
                        scope=entry.scope,
                        by_engine=entry.by_engine,
                        line=entry.line,
                        holds_because=entry.holds_because if holds else None,
                    )
                )
        except ValueError as error:
            complaints.append((entry.line, f"规则 {entry.rule_id or entry.field}：{error}"))
    return specs, complaints


def _arguments(entry: RuleEntry, table: Table, catalog: Catalog) -> Iterator[dict[str, object]]:
    """The kind's arguments, short forms written out; several where each field is a check of its own."""
    given = entry.argument
    match entry.kind:
        case "filled" | "empty" | "exists" | "credit_code" if isinstance(given, str | list):
            yield from ({"field": name} for name in ([given] if isinstance(given, str) else given))
        case "empty" if isinstance(given, dict) and isinstance(given.get("fields"), list):
            rest = {name: value for name, value in given.items() if name != "fields"}
            yield from ({"field": name, **rest} for name in given["fields"])
        case "holds":
            yield {"condition": given}
        case "in_order" | "all_different" | "unique_within" if isinstance(given, list):
            yield {{"in_order": "times", "all_different": "fields"}.get(entry.kind, "columns"): given}
        case "same" if isinstance(given, dict) and "field" not in given:
            options = {name: given[name] for name in ("tolerance", "slack_s") if name in given}
            yield from (
                {"field": own, "other": other, **options}
                for own, other in given.items()
                if own not in options
            )
        case "in_list" | "name_of_code" if isinstance(given, str | dict):
            yield _with_list(
                entry.kind, {"field": given} if isinstance(given, str) else dict(given), table, catalog
            )
        case _ if isinstance(given, dict):
            yield {str(name): value for name, value in given.items()}
        case _:
            raise ValueError(f"{entry.kind} 的参数写成 {{名字: 值}}")


def _with_list(kind: str, args: dict[str, object], table: Table, catalog: Catalog) -> dict[str, object]:
    """Puts the value set's codes or names in the place of its id."""
    coded = str(args.get("field" if kind == "in_list" else "code"))
    own = list(table.by_name[coded].value_sets) if coded in table.by_name else []
    named = args.pop("value_sets", None) or args.pop("value_set", None) or own
    if not named:
        raise ValueError(f"字段 {coded} 没有值域，写 value_set")
    sets = [catalog.value_set(str(one)) for one in (named if isinstance(named, list) else [named])]
    if kind == "in_list":
        return {**args, "codes": cache(lambda: together([one.valid for one in sets]))}
    return {**args, "names": lambda: sets[0].names}


def _first_field(args: Mapping[str, object], table: Table) -> str:
    return next((name for name in _named(args) if name in table.by_name), table.key_field)


def _named(args: Mapping[str, object]) -> Iterator[str]:
    for value in args.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, str))
        elif isinstance(value, Mapping):
            yield from columns_of(value)


def compile_rule(spec: RuleSpec, table: Table, catalog: Catalog) -> Rule | str:
    """The rule ready to run, or what is wrong with it."""
    where = f"规则 {spec.rule_id or spec.check}"
    kinds = {name: entry for name, entry in checks_by_name().items() if entry.from_rule}
    kind = kinds.get(spec.check)
    if kind is None:
        return f"{where}：没有名为 {spec.check} 的规则种类{nearest(spec.check, tuple(kinds))}"
    try:
        signature(kind.make).bind(**spec.args)
    except TypeError:
        return (
            f"{where}：参数应为 {'、'.join(signature(kind.make).parameters)}，给出的是 {'、'.join(spec.args)}"
        )
    if spec.severity not in {Severity.ERROR, Severity.WARNING}:
        return f"{where}：severity 只能是 error 或 warning"
    try:
        inner = kind.make(**spec.args)
        applies = condition(spec.when) if spec.when else None
    except (ValueError, TypeError, AttributeError) as error:
        return f"{where}：{error}"
    return _ready(spec, kind, inner, applies, table, catalog)


def _ready(
    spec: RuleSpec, kind: Check, inner: pl.Expr, applies: pl.Expr | None, table: Table, catalog: Catalog
) -> Rule | str:
    where = f"规则 {spec.rule_id or spec.check}"
    verdict = inner if applies is None else ~applies | inner
    asks = None if applies is None else f"\x01when {spec.when!r}"
    roots = tuple(dict.fromkeys((spec.field, *fields_read([verdict]))))
    for name in roots:
        if wrong := _column_complaint(name, spec.looks, table, catalog):
            return f"{where}：{wrong}"
    if wrong := _look_complaint(spec.looks, table, catalog):
        return f"{where}：{wrong}"
    pointers = tuple((p, c) for p, _, c in (name.partition(".") for name in roots) if c)
    least = _scope_read(kind, pointers, spec.looks, table)
    scope = spec.scope or least
    if _NEAR_TO_FAR.index(scope) < _NEAR_TO_FAR.index(least):
        return f"{where}：读了 {least} 的数据，scope 不能是 {scope}"
    severity = spec.severity if scope in HOLDING else Severity.WARNING
    judges = judges_nulls(spec.args["condition"]) if spec.check == "holds" else kind.judges_nulls  # type: ignore[arg-type]
    return Rule(
        spec,
        Mark(spec.check, kind.code, severity, spec.rule_id),
        verdict,
        waivable=kind.code == checks_by_name()["required"].code,
        scope=scope,
        inner=inner,
        answer=inner if asks is None else ~pl.col(asks) | inner,
        applies=applies,
        asks=asks,
        pointers=pointers,
        silent=not judges and spec.field in fields_read([inner]),
        readings=readings_of([verdict]),
    )


def _scope_read(
    kind: Check, pointers: Iterable[tuple[str, str]], looks: Mapping[str, Aggregate], table: Table
) -> Scope:
    """The farthest thing that the rule reads."""
    read: set[Scope] = {"batch" if kind.across_rows else "row"}
    if looks:
        read.add("later")
    for pointer, column in pointers:
        key = table.by_name[pointer].key
        assert key is not None
        parent = key.kind is KeyKind.PARENT and key.table != table.name
        asks_whether = column == THERE and kind.name == "exists"
        read.add(("later" if asks_whether else "parent") if parent else "directory")
    return max(read, key=_NEAR_TO_FAR.index)


def _column_complaint(
    name: str, looks: Mapping[str, Aggregate], table: Table, catalog: Catalog
) -> str | None:
    if name in looks:
        return None
    pointer, _, column = name.partition(".")
    if pointer not in table.by_name:
        return f"字段 {pointer} 不存在{nearest(pointer, (*table.field_names, *looks))}"
    if not column:
        return None
    key = table.by_name[pointer].key
    if key is None or key.table is None:
        return f"字段 {pointer} 不指向任何表，读不到 {column}；用 with"
    if column != THERE and column not in catalog.table(key.table).by_name:
        return f"表 {key.table} 没有字段 {column}{nearest(column, catalog.table(key.table).field_names)}"
    return None


def _look_complaint(looks: Mapping[str, Aggregate], table: Table, catalog: Catalog) -> str | None:
    for name, look in looks.items():
        if look.table not in catalog.table_names:
            return f"with 的 {name}：没有表 {look.table}{nearest(look.table, catalog.table_names)}"
        other = catalog.table(look.table)
        theirs = [*look.their_columns]
        try:
            theirs += fields_read([condition(look.where)]) if look.where else ()
        except ValueError as error:
            return f"with 的 {name}：{error}"
        for column in theirs:
            if column not in other.by_name:
                return (
                    f"with 的 {name}：表 {look.table} 没有字段 {column}{nearest(column, other.field_names)}"
                )
        for column in look.own_columns:
            if column not in table.by_name:
                return f"with 的 {name}：字段 {column} 不存在{nearest(column, table.field_names)}"
        if name in table.by_name or "." in name:
            return f"with 的 {name}：名字与字段相同或含点，改名"
    return None


def nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"，最接近的是 {near[0]}" if near else ""
