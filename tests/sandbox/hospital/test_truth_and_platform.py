"""The truth against the sandbox platform's own validator: two independent readings of the standard must agree.

Goal: what the truth calls sound the platform takes, and what it holds the platform would refuse, for the reason given.
Method: every row of a planted world through the validator, table by table.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pytest

from medferry_sandbox.hospital.faults import plant
from medferry_sandbox.hospital.truth import standard_row
from medferry_sandbox.hospital.world import World, all_recipes
from medferry_sandbox.platform.standard import Standard
from medferry_sandbox.platform.validate import RecordValidator


@cache
def world() -> World:
    made = World(17, 300, 12, date(2026, 1, 5))
    plant(made)
    return made


@pytest.mark.parametrize("table", sorted(all_recipes()))
def test_truth_and_platform_agree(table: str) -> None:
    standard = Standard()
    validator = RecordValidator(standard.table(table), standard, frozenset())
    wrong: Counter[str] = Counter()
    records = list(world().of(table))
    assert records, "no row at all"
    for record in records:
        for version in record.versions:
            row: dict[str, object] = dict(standard_row(record, version))
            findings = validator.check(row, record.campus.org_code, suspicious=True)
            errors = {f"{one.code} {one.field}" for one in findings if one.severity == "ERROR"}
            if version.held is None:
                wrong.update(errors)
            elif version.held not in errors:
                wrong[f"held for {version.held}, the platform says {sorted(errors)}"] += 1
    assert not wrong
