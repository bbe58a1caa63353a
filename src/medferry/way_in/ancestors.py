"""Parents at hand: what rules read of a row's parents, from the ledger and from the family that the row came with.

A row is judged by the newest sound version of its parent: the ledger's, or one that came in the same family. A parent
that is nowhere sound yet is unknown, never wrong. When a parent changes later, no row is judged again for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from medferry.canonical import key_hashes
from medferry.catalog.model import Table
from medferry.checks.holding import CHANGED_AT, ORG_CODE
from medferry.checks.table_checks import TableChecks
from medferry.records import CheckedBatch, StandardBatch

_KEY = "key"


class KnownParents(Protocol):
    """Where parents are looked up: the ledger, open for writing or for reading; rows that somebody gave."""

    def parents(self, table: str, key_hashes: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
        """See WayInLedger.parents."""
        ...


class Ancestors:
    """Of one family. Its tables are judged parents first.

    known  None: nothing but the family
    """

    def __init__(
        self,
        known: KnownParents | None,
        tables: Mapping[str, Table],
        checks: Mapping[str, TableChecks],
    ) -> None:
        self._known = known
        self._tables = tables
        self._wanted = {name: one.ancestor_columns for name, one in checks.items()}
        self._read: dict[str, set[str]] = {}
        for parent, columns in (pair for wanted in self._wanted.values() for pair in wanted.items()):
            self._read.setdefault(parent, {CHANGED_AT}).update(columns)
        self._came: dict[str, list[pl.DataFrame]] = {}

    def parents_first(self, batches: Sequence[StandardBatch]) -> list[int]:
        """Positions of the batches in the order in which they are to be judged."""
        return sorted(range(len(batches)), key=lambda at: self._tables[batches[at].table].tier)

    def of(self, batch: StandardBatch) -> Mapping[str, pl.DataFrame]:
        """Table -> rows of parents that the batch names, with the columns that its rules read of them."""
        found: dict[str, pl.DataFrame] = {}
        for parent, columns in self._wanted[batch.table].items():
            named = self._named(batch, parent)
            if named.height:
                rows = self._newest(parent, named, sorted({*columns, CHANGED_AT}))
                if rows.height:
                    found[parent] = rows
        return found

    def add(self, checked: CheckedBatch) -> None:
        """Sound rows are parents of the family's tables that are judged after them."""
        table = checked.batch.table
        if table in self._read:
            rows = checked.batch.frame.select(pl.col(sorted(self._read[table])).cast(pl.String))
            self._came.setdefault(table, []).append(rows.filter(checked.sound))

    def _named(self, batch: StandardBatch, parent: str) -> pl.DataFrame:
        """The parents that the batch points to: org_code and key, each once."""
        pointers = [f.name for f in self._tables[batch.table].parents if f.key and f.key.table == parent]
        named = [
            batch.frame.select(pl.col(ORG_CODE, name).cast(pl.String)).rename({name: _KEY})
            for name in pointers
        ]
        return pl.concat(named).drop_nulls().unique()

    def _newest(self, parent: str, named: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """By source time; of equal ones what came now, as the ledger will see it."""
        hashes = key_hashes(parent, named[ORG_CODE].to_list(), named[_KEY].to_list())
        none = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        kept = self._known.parents(parent, hashes, columns) if self._known else none
        came = self._came.get(parent)
        if not came:
            return kept
        key = [ORG_CODE, self._tables[parent].key_field]
        now = [
            frame.select(columns).join(named, left_on=key, right_on=[ORG_CODE, _KEY], how="semi")
            for frame in came
        ]
        rows = pl.concat([kept, *now]).sort(CHANGED_AT, maintain_order=True)
        return rows.unique(key, keep="last", maintain_order=True)
