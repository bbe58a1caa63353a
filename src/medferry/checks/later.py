"""Rules that read more than a row may wait for: judged over a visit's accepted rows, or at night over all of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from medferry.catalog.model import Catalog, Table
from medferry.checks.beside import Frames, with_looks, with_pointers
from medferry.checks.holding import ORG_CODE
from medferry.checks.moments import with_readings
from medferry.checks.rules import Rule, compile_rules

LATER_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "table": pl.String,
    "org_code": pl.String,
    "key": pl.String,
    "check": pl.String,
    "code": pl.String,
    "field": pl.String,
    "severity": pl.String,
    "rule_id": pl.String,
}
"""A finding of `run_later` names a record and a field, never a value."""


def run_later(frames: Frames, catalog: Catalog, *, active_only: bool = True) -> pl.DataFrame:
    """Judges every row by the rules that read other rows: parents, directories, children, siblings, later ones.

    frames       table -> its newest accepted rows, the catalog's columns, String; a table that is absent was not
                 looked at, and what asks about it stays unjudged; one without rows has none
    active_only  leave out tables whose rules are not switched on
    returns      LATER_SCHEMA; nothing of voided rows
    """
    found = [pl.DataFrame(schema=dict(LATER_SCHEMA))]
    for name, frame in frames.items():
        if name not in catalog.table_names:
            continue
        table = catalog.table(name)
        rules, _ = compile_rules(table, catalog)
        if active_only and not _is_active(catalog, name):
            continue
        rows = frame.filter(pl.col("record_status").ne_missing("2"))
        for rule in rules:
            if rule.scope != "row" and rows.height:
                found.append(_wrong(rows, table, rule, frames))
    return pl.concat(found)


def later_verdicts(frame: pl.DataFrame, table: Table, rule: Rule, frames: Frames) -> pl.DataFrame:
    """Boolean columns `verdict` and `applies`, one row per row of the frame."""
    beside = with_pointers(frame, table, rule.pointers, frames, complete=True)
    beside = with_looks(beside, rule.spec.looks, frames)
    applies = pl.lit(value=True) if rule.applies is None else rule.applies
    beside = with_readings(beside, rule.readings)
    return beside.select(verdict=rule.verdict, applies=applies)


def _wrong(rows: pl.DataFrame, table: Table, rule: Rule, frames: Frames) -> pl.DataFrame:
    places = later_verdicts(rows, table, rule, frames)["verdict"].not_().arg_true()
    return rows.select(ORG_CODE, table.key_field)[places].select(
        pl.lit(table.name).alias("table"),
        pl.col(ORG_CODE),
        pl.col(table.key_field).alias("key"),
        pl.lit(rule.mark.check).alias("check"),
        pl.lit(rule.mark.code).alias("code"),
        pl.lit(rule.spec.field).alias("field"),
        pl.lit(rule.mark.severity.value).alias("severity"),
        pl.lit(rule.mark.rule_id, dtype=pl.String).alias("rule_id"),
    )


def _is_active(catalog: Catalog, name: str) -> bool:
    from medferry.catalog.rules import rule_book_of

    return rule_book_of(catalog, name).active
