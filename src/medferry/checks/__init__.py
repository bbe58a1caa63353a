"""Checks: `compile_checks` once per table, `run_checks` on every batch. One file per kind; see `registry`."""

from __future__ import annotations

from medferry.checks.findings import MEANINGS
from medferry.checks.later import run_later
from medferry.checks.registry import checks_by_name
from medferry.checks.rules import RuleSpec
from medferry.checks.run import run_checks
from medferry.checks.table_checks import TableChecks, Waivers, compile_checks

__all__ = [
    "MEANINGS",
    "RuleSpec",
    "TableChecks",
    "Waivers",
    "checks_by_name",
    "compile_checks",
    "run_checks",
    "run_later",
]
