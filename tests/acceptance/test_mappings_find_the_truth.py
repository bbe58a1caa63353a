"""The example project's queries and mappings find the way back to the truth, in every field of every row.

Goal: no difference between what the mappings make of the hospital's databases and what the generator's model says, and
the checks hold exactly the rows that were made wrong.
Method: a planted hospital with its second wave and live events; every recipe's table; SQLite, and both servers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compare_truth import compare
from hospital_servers import BOTH, server_to_myself

from medferry_sandbox.hospital.world import all_recipes


@pytest.mark.parametrize("url", [pytest.param(None, id="sqlite"), *BOTH])
def test_no_difference(url: str | None, tmp_path: Path) -> None:
    with server_to_myself(url):
        report = compare(sorted(all_recipes()), tmp_path, visits=150, live=20, url=url)
    assert report.differences == []
    assert report.rows > 1_000
