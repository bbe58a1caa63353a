"""Goal: what a review finds in the synthetic hospital was planted there, or follows from what was.
Method: a hospital in which nothing is made wrong, late, corrected or cancelled, nor odd; every rule that reads other records
over all its rows after the second wave."""

from __future__ import annotations

from collections import Counter

import pytest
from try_rules import truth_frames

from medferry.catalog.load import load_catalog
from medferry.checks.later import run_later
from medferry_sandbox.hospital import faults, lives

RATES = ("FAULT_RATE", "CORRECTION_RATE", "CANCEL_RATE", "LATE_RATE")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 2026])
def test_a_hospital_without_faults_gives_nothing_to_find(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for rate in RATES:
        monkeypatch.setattr(faults, rate, 0.0)
    monkeypatch.setattr(lives, "LIVES_SHARE", 0.0)
    catalog = load_catalog("jiangxi")
    frames = truth_frames(catalog, visits=300, seed=seed)
    assert sum(frame.height for frame in frames.values()) > 15_000
    found = run_later(frames, catalog)
    assert Counter(found.select("table", "rule_id", "field").iter_rows()) == Counter()
