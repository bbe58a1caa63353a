"""The cases of rules as small worlds of an end state: each has an organisation of its own, so none meets another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
from drawn import CATALOG, Row, rules_of
from rule_cases import ORG, Case, frames_of, read_cases

from medferry.checks.rules import Rule

_ON_ARRIVAL = frozenset({"row", "batch"})


def case_worlds() -> Iterator[Mapping[str, list[Row]]]:
    """Table -> rows, of each case that a rule about other records calls wrong, linked as each of its entries looks."""
    places = ((table, rule, case) for table in CATALOG.table_names for rule, case in _wrong_later(table))
    for number, (table, rule, case) in enumerate(places):
        frames = frames_of(case, CATALOG.table(table), rule, CATALOG)
        yield {
            name: [
                _row(row, f"CASE{number}") for row in _texts(frame) if CATALOG.table(name).key_field in row
            ]
            for name, frame in frames.items()
        }


def _wrong_later(table: str) -> Iterator[tuple[Rule, Case]]:
    cases = read_cases(CATALOG.table(table), CATALOG)
    for rule in rules_of(table):
        if rule.scope not in _ON_ARRIVAL and rule.spec.rule_id:
            yield from ((rule, case) for case in cases[rule.spec.rule_id] if case.expected == "wrong")


def _texts(frame: pl.DataFrame) -> Iterator[Row]:
    for row in frame.rows(named=True):
        yield {"org_code": ORG, **{name: text for name, text in row.items() if text}}


def _row(row: Row, org_code: str) -> Row:
    return {**row, "org_code": org_code} if row["org_code"] == ORG else row
