"""Goal: the demo runs on the databases that hospitals have, not only on files: every name as each of them folds it.
Method: the demo's own function with a small hospital on PostgreSQL and on MariaDB; the auditor's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hospital_servers import BOTH, server_to_myself
from rich.console import Console

from medferry_sandbox.commands.demo import DemoSize, run_demo


@pytest.mark.slow
@pytest.mark.parametrize("url", BOTH)
def test_the_auditor_finds_nothing(url: str, tmp_path: Path) -> None:
    with server_to_myself(url):
        result, report = run_demo(tmp_path / "demo", DemoSize(40, 7, 2026, url), Console(quiet=True))
    assert report.clean, report.differences[:5]
    assert int(str(result["tables_accepted"])) > 40
