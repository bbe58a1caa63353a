"""Every rule of every rules.yaml judges its cases as its words say, and notices when it is made wrong.

Goal: a rule counts as expressed only with a fine and a wrong case, and only if inverting it, its check or its condition
turns a case red. Method: the cases are pages of YAML; the mutants are made from the compiled expressions.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from rule_cases import CASES, frames_of, judge_cases, read_cases

from medferry.catalog.load import load_catalog
from medferry.checks import compile_checks, run_checks
from medferry.checks.moments import fields_read, with_readings
from medferry.checks.rules import compile_rules
from medferry.records import StandardBatch

CATALOG = load_catalog("jiangxi")
TABLES = [name for name in CATALOG.table_names if CATALOG.rule_book(name).path is not None]


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_judges_its_cases(name: str) -> None:
    complaints = [
        text for judged in judge_cases(CATALOG.table(name), CATALOG) for text in judged.complaints()
    ]
    assert complaints == []


@pytest.mark.parametrize("name", TABLES)
def test_rules_compile(name: str) -> None:
    assert compile_rules(CATALOG.table(name), CATALOG)[1] == []


def test_every_page_of_cases_belongs_to_a_table_with_rules() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} <= set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_what_the_engine_is_said_to_find_it_finds(name: str) -> None:
    """An entry marked by_engine is not run: the fields' own checks must find each of its wrong cases."""
    table = CATALOG.table(name)
    bare = compile_checks(table, _NoRules(), {})
    missed = []
    for rule in compile_rules(table, CATALOG)[0]:
        if not rule.spec.by_engine:
            continue
        wrong = [
            c for c in read_cases(table, CATALOG).get(rule.spec.rule_id or "", []) if c.expected == "wrong"
        ]
        for case in wrong:
            frame = frames_of(case, table, rule, CATALOG)[name]
            if with_readings(frame, rule.readings).select(rule.verdict).to_series()[0] is not False:
                continue  # another entry of the rule finds this one
            found = run_checks(_batch(name, frame), bare).findings.filter(row=0)
            if not {rule.spec.field, *fields_read([rule.verdict])} & set(found["field"]):
                missed.append(f"{rule.spec.rule_id} {rule.spec.field}")
    assert missed == []


class _NoRules:
    """The catalog as it is without its rules."""

    edition = CATALOG.edition
    table_names = CATALOG.table_names
    table = staticmethod(CATALOG.table)
    value_set = staticmethod(CATALOG.value_set)


def _batch(name: str, frame: pl.DataFrame) -> StandardBatch:
    rows = frame.height
    return StandardBatch(
        name,
        "donghu",
        "r",
        frame,
        pl.Series("origin", range(rows), dtype=pl.UInt32),
        pl.Series([False] * rows),
    )


def test_a_table_that_is_not_active_runs_no_rules() -> None:
    table = CATALOG.table("patient")

    class Quiet(_NoRules):
        @staticmethod
        def rule_book(name: str) -> object:
            return replace(CATALOG.rule_book(name), active=False)

        severities = staticmethod(CATALOG.severities)

    assert all(rule.spec.rule_id is None for rule in compile_checks(table, Quiet(), {}).rules)
