"""What the rules of a table read: columns of the row, and through which columns they reach rows of other tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from medferry.catalog.editions.switch import SwitchedCatalog
from medferry.catalog.model import Catalog, Table
from medferry.catalog.rules import Aggregate, rule_book_of
from medferry.checks.conditions import THERE, condition
from medferry.checks.holding import ORG_CODE
from medferry.checks.moments import fields_read
from medferry.checks.registry import checks_by_name
from medferry.checks.rules import Rule, compile_rules

RECORD_STATUS = "record_status"

GROUPED_BY: Mapping[str, str | None] = {"unique_within": "columns", "no_overlap": "by", "no_cycle": None}
"""Rule kind that compares rows of one table -> its argument that names what rows compared with each other have equal;
None: nothing but org_code, for the way from row to row may lead through any of them.
"""


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """The way from a row to rows of a table: its `own` columns hold what theirs hold."""

    table: str
    own: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleReads:
    """What one rule reads.

    own         columns of the row
    reached     columns of the rows it reaches
    grouped_by  columns that rows compared with each other have equal; empty: the rule compares no rows of its own table
    """

    rule: Rule
    own: frozenset[str]
    reached: Mapping[Reach, frozenset[str]]
    grouped_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableReads:
    """A table under one edition and its rules that a review judges."""

    table: Table
    rules: tuple[RuleReads, ...]

    @property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """Table -> columns that the rules read of it."""
        found: dict[str, set[str]] = {self.table.name: set()}
        for one in self.rules:
            found[self.table.name] |= one.own
            for reach, columns in one.reached.items():
                found.setdefault(reach.table, set()).update(columns)
        return {name: frozenset(columns) for name, columns in found.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a review judges.

    tables   (table, edition) -> what its rules read
    columns  table -> columns that any rule reads of it, org_code and key among them
    keys     table -> its key column beside org_code
    """

    tables: Mapping[tuple[str, str], TableReads]
    columns: Mapping[str, Sequence[str]]
    keys: Mapping[str, str]

    @property
    def judged(self) -> frozenset[str]:
        """Tables whose rules are judged under some edition."""
        return frozenset(name for name, _ in self.tables)


def plan_of(catalog: Catalog) -> Plan:
    """Of every edition that the project has, every table whose rules are switched on."""
    tables = {
        (name, one.table(name).edition): TableReads(
            one.table(name), tuple(_reads_of_rules(one.table(name), one))
        )
        for one in editions_of(catalog)
        for name in one.table_names
        if rule_book_of(one, name).active
    }
    keys = {name: one.table(name).key_field for one in editions_of(catalog) for name in one.table_names}
    columns: dict[str, set[str]] = {}
    for reads in tables.values():
        for name, read in reads.columns.items():
            columns.setdefault(name, {ORG_CODE, keys[name]}).update(read)
    return Plan(tables, {name: sorted(read) for name, read in columns.items()}, keys)


def editions_of(catalog: Catalog) -> tuple[Catalog, ...]:
    return (catalog.before, catalog.after) if isinstance(catalog, SwitchedCatalog) else (catalog,)


def _reads_of_rules(table: Table, catalog: Catalog) -> Iterator[RuleReads]:
    for rule in compile_rules(table, catalog)[0]:
        if rule.scope == "row":
            continue
        reached: dict[Reach, set[str]] = {}
        own = {ORG_CODE, RECORD_STATUS, table.key_field, rule.spec.field}
        own |= {name for name in fields_read([rule.verdict]) if name in table.by_name}
        for pointer, column in rule.pointers:
            key = table.by_name[pointer].key
            assert key is not None
            assert key.table is not None
            assert key.column is not None
            reach = Reach(key.table, (ORG_CODE, pointer), (ORG_CODE, key.column))
            reached.setdefault(reach, {*reach.theirs}).update({column} - {THERE})
            own.add(pointer)
        for look in rule.spec.looks.values():
            reach = _reach(look)
            reached.setdefault(reach, set()).update(_columns(look, reach))
            own |= {*reach.own, *look.own_columns}
        yield RuleReads(
            rule,
            frozenset(own & set(table.by_name)),
            {reach: frozenset(columns) for reach, columns in reached.items()},
            _grouped_by(rule),
        )


def _reach(look: Aggregate) -> Reach:
    """As `with_looks` joins: org_code always belongs to it."""
    on = look.on if ORG_CODE in look.on.values() else {ORG_CODE: ORG_CODE, **look.on}
    return Reach(look.table, tuple(on), tuple(on.values()))


def _columns(look: Aggregate, reach: Reach) -> set[str]:
    where = fields_read([condition(look.where)]) if look.where else ()
    return {RECORD_STATUS, *reach.theirs, *where, *look.their_columns}


def _grouped_by(rule: Rule) -> tuple[str, ...]:
    if not checks_by_name()[rule.spec.check].across_rows:
        return ()
    argument = GROUPED_BY[rule.spec.check]
    named = rule.spec.args[argument] if argument else ()
    assert isinstance(named, (list, tuple))
    return (ORG_CODE, *map(str, named))
