"""When a conditionally required field is required, where the standard says it in a form that can be judged."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from medferry.catalog.model import Catalog, Table
from medferry.checks.moments import fields_read
from medferry.checks.rules import compile_rules


def required_when(table: Table, catalog: Catalog) -> Mapping[str, pl.Expr]:
    """Field -> Boolean per row, once its readings are there (`with_readings`); null where it cannot be told.

    A field that is not named is not counted.

    Only conditions that read nothing but the row are given: a score is computed from rows, without their relatives.
    """
    rules, _ = compile_rules(table, catalog)
    found: dict[str, pl.Expr] = {}
    for rule in rules:
        field = table.by_name.get(rule.spec.field)
        own = rule.applies is not None and set(fields_read([rule.applies])) <= set(table.field_names)
        if field is not None and field.required == "C" and rule.spec.rule_id is None and own:
            assert rule.applies is not None
            found[field.name] = rule.applies
    return found
