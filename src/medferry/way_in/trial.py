"""Rows tried on a route: mapped and checked, nothing kept. For `preview` and `test`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from medferry.checks import compile_checks, run_checks
from medferry.config.model import Project, Route
from medferry.mapping import apply_mapping, ready_mask
from medferry.records import CheckedBatch
from medferry.way_in.ancestors import Ancestors, KnownParents


@dataclass(frozen=True, slots=True)
class Trial:
    """What source rows would become; `not_ready` rows would stay behind."""

    rows: int
    not_ready: int
    tables: Mapping[str, CheckedBatch]

    @property
    def lookup_misses(self) -> int:
        return sum(int(one.batch.lookup_miss.sum()) for one in self.tables.values())


def try_rows(
    project: Project,
    route: Route,
    raw: pl.DataFrame,
    lookup_tables: Mapping[str, pl.DataFrame],
    known: KnownParents | None = None,
) -> Trial:
    """Maps and checks source rows as `run` would.

    raw     columns as the source gives them
    lookup_tables  the route's, by name
    known   parents beside those that come with the rows; what rules ask of others is unknown
    raises  MappingError: a column or look-up table is missing
    """
    ready = ready_mask(raw, route)
    batches = apply_mapping(raw.filter(ready), project.compiled(route), lookup_tables)
    catalog = project.catalog_of(route.campus.id)
    tables = {one.table: catalog.table(one.table) for one in batches}
    checks = {
        name: compile_checks(table, catalog, project.waived, overrides=project.overrides)
        for name, table in tables.items()
    }
    ancestors = Ancestors(known, tables, checks)
    checked: dict[str, CheckedBatch] = {}
    for at in ancestors.parents_first(batches):
        batch = batches[at]
        checked[batch.table] = run_checks(batch, checks[batch.table], ancestors=ancestors.of(batch))
        ancestors.add(checked[batch.table])
    in_order = {one.table: checked[one.table] for one in batches}
    return Trial(raw.height, raw.height - int(ready.sum()), in_order)
