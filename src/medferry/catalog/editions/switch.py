"""Two editions side by side: each table changes over on its own day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Literal

from medferry.catalog.files import value_set_file
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Rule, Table
from medferry.catalog.rules import RuleBook
from medferry.catalog.value_set import Codings, LoadedValueSet

EVERY_TABLE = "*"


class SwitchedCatalog:
    """A catalog that answers for one day, each table from the edition in force for it.

    A value set that the two editions fill differently is two sets: the newer one's id carries `@edition`, so that a table
    of either edition meets its own codes.
    """

    def __init__(
        self, before: LoadedCatalog, after: LoadedCatalog, switch: Mapping[str, date], day: date
    ) -> None:
        """switch: table or `*` -> first day of the newer edition; a table without an entry stays with the older one."""
        self.before = before
        self.after = after
        self.switch = dict(switch)
        self.day = day
        self._tables: dict[str, Table] = {}

    def with_codings(self, codings: Codings) -> SwitchedCatalog:
        """The same two, each where these editions of its lists are valid."""
        before, after = (one.with_codings(_known_to(one, codings)) for one in (self.before, self.after))
        return SwitchedCatalog(before, after, self.switch, self.day)

    def switch_day(self, table: str) -> date | None:
        """First day of the newer edition for a table; None: never."""
        return self.switch.get(table, self.switch.get(EVERY_TABLE))

    def is_switched(self, table: str) -> bool:
        first = self.switch_day(table)
        return first is not None and self.day >= first

    def in_force(self, table: str) -> LoadedCatalog:
        """The edition that a table follows on this day."""
        return self.after if self.is_switched(table) else self.before

    def next_switch(self) -> date | None:
        """The next day on which a table changes over, for who runs across midnight."""
        return min((day for day in self.switch.values() if day > self.day), default=None)

    def knows(self, table: str, field: str | None = None) -> bool:
        """Either edition has the table, or the field of it: one mapping file serves both."""
        return any(
            table in one.table_names and (field is None or field in one.table(table).by_name)
            for one in (self.before, self.after)
        )

    @property
    def edition(self) -> str:
        return f"{self.before.edition}→{self.after.edition}"

    @cached_property
    def table_names(self) -> tuple[str, ...]:
        """The newer edition's order; tables only the older one has come last."""
        names = dict.fromkeys((*self.after.table_names, *self.before.table_names))
        return tuple(name for name in names if name in self.in_force(name).table_names)

    @cached_property
    def value_set_ids(self) -> tuple[str, ...]:
        twins = [self._twin(set_id) for set_id in self.after.value_set_ids]
        return (*self.before.value_set_ids, *(one for one in twins if one not in self.before.value_set_ids))

    def table(self, name: str) -> Table:
        if name not in self._tables:
            table = self.in_force(name).table(name)
            if self.is_switched(name):
                fields = tuple(
                    replace(
                        one,
                        value_set=self._twin(one.value_set),
                        more_sets=tuple(self._twin(set_id) for set_id in one.more_sets),
                    )
                    if one.value_set
                    else one
                    for one in table.fields
                )
                table = replace(table, fields=fields)
            self._tables[name] = table
        return self._tables[name]

    def value_set(self, set_id: str) -> LoadedValueSet:
        if set_id in self.before.value_set_ids:
            return self.before.value_set(set_id)
        return self.after.value_set(set_id.removesuffix(self._mark))

    def rules(self, name: str) -> tuple[Rule, ...]:
        return self.in_force(name).rules(name)

    def rule_book(self, name: str) -> RuleBook:
        return self.in_force(name).rule_book(name)

    def severities(self, name: str) -> Mapping[str, Literal["error", "warning"]]:
        return self.in_force(name).severities(name)

    @property
    def _mark(self) -> str:
        return f"@{self.after.edition.rpartition('+')[2]}"

    def _twin(self, set_id: str) -> str:
        """Id of a newer edition's value set: its own, or marked where the older one's of this id differs."""
        if set_id not in self.before.value_set_ids:
            return set_id
        file = value_set_file(set_id)
        old, new = self.before.value_set(set_id), self.after.value_set(set_id)
        same = self.before.files.find(file) == self.after.files.find(file) and old.entries == new.entries
        return set_id if same else set_id + self._mark


def _known_to(catalog: LoadedCatalog, codings: Codings) -> Codings:
    known = frozenset(catalog.value_set_ids)
    return {set_id: said for set_id, said in codings.items() if known.issuperset((set_id, *said))}
